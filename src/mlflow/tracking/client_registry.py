"""The client's calls about registered models and their versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from mlflow.contract.caller import EVERYONE
from mlflow.contract.pages import Page
from mlflow.contract.registry_history import Evidence, RegistryEvent
from mlflow.contract.store import TrackingStore
from mlflow.entities.model_registry import ModelVersion, ModelVersionTag, RegisteredModel, RegisteredModelTag
from mlflow.entities.model_registry.model_version_stages import ALL_STAGES
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.registration import await_ready

__all__ = ["RegistryCalls"]

DEFAULT_AWAIT = 300
"""Seconds that creating a version waits for it to be ready."""


class RegistryCalls:
    """Registers models and versions, and says which version is which."""

    _uri: str
    _registry_uri: str

    @property
    def _registry(self) -> TrackingStore:
        return tracking_backend(self._registry_uri).store

    # Registered models

    def create_registered_model(
        self,
        name: str,
        tags: Mapping[str, Any] | None = None,
        description: str | None = None,
        deployment_job_id: str | None = None,
    ) -> RegisteredModel:
        """Create a registered model without versions.

        Args:
            name: unique in the registry, without '/' and ':'.
            tags: labels; values are turned into text.
            description: what it is.
            deployment_job_id: kept for registries that have deployment jobs.

        Raises:
            ResourceAlreadyExists: the name is taken.
        """
        sent = [RegisteredModelTag(key, str(value)) for key, value in (tags or {}).items()]
        return self._registry.registered_models.create_registered_model(
            EVERYONE, name, sent, description, deployment_job_id
        )

    def get_registered_model(self, name: str) -> RegisteredModel:
        """Return a registered model with tags, aliases and the newest version of each stage."""
        return self._registry.registered_models.get_registered_model(EVERYONE, name)

    def rename_registered_model(self, name: str, new_name: str) -> RegisteredModel:
        """Give a registered model another name; versions, tags, aliases and history follow."""
        if not new_name.strip():
            raise InvalidParameterValue("The name must not be an empty string. Give the model a visible name.")
        return self._registry.registered_models.rename_registered_model(EVERYONE, name, new_name)

    def update_registered_model(
        self, name: str, description: str | None = None, deployment_job_id: str | None = None
    ) -> RegisteredModel:
        """Overwrite the description of a registered model; None removes it."""
        return self._registry.registered_models.update_registered_model(EVERYONE, name, description, deployment_job_id)

    def delete_registered_model(self, name: str) -> None:
        """Remove a registered model with its versions; their files stay."""
        self._registry.registered_models.delete_registered_model(EVERYONE, name)

    def search_registered_models(
        self,
        filter_string: str | None = None,
        max_results: int = 100,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Page[RegisteredModel]:
        """Return a page of registered models, by name unless `order_by` says otherwise."""
        return self._registry.registered_models.search_registered_models(
            EVERYONE, filter_string or "", max_results, order_by or [], _text(page_token)
        )

    def get_latest_versions(self, name: str, stages: list[str] | None = None) -> list[ModelVersion]:
        """Return the newest version of each stage, or of the given ones."""
        return self._registry.registered_models.get_latest_versions(EVERYONE, name, stages or [])

    def set_registered_model_tag(self, name: str, key: str, value: Any) -> None:
        """Set or overwrite a tag of a registered model."""
        self._registry.registered_models.set_registered_model_tag(EVERYONE, name, key, str(value))

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Remove a tag of a registered model; one that is not there is fine."""
        self._registry.registered_models.delete_registered_model_tag(EVERYONE, name, key)

    # Aliases

    def set_registered_model_alias(self, name: str, alias: str, version: str | int) -> None:
        """Point an alias to a version, also one that points elsewhere already.

        Raises:
            PromotionRefused: a check of the registry is against it.
        """
        self._registry.model_aliases.set_registered_model_alias(EVERYONE, name, alias, str(version))

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Remove an alias; one that is not there is fine."""
        self._registry.model_aliases.delete_registered_model_alias(EVERYONE, name, alias)

    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        """Return the version that an alias points to; `latest` is the newest."""
        return self._registry.model_aliases.get_model_version_by_alias(EVERYONE, name, alias)

    # Versions

    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: Mapping[str, Any] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        await_creation_for: int | None = DEFAULT_AWAIT,
        model_id: str | None = None,
    ) -> ModelVersion:
        """Register files as the next version of a model.

        Args:
            name: the registered model, which must exist; `mlflow.register_model` creates it where it does not.
            source: the URI of the model's folder.
            run_id: the run that made it.
            tags: labels; values are turned into text.
            run_link: an address that shows the run, where it is tracked elsewhere.
            description: what it is.
            await_creation_for: seconds to wait until the version is ready; None or 0 for not at all.
            model_id: the logged model that it is.
        """
        sent = [ModelVersionTag(key, str(value)) for key, value in (tags or {}).items()]
        version = self._registry.model_versions.create_model_version(
            EVERYONE, name, source, run_id, sent, run_link, description, model_id
        )
        return await_ready(self._registry, version, await_creation_for or 0)

    def get_model_version(self, name: str, version: str | int) -> ModelVersion:
        """Return a version."""
        return self._registry.model_versions.get_model_version(EVERYONE, name, str(version))

    def update_model_version(self, name: str, version: str | int, description: str | None = None) -> ModelVersion:
        """Overwrite the description of a version."""
        if description is None:
            raise InvalidParameterValue(
                "Attempting to update model version with no new field values. Give a description; '' empties it."
            )
        return self._registry.model_versions.update_model_version(EVERYONE, name, str(version), description)

    def delete_model_version(self, name: str, version: str | int) -> None:
        """Remove a version with its tags and the aliases that point to it; its files stay."""
        self._registry.model_versions.delete_model_version(EVERYONE, name, str(version))

    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int = 10_000,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Page[ModelVersion]:
        """Return a page of versions without aliases, the latest changed first unless `order_by` says otherwise."""
        return self._registry.model_versions.search_model_versions(
            EVERYONE, filter_string or "", max_results, order_by or [], _text(page_token)
        )

    def get_model_version_download_uri(self, name: str, version: str | int) -> str:
        """Return where a version's files are."""
        return self._registry.model_versions.get_model_version_download_uri(EVERYONE, name, str(version))

    def get_model_version_stages(self, name: str, version: str | int) -> list[str]:
        """Return the stages a version can be in."""
        return list(ALL_STAGES)

    def set_model_version_tag(
        self,
        name: str,
        version: str | int | None = None,
        key: str | None = None,
        value: Any = None,
        stage: str | None = None,
    ) -> None:
        """Set or overwrite a tag of a version, or of the newest one in a stage."""
        number = self._one_of(name, version, stage)
        self._registry.model_versions.set_model_version_tag(EVERYONE, name, number, _key(key), str(value))

    def delete_model_version_tag(
        self, name: str, version: str | int | None = None, key: str | None = None, stage: str | None = None
    ) -> None:
        """Remove a tag of a version, or of the newest one in a stage; one that is not there is fine."""
        number = self._one_of(name, version, stage)
        self._registry.model_versions.delete_model_version_tag(EVERYONE, name, number, _key(key))

    def transition_model_version_stage(
        self, name: str, version: str | int, stage: str, archive_existing_versions: bool = False
    ) -> ModelVersion:
        """Move a version to a stage: None, Staging, Production or Archived.

        Args:
            name: the registered model.
            version: its version.
            stage: in any case.
            archive_existing_versions: whether the others in Staging or Production are archived.

        Raises:
            PromotionRefused: a check of the registry is against it.
        """
        return self._registry.model_versions.transition_model_version_stage(
            EVERYONE, name, str(version), stage, archive_existing_versions
        )

    def copy_model_version(self, src_model_uri: str, dst_name: str, registry_uri: str | None = None) -> ModelVersion:
        """Register a version again under another name, or in another registry.

        Within one registry both share their files. Into another registry the files are copied too, into a run there
        that tells where they came from.

        Args:
            src_model_uri: `models:/name/version`, `/stage` or `@alias`.
            dst_name: the model that gets the new version; created where it does not exist.
            registry_uri: the other registry, such as a production server; this one when omitted.
        """
        from mlflow.tracking.model_copies import copy_version

        return copy_version(self._uri, self._registry_uri, src_model_uri, dst_name, registry_uri)

    # History, which MLflow's registries do not have

    def get_registry_history(
        self,
        name: str,
        version: str | int | None = None,
        max_results: int = 100,
        page_token: str | None = None,
    ) -> Page[RegistryEvent]:
        """Return what happened to a model, or to one of its versions, the latest first: who, when, and what was there.

        Also of a model that was deleted.
        """
        about = "" if version is None else str(version)
        return self._registry.registry_history.get_registry_history(
            EVERYONE, name, about, max_results, _text(page_token)
        )

    def get_registered_model_as_of(self, name: str, time: int | dt.datetime) -> RegisteredModel:
        """Return a model as it was at a time: in UTC milliseconds, or as a datetime, without a zone in local time."""
        return self._registry.registry_history.get_registered_model_as_of(EVERYONE, name, _milliseconds(time))

    def get_model_versions_as_of(self, name: str, time: int | dt.datetime) -> list[ModelVersion]:
        """Return all versions a model had at a time, with the stages, tags and aliases of then."""
        return self._registry.registry_history.get_model_versions_as_of(EVERYONE, name, _milliseconds(time))

    def add_registry_evidence(
        self,
        name: str,
        version: str | int,
        check: str,
        details: Mapping[str, Any] | None = None,
        passed: bool = True,
        reason: str = "",
        evidence_id: str = "",
    ) -> RegistryEvent:
        """Attach evidence to a version's history, such as the figures of a comparison or who approved it.

        With an `evidence_id`, what was attached under it before is answered, and nothing is attached twice.
        """
        evidence = Evidence(check, passed, reason, dict(details or {}), evidence_id)
        return self._registry.registry_history.add_registry_evidence(EVERYONE, name, str(version), [evidence])

    def _one_of(self, name: str, version: str | int | None, stage: str | None) -> str:
        """The version meant by a number or by a stage."""
        if version is not None and stage is not None:
            raise InvalidParameterValue("version and stage cannot be set together; give one of them.")
        if version is not None:
            return str(version)
        if stage is None:
            raise InvalidParameterValue("version or stage must be set; say which version is meant.")
        latest: Sequence[ModelVersion] = self.get_latest_versions(name, [stage])
        if not latest:
            raise ResourceDoesNotExist(f"Could not find any model version of '{name}' in stage '{stage}'.")
        return str(latest[0].version)


def _key(key: str | None) -> str:
    if key is None:
        raise InvalidParameterValue("Missing value for required parameter 'key'. Name the tag.")
    return key


def _text(token: str | bytes | None) -> str:
    return token.decode() if isinstance(token, bytes) else token or ""


def _milliseconds(time: int | dt.datetime) -> int:
    return round(time.timestamp() * 1000) if isinstance(time, dt.datetime) else int(time)
