"""A tag of a run's input."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["InputTag"]


class InputTag(Record, frozen=True):
    """A label of the link between a run and a dataset, such as its context (`mlflow.data.context`)."""

    key: str
    value: str = ""
