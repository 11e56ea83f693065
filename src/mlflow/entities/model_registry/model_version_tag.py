"""A tag of a version of a registered model."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["ModelVersionTag"]


class ModelVersionTag(Record, frozen=True, gc=False):
    """A mutable label of a version of a registered model."""

    key: str
    value: str = ""
