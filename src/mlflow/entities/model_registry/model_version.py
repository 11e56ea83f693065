"""A version of a registered model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mlflow.entities._record import DEFAULT_WORKSPACE, Entity
from mlflow.entities.model_registry.model_version_deployment_job_state import ModelVersionDeploymentJobState
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag

__all__ = ["ModelVersion"]


class ModelVersion(Entity):
    """One registered state of a model; times are UTC milliseconds.

    As with MLflow, `version` is a text when it comes from a server and a number when it comes from a database that this
    process opened.
    """

    __slots__ = (
        "aliases",
        "creation_timestamp",
        "current_stage",
        "deployment_job_state",
        "description",
        "last_updated_timestamp",
        "metrics",
        "model_id",
        "name",
        "params",
        "run_id",
        "run_link",
        "source",
        "status",
        "status_message",
        "tags",
        "user_id",
        "version",
        "workspace",
    )

    def __init__(
        self,
        name: str,
        version: str | int,
        creation_timestamp: int,
        last_updated_timestamp: int | None = None,
        description: str | None = None,
        user_id: str | None = None,
        current_stage: str | None = None,
        source: str | None = None,
        run_id: str | None = None,
        status: str = "READY",
        status_message: str | None = None,
        tags: Iterable[ModelVersionTag] | None = None,
        run_link: str | None = None,
        aliases: Iterable[str] | None = None,
        model_id: str | None = None,
        params: list[Any] | None = None,
        metrics: list[Any] | None = None,
        deployment_job_state: ModelVersionDeploymentJobState | None = None,
        workspace: str | None = None,
    ) -> None:
        self.name = name
        self.version = version
        self.creation_timestamp = creation_timestamp
        self.last_updated_timestamp = last_updated_timestamp
        self.description = description
        self.user_id = user_id
        self.current_stage = current_stage
        self.source = source
        self.run_id = run_id
        self.status = status
        self.status_message = status_message
        self.tags: dict[str, str] = {tag.key: tag.value for tag in tags or ()}
        self.run_link = run_link
        self.aliases: list[str] = list(aliases or ())
        self.model_id = model_id
        self.params = params
        self.metrics = metrics
        self.deployment_job_state = deployment_job_state
        self.workspace = workspace or DEFAULT_WORKSPACE
