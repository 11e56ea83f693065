"""Registered models and their versions as they travel.

A version's texts that are not there travel, and arrive at programs, as empty ones.
"""

from __future__ import annotations

import msgspec

from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_deployment_job_state import ModelVersionDeploymentJobState
from mlflow.entities.model_registry.model_version_stages import STAGE_NONE
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.entities.model_registry.registered_model_alias import RegisteredModelAlias
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag

__all__ = ["ModelVersionWire", "RegisteredModelWire", "model_version_wire", "registered_model_wire"]

_NO_JOB = "DEPLOYMENT_JOB_CONNECTION_STATE_UNSPECIFIED"


class ModelVersionWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """A version of a registered model, as it travels."""

    name: str
    version: str
    creation_timestamp: int = 0
    last_updated_timestamp: int | None = None
    user_id: str | None = None
    current_stage: str | None = None
    description: str | None = None
    source: str | None = None
    run_id: str | None = None
    status: str | None = None
    status_message: str | None = None
    tags: list[ModelVersionTag] = []
    run_link: str | None = None
    aliases: list[str] = []
    model_id: str | None = None
    deployment_job_state: ModelVersionDeploymentJobState | None = None
    workspace: str | None = None

    def entity(self) -> ModelVersion:
        """The version as programs hold it."""
        return ModelVersion(
            self.name,
            self.version,
            self.creation_timestamp,
            self.last_updated_timestamp,
            self.description or "",
            self.user_id or "",
            self.current_stage or STAGE_NONE,
            self.source or "",
            self.run_id or "",
            self.status or "READY",
            self.status_message,
            self.tags,
            self.run_link or "",
            self.aliases,
            self.model_id,
            deployment_job_state=self.deployment_job_state,
            workspace=self.workspace or "default",
        )


class RegisteredModelWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """A registered model, as it travels."""

    name: str
    creation_timestamp: int | None = None
    last_updated_timestamp: int | None = None
    description: str | None = None
    latest_versions: list[ModelVersionWire] = []
    tags: list[RegisteredModelTag] = []
    aliases: list[RegisteredModelAlias] = []
    deployment_job_id: str | None = None
    deployment_job_state: str | None = None
    workspace: str | None = None

    def entity(self) -> RegisteredModel:
        """The model as programs hold it."""
        return RegisteredModel(
            self.name,
            self.creation_timestamp,
            self.last_updated_timestamp,
            self.description or "",
            [version.entity() for version in self.latest_versions],
            self.tags,
            self.aliases,
            self.deployment_job_id or "",
            self.deployment_job_state or _NO_JOB,
            self.workspace or "default",
        )


def model_version_wire(version: ModelVersion) -> ModelVersionWire:
    """The version as it travels."""
    return ModelVersionWire(
        version.name,
        str(version.version),
        version.creation_timestamp,
        version.last_updated_timestamp,
        version.user_id,
        version.current_stage,
        version.description or "",
        version.source,
        version.run_id or "",
        version.status,
        version.status_message,
        [ModelVersionTag(key, value) for key, value in version.tags.items()],
        version.run_link or "",
        version.aliases,
        version.model_id,
        version.deployment_job_state,
        _elsewhere(version.workspace),
    )


def registered_model_wire(model: RegisteredModel) -> RegisteredModelWire:
    """The model as it travels."""
    return RegisteredModelWire(
        model.name,
        model.creation_timestamp,
        model.last_updated_timestamp,
        model.description,
        [model_version_wire(version) for version in model.latest_versions or ()],
        [RegisteredModelTag(key, value) for key, value in model.tags.items()],
        [RegisteredModelAlias(alias, str(version)) for alias, version in model.aliases.items()],
        model.deployment_job_id,
        model.deployment_job_state,
        _elsewhere(model.workspace),
    )


def _elsewhere(workspace: str | None) -> str | None:
    """The workspace where it is not the one that goes without saying."""
    return None if workspace == "default" else workspace
