"""What a prediction belongs to, for the code that makes it: one context variable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

__all__ = ["Context", "get_prediction_context", "set_prediction_context"]


@dataclass
class Context:
    """A prediction's surroundings.

    Args:
        request_id: the request that asked for it.
        is_evaluate: whether it is part of an evaluation.
        dependencies_schemas: kept for foreign code; not used.
    """

    request_id: str | None = None
    is_evaluate: bool = False
    dependencies_schemas: dict[str, Any] | None = None

    def update(self, **kwargs: Any) -> None:
        """Set attributes by name.

        Raises:
            AttributeError: there is no such attribute.
        """
        for name, value in kwargs.items():
            if not hasattr(self, name):
                raise AttributeError(f"Context has no attribute '{name}'.")
            setattr(self, name, value)


_CONTEXT: ContextVar[Context | None] = ContextVar("mlflow_prediction_context", default=None)


@contextmanager
def set_prediction_context(context: Context | None) -> Iterator[None]:
    """Have predictions inside the block belong to a context; None changes nothing."""
    if context is None:
        yield
        return
    token = _CONTEXT.set(context)
    try:
        yield
    finally:
        _CONTEXT.reset(token)


def get_prediction_context() -> Context | None:
    """The context of the running prediction; None outside of one."""
    return _CONTEXT.get()
