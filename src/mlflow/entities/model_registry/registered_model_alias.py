"""An alias of a registered model."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["RegisteredModelAlias"]


class RegisteredModelAlias(Record, frozen=True, gc=False):
    """A name that points to one version of a registered model, and can be moved to another."""

    alias: str
    version: str | int
