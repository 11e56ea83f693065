"""A model registry in another store than the runs, served as one with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from mlflow.contract.caller import Caller
from mlflow.contract.logged_models import LoggedModels
from mlflow.contract.metrics import Metrics
from mlflow.contract.model_versions import ModelVersions
from mlflow.contract.registered_model_table import RegisteredModelTable
from mlflow.contract.registered_models import RegisteredModels
from mlflow.contract.searched_models import searched_table, with_trends
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
from mlflow.exceptions import EndpointNotFound, NotImplementedByStore, ResourceDoesNotExist

__all__ = ["SeparateModelVersions", "SeparateRegisteredModels"]

_VERSIONS_TAG = "mlflow.modelVersions"


class SeparateRegisteredModels:
    """The models of a registry, beside what runs measured that are kept elsewhere.

    Args:
        models: the registry's.
        versions: the registry's.
        metrics: those of the runs' store.
    """

    def __init__(self, models: RegisteredModels, versions: ModelVersions, metrics: Metrics) -> None:
        self._models, self._versions, self._metrics = models, versions, metrics

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._models, name)
        return method

    def query_registered_models(
        self,
        caller: Caller,
        filter: str = "",
        order_by: Sequence[str] = (),
        offset: int = 0,
        limit: int = 100,
        metric: str = "",
    ) -> RegisteredModelTable:
        """See the contract."""
        try:
            table = self._models.query_registered_models(caller, filter, list(order_by), offset, limit)
        except EndpointNotFound:  # a server of MLflow's own
            table = searched_table(self._models, caller, filter, order_by, offset, limit)
        try:
            return with_trends(table, caller, self._versions, self._metrics, metric)
        except (EndpointNotFound, NotImplementedByStore):  # one of the two cannot tell; the list needs no trends
            return table


class SeparateModelVersions:
    """The versions of a registry, each of them noted with the logged model it is made of, which is kept elsewhere.

    Args:
        versions: the registry's.
        logged_models: those of the runs' store.
    """

    def __init__(self, versions: ModelVersions, logged_models: LoggedModels) -> None:
        self._versions, self._logged_models = versions, logged_models

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._versions, name)
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
        version = self._versions.create_model_version(
            caller, name, source, run_id, list(tags), run_link, description, model_id
        )
        if version.model_id:
            self._note(caller, version.model_id, version)
        return version

    def _note(self, caller: Caller, model_id: str, version: ModelVersion) -> None:
        try:
            model = self._logged_models.get_logged_model(caller, model_id)
        except ResourceDoesNotExist:
            return
        made = {"name": version.name, "version": int(version.version)}
        known = [*json.loads(model.tags.get(_VERSIONS_TAG, "[]")), made]
        self._logged_models.set_logged_model_tags(
            caller, model.model_id, [LoggedModelTag(_VERSIONS_TAG, json.dumps(known))]
        )
