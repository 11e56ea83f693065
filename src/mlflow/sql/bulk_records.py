"""Experiments, runs and series as they are brought in from elsewhere: whole, with the ids and times they had."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.sql.series.points import Points

__all__ = ["Counts", "ExperimentRecord", "RunRecord", "Series"]


class ExperimentRecord(Struct, frozen=True, kw_only=True):
    """An experiment; times are UTC milliseconds.

    `artifact_location` is where its runs kept files, empty when it is to get a new place.
    """

    experiment_id: str
    name: str
    artifact_location: str = ""
    deleted: bool = False
    creation_time: int | None = None
    last_update_time: int | None = None
    tags: dict[str, str] = {}


class RunRecord(Struct, frozen=True, kw_only=True):
    """A run with everything but its points; times are UTC milliseconds, `experiment_id` is the source's."""

    run_id: str
    experiment_id: str
    name: str = ""
    user_id: str = ""
    status: str = "RUNNING"
    start_time: int = 0
    end_time: int | None = None
    deleted: bool = False
    deleted_time: int | None = None
    artifact_uri: str = ""
    params: dict[str, str] = {}
    tags: dict[str, str] = {}
    datasets: list[DatasetInput] = []
    models: list[LoggedModelInput] = []
    outputs: list[LoggedModelOutput] = []


class Series(NamedTuple):
    """The points of one metric of one run, in any order and possibly repeated."""

    run_id: str
    key: str
    points: Points


class Counts(Struct, frozen=True):
    """How much a run has."""

    points: int = 0
    params: int = 0
    tags: int = 0
    datasets: int = 0

    def lacks(self, other: Counts) -> bool:
        """Whether there is less here, in any respect, than in `other`."""
        return any(getattr(self, name) < getattr(other, name) for name in self.__struct_fields__)
