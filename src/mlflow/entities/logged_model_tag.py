"""A tag of a logged model."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["LoggedModelTag"]


class LoggedModelTag(Record, frozen=True):
    """A mutable label of a logged model."""

    key: str
    value: str = ""
