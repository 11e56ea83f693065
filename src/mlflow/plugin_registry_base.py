"""The class that model registries written for MLflow subclass; an older path in `_aliases` leads here."""

from __future__ import annotations

from abc import ABC, abstractmethod

from mlflow.contract.pages import Page
from mlflow.entities.model_registry import ModelVersion, ModelVersionTag, RegisteredModel, RegisteredModelTag
from mlflow.exceptions import NotImplementedByStore

__all__ = ["AbstractRegistry"]


class AbstractRegistry(ABC):
    """A registry of a plugin (entry-point group `mlflow.model_registry_store`); `plugin_registry` calls it."""

    def __init__(self, store_uri: str | None = None, tracking_uri: str | None = None) -> None:
        self.store_uri = store_uri
        self.tracking_uri = tracking_uri

    @abstractmethod
    def create_registered_model(
        self,
        name: str,
        tags: list[RegisteredModelTag] | None = None,
        description: str | None = None,
        deployment_job_id: str | None = None,
    ) -> RegisteredModel:
        """Create a registered model."""

    @abstractmethod
    def update_registered_model(
        self, name: str, description: str | None, deployment_job_id: str | None = None
    ) -> RegisteredModel:
        """Overwrite its description."""

    @abstractmethod
    def rename_registered_model(self, name: str, new_name: str) -> RegisteredModel:
        """Give it another name."""

    @abstractmethod
    def delete_registered_model(self, name: str) -> None:
        """Remove it with its versions."""

    @abstractmethod
    def search_registered_models(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Page[RegisteredModel]:
        """A page of registered models."""

    @abstractmethod
    def get_registered_model(self, name: str) -> RegisteredModel:
        """One registered model."""

    @abstractmethod
    def get_latest_versions(self, name: str, stages: list[str] | None = None) -> list[ModelVersion]:
        """The newest version of each stage."""

    @abstractmethod
    def set_registered_model_tag(self, name: str, tag: RegisteredModelTag) -> None:
        """Set or overwrite a tag."""

    @abstractmethod
    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Remove a tag."""

    @abstractmethod
    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: list[ModelVersionTag] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        local_model_path: str | None = None,
        model_id: str | None = None,
    ) -> ModelVersion:
        """Register the next version."""

    @abstractmethod
    def update_model_version(self, name: str, version: str, description: str | None) -> ModelVersion:
        """Overwrite a version's description."""

    @abstractmethod
    def transition_model_version_stage(
        self, name: str, version: str, stage: str, archive_existing_versions: bool
    ) -> ModelVersion:
        """Move a version to a stage."""

    @abstractmethod
    def delete_model_version(self, name: str, version: str) -> None:
        """Remove a version."""

    @abstractmethod
    def get_model_version(self, name: str, version: str) -> ModelVersion:
        """One version."""

    @abstractmethod
    def get_model_version_download_uri(self, name: str, version: str) -> str:
        """Where a version's files are."""

    @abstractmethod
    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Page[ModelVersion]:
        """A page of versions."""

    @abstractmethod
    def set_model_version_tag(self, name: str, version: str, tag: ModelVersionTag) -> None:
        """Set or overwrite a version's tag."""

    @abstractmethod
    def delete_model_version_tag(self, name: str, version: str, key: str) -> None:
        """Remove a version's tag."""

    @abstractmethod
    def set_registered_model_alias(self, name: str, alias: str, version: str) -> None:
        """Point an alias to a version."""

    @abstractmethod
    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Remove an alias."""

    @abstractmethod
    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        """The version that an alias points to."""

    def copy_model_version(self, src_mv: ModelVersion, dst_name: str) -> ModelVersion:
        """Register a version again under another name; calls a registry's own way where it has one."""
        raise NotImplementedByStore(
            f"{type(self).__name__} copies no versions by itself. Call MlflowClient.copy_model_version."
        )
