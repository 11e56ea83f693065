"""A tag of an experiment."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["ExperimentTag"]


class ExperimentTag(Record, frozen=True):
    """A mutable label of an experiment."""

    key: str
    value: str = ""
