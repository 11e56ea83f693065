"""Which sources a server's client may register as a version.

Clients choose the source, and servers and other clients read it later, so every path must lie inside a store that the
named run or logged model has: nothing on the server's disk outside of it, no host that the client chose, no text that
two readers could take for two places. Object stores are reached with each client's own credentials and are taken as
they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mlflow.artifacts.locations import HOST_ADDRESSED, is_below
from mlflow.artifacts.paths import ArtifactPath, Location, decodings
from mlflow.artifacts.uris import parse_model_uri, parse_run_uri
from mlflow.contract.caller import Caller
from mlflow.contract.store import TrackingStore
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
from mlflow.environment_variables import MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES
from mlflow.exceptions import InvalidParameterValue

__all__ = ["PROXIED", "CheckedModelVersions", "in_proxy", "root_of_model", "same_proxy"]

PROXIED = frozenset({"mlflow-artifacts", "http", "https"})
_PROXY_PATH = ("api", "2.0", "mlflow-artifacts", "artifacts")
_SPECIAL = re.compile(r"[#?;\x00]")
_SEPARATORS = re.compile(r"[/\\]")


class CheckedModelVersions:
    """The versions of a registry, whose sources are checked before one is created.

    Args:
        store: the registry, and where the artifact roots of runs and logged models are looked up.
    """

    def __init__(self, store: TrackingStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._store.model_versions, name)
        return method

    def create_model_version(
        self,
        caller: Caller,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: Sequence[ModelVersionTag] = (),
        run_link: str | None = None,
        description: str | None = None,
        model_id: str | None = None,
    ) -> ModelVersion:
        """See the contract."""
        self._check(caller, source, run_id or "", model_id or "")
        return self._store.model_versions.create_model_version(
            caller, name, source, run_id, list(tags), run_link, description, model_id
        )

    def _check(self, caller: Caller, source: str, run_id: str, model_id: str) -> None:
        _refuse_smuggling(source)
        scheme = source.partition(":")[0].lower()
        if scheme == "runs":
            if parse_run_uri(source).run_id != run_id:
                raise _invalid(source, f"is of another run than run_id '{run_id}'", "give the same run in both")
        elif scheme == "models":
            named = parse_model_uri(source, with_path=False).model_id
            if named and named != model_id:
                raise _invalid(source, f"is another model than model_id '{model_id}'", "give the same model in both")
            if named:
                root_of_model(self._store, caller, named)
        else:
            self._check_location(caller, source, run_id, model_id)

    def _check_location(self, caller: Caller, source: str, run_id: str, model_id: str) -> None:
        location = Location.parse(source)
        proxied = in_proxy(location)
        if location.scheme != "file" and proxied is None:
            _refuse_host(source, location)
            if not location.path.parts:
                raise _invalid(source, "names a whole store", "name the folder of the model")
            return
        root = Location.parse(self._root(caller, source, run_id, model_id))
        inside = _same_folder(location, root) if proxied is None else same_proxy(proxied, root)
        if not inside:
            owner = f"logged model '{model_id}'" if model_id else f"run '{run_id}'"
            raise _invalid(
                source,
                f"is outside the artifacts of {owner}",
                "register what that run or model logged, or upload the model to an object store",
            )

    def _root(self, caller: Caller, source: str, run_id: str, model_id: str) -> str:
        """The artifact root that the source must be inside of."""
        if model_id:
            return root_of_model(self._store, caller, model_id)
        if not run_id:
            raise _invalid(
                source,
                "is on the server, and no run_id says whose it is",
                "To use a local path as a model version source, give the run_id or model_id whose artifacts hold it",
            )
        return self._store.runs.get_run(caller, run_id).info.artifact_uri or ""


def root_of_model(store: TrackingStore, caller: Caller, model_id: str) -> str:
    """The artifact root of a logged model.

    Raises:
        ResourceDoesNotExist: the store has none of that id.
    """
    return store.logged_models.get_logged_model(caller, model_id).artifact_location


def in_proxy(location: Location) -> ArtifactPath | None:
    """Where in the files that servers keep for clients a location is; None when it is elsewhere."""
    if location.scheme == "mlflow-artifacts":
        return None if location.host else location.path
    parts, depth = location.path.parts, len(_PROXY_PATH)
    if location.scheme in PROXIED and parts[:depth] == _PROXY_PATH:
        return ArtifactPath(parts[depth:])
    return None


def _refuse_smuggling(source: str) -> None:
    forms = decodings(source)
    if any(".." in _SEPARATORS.split(form) for form in forms):
        raise _invalid(source, "leads to a parent folder", "remove '..'")
    if any(map(_SPECIAL.search, forms)):
        raise _invalid(source, "holds '#', '?', ';' or a NUL character", "give a plain path or URI")
    if "\\" in source:
        raise _invalid(source, "holds a backslash", "write '/' between folders")


def _refuse_host(source: str, location: Location) -> None:
    allowed = MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES.get()
    host_addressed = location.scheme in HOST_ADDRESSED or location.scheme == "mlflow-artifacts"
    if host_addressed and location.scheme not in allowed:
        raise _invalid(
            source,
            f"is of the scheme '{location.scheme}', so that others would connect to the host named in it",
            "set MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES on the server to allow it",
        )


def _same_folder(location: Location, root: Location) -> bool:
    """Whether a local folder is inside a local root, behind links too."""
    if root.scheme != "file":
        return False
    real, within = _real(location), _real(root)
    return is_below(location, root) and is_below(real, within)


def _real(location: Location) -> Location:
    return Location.local(Path(location.folder).resolve())


def same_proxy(path: ArtifactPath, root: Location) -> bool:
    """Whether a path in the files that servers keep is inside an artifact root there."""
    within = in_proxy(root)
    return within is not None and bool(within.parts) and path.parts[: len(within.parts)] == within.parts


def _invalid(source: str, what: str, remedy: str) -> InvalidParameterValue:
    shown = source if len(source) <= 200 else f"{source[:200]}…"
    return InvalidParameterValue(f"Invalid model version source: '{shown}' {what}. {remedy[0].upper()}{remedy[1:]}.")
