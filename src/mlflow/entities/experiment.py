"""An experiment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mlflow.entities._record import DEFAULT_WORKSPACE, Entity
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.entities.lifecycle_stage import LifecycleStage

__all__ = ["Experiment"]


class Experiment(Entity):
    """A named collection of runs; times are UTC milliseconds."""

    __slots__ = (
        "artifact_location",
        "creation_time",
        "effective_trace_archival_retention",
        "experiment_id",
        "last_update_time",
        "lifecycle_stage",
        "name",
        "tags",
        "trace_location",
        "workspace",
    )

    DEFAULT_EXPERIMENT_NAME = "Default"

    def __init__(
        self,
        experiment_id: str,
        name: str,
        artifact_location: str = "",
        lifecycle_stage: str = LifecycleStage.ACTIVE,
        tags: Iterable[ExperimentTag] | None = None,
        creation_time: int | None = None,
        last_update_time: int | None = None,
        workspace: str | None = None,
        trace_location: Any = None,
        effective_trace_archival_retention: str | None = None,
    ) -> None:
        self.experiment_id = experiment_id
        self.name = name
        self.artifact_location = artifact_location
        self.lifecycle_stage = lifecycle_stage
        self.tags: dict[str, str] = {tag.key: tag.value for tag in tags or ()}
        self.creation_time = creation_time
        self.last_update_time = last_update_time
        self.workspace = workspace or DEFAULT_WORKSPACE
        self.trace_location = trace_location
        self.effective_trace_archival_retention = effective_trace_archival_retention

    def _repr_html_(self) -> str:
        from mlflow.entities._notebook import experiment_card

        return experiment_card(self)
