"""A tag of a run."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["RunTag"]


class RunTag(Record, frozen=True, gc=False):
    """A mutable label of a run."""

    key: str
    value: str = ""
