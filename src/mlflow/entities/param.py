"""A parameter of a run."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["Param"]


class Param(Record, frozen=True, gc=False):
    """One input of a run, such as a learning rate; always text, written once."""

    key: str
    value: str = ""
