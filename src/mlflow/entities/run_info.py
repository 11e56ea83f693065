"""A run's fixed facts."""

from __future__ import annotations

from typing import Any

from mlflow.entities._record import Record
from mlflow.entities.lifecycle_stage import LifecycleStage

__all__ = ["RunInfo"]


class RunInfo(Record, frozen=True):
    """A run's identity, state and times (UTC milliseconds)."""

    run_id: str
    experiment_id: str = ""
    user_id: str = ""
    status: str = "RUNNING"
    start_time: int | None = None
    end_time: int | None = None
    lifecycle_stage: str = LifecycleStage.ACTIVE
    artifact_uri: str | None = None
    run_name: str | None = None

    @property
    def run_uuid(self) -> str:
        """The run's id, under its older name."""
        return self.run_id

    @classmethod
    def get_searchable_attributes(cls) -> list[str]:
        """The attributes a filter may name."""
        return ["run_id", "run_name", "status", "user_id", "artifact_uri", "start_time", "end_time"]

    @classmethod
    def get_orderable_attributes(cls) -> list[str]:
        """The attributes an order may name."""
        return cls.get_searchable_attributes()

    def to_wire(self) -> dict[str, Any]:
        """The members of the JSON form; absent ones are left out."""
        wire: dict[str, Any] = {"run_uuid": self.run_id}
        return wire | {name: value for name, value in self if value is not None}
