"""Whether a caller may use a route: one decision for every transport."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import msgspec

from mlflow.artifacts.paths import ArtifactPath
from mlflow.contract.caller import EVERYONE, Caller, Permission
from mlflow.contract.route import Route
from mlflow.contract.store import TrackingStore
from mlflow.exceptions import PermissionDenied

__all__ = ["Authorizer"]

_CACHED = 100_000  # a run or model never moves to another experiment, so what is known of it stays true


class Authorizer:
    """Decides by the route's access rule, with runs, logged models and files inheriting from their experiment.

    Args:
        store: where runs are looked up.
        path_of_upload: the artifact path of a multipart upload under way, by its id.
    """

    def __init__(self, store: TrackingStore, path_of_upload: Callable[[str], str]) -> None:
        self._store = store
        self._path_of_upload = path_of_upload
        self._experiment_of_run = lru_cache(_CACHED)(self._look_up_run)
        self._experiment_of_model = lru_cache(_CACHED)(self._look_up_model)

    def check(self, caller: Caller, route: Route, arguments: msgspec.Struct) -> None:
        """Raise unless the caller may use the route with these arguments.

        Raises:
            PermissionDenied: the caller lacks the level that the rule demands.
        """
        rule = route.access
        if rule.filtered or rule.level is Permission.NONE:
            return
        named = str(getattr(arguments, rule.argument)) if rule.argument else ""
        kind, name = self._resource(rule.kind, named)
        if not caller.may(rule.level, kind, name):
            what = f"{kind} '{name}'" if name else kind
            raise PermissionDenied(
                f"{route.name} needs {rule.level.name} on {what}, which '{caller.user or 'anonymous'}' does not have. "
                f"Ask whoever manages it."
            )

    def _resource(self, kind: str, name: str) -> tuple[str, str]:
        """What the grant must be on."""
        if kind == "run":
            return "experiment", self._experiment_of_run(name)
        if kind == "logged_model":
            return "experiment", self._experiment_of_model(name)
        if kind == "upload":
            return self._resource("artifact_path", self._path_of_upload(name))
        if kind == "artifact_path":
            parts = ArtifactPath.parse(name).parts  # as the store reads it: './7//x' is in experiment 7
            return "experiment", parts[0] if parts else ""
        return kind, name

    def _look_up_run(self, run_id: str) -> str:
        return self._store.runs.get_run(EVERYONE, run_id).info.experiment_id

    def _look_up_model(self, model_id: str) -> str:
        return self._store.logged_models.get_logged_model(EVERYONE, model_id, allow_deleted=True).experiment_id
