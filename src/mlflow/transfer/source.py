"""What a migration reads from: experiments, runs, histories and models of a store that MLflow wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from mlflow.sql.bulk_logged_models import LoggedModelRecord
from mlflow.sql.bulk_records import Counts, ExperimentRecord, RunRecord, Series
from mlflow.sql.bulk_registry import ModelRecord

__all__ = ["Source"]


class Source(Protocol):
    """An older store, which reading never changes."""

    def experiments(self) -> list[ExperimentRecord]:
        """All experiments, in one order."""

    def sizes(self, experiment_ids: Sequence[str]) -> dict[str, int]:
        """The runs of experiments, each with its number of points, which may be an estimate."""

    def runs(self, run_ids: Sequence[str]) -> list[RunRecord]:
        """These runs without their points; one that cannot be read is left out and shows in `left_out`."""

    def keys(self, run_id: str) -> dict[str, int]:
        """The metrics of a run, each with its number of points."""

    def series(self, run_ids: Sequence[str]) -> list[Series]:
        """All points of these runs, which must fit in memory."""

    def series_of(self, run_id: str) -> Iterator[Series]:
        """All points of one run, however many, some metrics at a time."""

    def counts(self, run_ids: Sequence[str]) -> dict[str, Counts]:
        """How much each of these runs has, repeated points counted once."""

    def models(self) -> list[ModelRecord]:
        """All registered models with their versions; asked after the runs."""

    def logged_models(self) -> Iterator[LoggedModelRecord]:
        """All logged models with their points; asked after the runs."""

    def left_out(self) -> dict[str, int]:
        """What was not read, by kind."""

    def close(self) -> None:
        """Let go of the store."""
