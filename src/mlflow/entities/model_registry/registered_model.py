"""A registered model."""

from __future__ import annotations

from collections.abc import Iterable

from mlflow.entities._record import DEFAULT_WORKSPACE, Entity
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.registered_model_alias import RegisteredModelAlias
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag

__all__ = ["RegisteredModel"]


class RegisteredModel(Entity):
    """A name under which versions of a model are kept; times are UTC milliseconds.

    `latest_versions` holds the newest version of each stage, where it is known; `aliases` leads from alias to version.
    """

    __slots__ = (
        "aliases",
        "creation_timestamp",
        "deployment_job_id",
        "deployment_job_state",
        "description",
        "last_updated_timestamp",
        "latest_versions",
        "name",
        "tags",
        "workspace",
    )

    def __init__(
        self,
        name: str,
        creation_timestamp: int | None = None,
        last_updated_timestamp: int | None = None,
        description: str | None = None,
        latest_versions: Iterable[ModelVersion] | None = None,
        tags: Iterable[RegisteredModelTag] | None = None,
        aliases: Iterable[RegisteredModelAlias] | None = None,
        deployment_job_id: str | None = None,
        deployment_job_state: str | None = None,
        workspace: str | None = None,
    ) -> None:
        self.name = name
        self.creation_timestamp = creation_timestamp
        self.last_updated_timestamp = last_updated_timestamp
        self.description = description
        self.latest_versions = None if latest_versions is None else list(latest_versions)
        self.tags: dict[str, str] = {tag.key: tag.value for tag in tags or ()}
        self.aliases: dict[str, str | int] = {alias.alias: alias.version for alias in aliases or ()}
        self.deployment_job_id = deployment_job_id
        self.deployment_job_state = deployment_job_state
        self.workspace = workspace or DEFAULT_WORKSPACE
