"""What an asynchronous log call answers: a handle to wait for."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["RunOperations"]


class RunOperations:
    """Log calls that are durable on this machine and on their way to the store."""

    def __init__(self, settle: Callable[[], None]) -> None:
        self._settle = settle

    def wait(self) -> None:
        """Wait until the store has everything the calls logged."""
        self._settle()
