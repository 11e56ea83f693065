"""A logged model that a run made."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["LoggedModelOutput"]


class LoggedModelOutput(Record, frozen=True):
    """A logged model that a run produced, and the step at which it did."""

    model_id: str
    step: int = 0
