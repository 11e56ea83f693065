"""Model registries of other packages, in MLflow's flat shape, behind this project's interfaces."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from mlflow.contract.caller import Caller
from mlflow.contract.model_aliases import ModelAliases
from mlflow.contract.model_versions import ModelVersions, VersionRun
from mlflow.contract.pages import Page
from mlflow.contract.registered_model_table import RegisteredModelTable
from mlflow.contract.registered_models import RegisteredModels
from mlflow.contract.searched_models import searched_table
from mlflow.entities.model_registry import ModelVersion, ModelVersionTag, RegisteredModel, RegisteredModelTag

__all__ = ["adapt_registry", "build"]


def build(builder: Callable[..., Any], store_uri: str, tracking_uri: str) -> Any:
    """The flat registry that a plugin's class or factory makes; not all of them take the tracking store's address."""
    parameters = inspect.signature(builder).parameters
    takes_tracking = "tracking_uri" in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    return builder(store_uri=store_uri, tracking_uri=tracking_uri) if takes_tracking else builder(store_uri=store_uri)


def adapt_registry(store: Any) -> dict[str, Any]:
    """The parts of a store that call a flat registry, such as a subclass of its `AbstractStore`."""
    return {
        "registered_models": _RegisteredModels(store),
        "model_versions": _ModelVersions(store),
        "model_aliases": _ModelAliases(store),
    }


class _Adapted:
    def __init__(self, store: Any) -> None:
        self._store = store


class _RegisteredModels(_Adapted, RegisteredModels):
    def create_registered_model(
        self,
        caller: Caller,
        name: str,
        tags: Sequence[RegisteredModelTag] = (),
        description: str | None = None,
        deployment_job_id: str | None = None,
    ) -> RegisteredModel:
        job = {} if deployment_job_id is None else {"deployment_job_id": deployment_job_id}
        model: RegisteredModel = self._store.create_registered_model(name, list(tags), description, **job)
        return model

    def get_registered_model(self, caller: Caller, name: str) -> RegisteredModel:
        model: RegisteredModel = self._store.get_registered_model(name)
        return model

    def rename_registered_model(self, caller: Caller, name: str, new_name: str) -> RegisteredModel:
        model: RegisteredModel = self._store.rename_registered_model(name, new_name)
        return model

    def update_registered_model(
        self, caller: Caller, name: str, description: str | None = None, deployment_job_id: str | None = None
    ) -> RegisteredModel:
        job = {} if deployment_job_id is None else {"deployment_job_id": deployment_job_id}
        model: RegisteredModel = self._store.update_registered_model(name, description, **job)
        return model

    def delete_registered_model(self, caller: Caller, name: str) -> None:
        self._store.delete_registered_model(name)

    def search_registered_models(
        self,
        caller: Caller,
        filter: str = "",
        max_results: int = 100,
        order_by: Sequence[str] = (),
        page_token: str = "",
    ) -> Page[RegisteredModel]:
        return _page(
            self._store.search_registered_models(
                filter or None, max_results, list(order_by) or None, page_token or None
            )
        )

    def query_registered_models(
        self,
        caller: Caller,
        filter: str = "",
        order_by: Sequence[str] = (),
        offset: int = 0,
        limit: int = 100,
        metric: str = "",
    ) -> RegisteredModelTable:
        return searched_table(self, caller, filter, order_by, offset, limit)

    def get_latest_versions(self, caller: Caller, name: str, stages: Sequence[str] = ()) -> list[ModelVersion]:
        return list(self._store.get_latest_versions(name, list(stages) or None))

    def set_registered_model_tag(self, caller: Caller, name: str, key: str, value: str = "") -> None:
        self._store.set_registered_model_tag(name, RegisteredModelTag(key, value))

    def delete_registered_model_tag(self, caller: Caller, name: str, key: str) -> None:
        self._store.delete_registered_model_tag(name, key)


class _ModelVersions(_Adapted, ModelVersions):
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
        of_model = {} if model_id is None else {"model_id": model_id}
        version: ModelVersion = self._store.create_model_version(
            name, source, run_id, list(tags), run_link, description, **of_model
        )
        return version

    def get_model_version(self, caller: Caller, name: str, version: str) -> ModelVersion:
        found: ModelVersion = self._store.get_model_version(name, version)
        return found

    def update_model_version(
        self, caller: Caller, name: str, version: str, description: str | None = None
    ) -> ModelVersion:
        updated: ModelVersion = self._store.update_model_version(name, version, description)
        return updated

    def delete_model_version(self, caller: Caller, name: str, version: str) -> None:
        self._store.delete_model_version(name, version)

    def search_model_versions(
        self,
        caller: Caller,
        filter: str = "",
        max_results: int = 200_000,
        order_by: Sequence[str] = (),
        page_token: str = "",
    ) -> Page[ModelVersion]:
        return _page(
            self._store.search_model_versions(filter or None, max_results, list(order_by) or None, page_token or None)
        )

    def get_model_version_download_uri(self, caller: Caller, name: str, version: str) -> str:
        return str(self._store.get_model_version_download_uri(name, version))

    def set_model_version_tag(self, caller: Caller, name: str, version: str, key: str, value: str = "") -> None:
        self._store.set_model_version_tag(name, version, ModelVersionTag(key, value))

    def delete_model_version_tag(self, caller: Caller, name: str, version: str, key: str) -> None:
        self._store.delete_model_version_tag(name, version, key)

    def transition_model_version_stage(
        self, caller: Caller, name: str, version: str, stage: str, archive_existing_versions: bool = False
    ) -> ModelVersion:
        moved: ModelVersion = self._store.transition_model_version_stage(
            name, version, stage, archive_existing_versions
        )
        return moved

    def find_version_runs(self, caller: Caller, names: Sequence[str]) -> list[VersionRun]:
        pages = (self._store.search_model_versions(f"name={_quoted(name)}", 30, None, None) for name in sorted(names))
        found = [version for page in pages for version in sorted(page, key=lambda version: int(version.version))]
        return [VersionRun(one.name, str(one.version), one.run_id) for one in found if one.run_id]


class _ModelAliases(_Adapted, ModelAliases):
    def set_registered_model_alias(self, caller: Caller, name: str, alias: str, version: str) -> None:
        self._store.set_registered_model_alias(name, alias, version)

    def delete_registered_model_alias(self, caller: Caller, name: str, alias: str) -> None:
        self._store.delete_registered_model_alias(name, alias)

    def get_model_version_by_alias(self, caller: Caller, name: str, alias: str) -> ModelVersion:
        version: ModelVersion = self._store.get_model_version_by_alias(name, alias)
        return version


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _page(items: Any) -> Page[Any]:
    return items if isinstance(items, Page) else Page(items, getattr(items, "token", None))
