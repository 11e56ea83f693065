"""A logged model that a run read."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["LoggedModelInput"]


class LoggedModelInput(Record, frozen=True):
    """A logged model that a run used as input."""

    model_id: str
