"""A param of a logged model."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["LoggedModelParameter"]


class LoggedModelParameter(Record, frozen=True):
    """A value that a logged model was made with."""

    key: str
    value: str = ""
