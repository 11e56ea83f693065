"""The logged model that metrics of this thread are about, and the one this process made last.

The active model is a thread's own; threads that set none look at MLFLOW_ACTIVE_MODEL_ID.
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from mlflow.entities import LoggedModel
from mlflow.environment_variables import MLFLOW_ACTIVE_MODEL_ID
from mlflow.tracking.model_links import LINKS

__all__ = ["ActiveModel", "activate", "active_model_id", "last_model_id", "remember_model"]


class _Here(threading.local):
    active: str | None = None
    last: str | None = None


_here = _Here()


class ActiveModel(LoggedModel):
    """A logged model that metrics are about; leaving its `with` block makes the one before active again."""

    __slots__ = ("_before", "set_by_user")

    def __init__(self, logged_model: LoggedModel, set_by_user: bool) -> None:
        super().__init__(**{name: getattr(logged_model, name) for name in LoggedModel.__slots__})
        self.set_by_user = set_by_user
        self._before = _here.active

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        activate(self._before)


def activate(model_id: str | None) -> None:
    """Make a model the active one of this thread; None makes none active."""
    _here.active = model_id
    if model_id is not None:
        LINKS.use()


def active_model_id() -> str | None:
    """The id of the active model."""
    return _here.active or MLFLOW_ACTIVE_MODEL_ID.get() or None


def remember_model(model_id: str) -> None:
    """Note which model this thread made last."""
    _here.last = model_id


def last_model_id() -> str | None:
    """The id of the model that this thread made last."""
    return _here.last


if MLFLOW_ACTIVE_MODEL_ID.get():
    LINKS.use()
