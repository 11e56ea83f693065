"""What a run made."""

from __future__ import annotations

from mlflow.entities._record import Record
from mlflow.entities.logged_model_output import LoggedModelOutput

__all__ = ["RunOutputs"]


class RunOutputs(Record, frozen=True):
    """The logged models that a run produced."""

    model_outputs: list[LoggedModelOutput] = []
