"""Calls of one kind that are made together."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from mlflow.asgi.threads import Threads

__all__ = ["Coalescing"]

A = TypeVar("A")
T = TypeVar("T")

_MOST_AT_ONCE = 256


class Coalescing(Generic[A, T]):
    """Calls that come while others are under way are made next, all at once, in one thread.

    For small calls that end in a common transaction: a thread for each, which waits for the one that commits, costs
    more processor time than what they do.

    Args:
        threads: where the calls are made, one batch at a time.
        call: answers each of several arguments: what it returns, or an exception to be raised.
    """

    def __init__(self, threads: Threads, call: Callable[[Sequence[A]], Sequence[T | Exception]]) -> None:
        self._threads = threads
        self._call = call
        self._lock = threading.Lock()
        self._waiting: list[tuple[asyncio.Future[T], A]] = []
        self._working = False

    async def run(self, argument: A) -> T:
        """Answer what the call returns for this argument, or raise what it gives."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._lock:
            self._waiting.append((future, argument))
            idle, self._working = not self._working, True
        if idle:
            self._threads.begin(self._work, loop)
        return await future

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while batch := self._take():
            outcomes = self._outcomes([argument for _, argument in batch])
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(_deliver, [future for future, _ in batch], outcomes)

    def _take(self) -> list[tuple[asyncio.Future[T], A]]:
        with self._lock:
            batch, self._waiting = self._waiting[:_MOST_AT_ONCE], self._waiting[_MOST_AT_ONCE:]
            self._working = bool(batch)
        return batch

    def _outcomes(self, arguments: Sequence[A]) -> Sequence[T | Exception]:
        try:
            return self._call(arguments)
        except Exception as exc:  # noqa: BLE001 - raised again where the calls were made
            return [exc] * len(arguments)
        except BaseException as exc:  # noqa: BLE001 - raised there as it is, it would end the event loop
            error = RuntimeError(f"Calls in a thread raised {type(exc).__name__}.")
            error.__cause__ = exc
            return [error] * len(arguments)


def _deliver(futures: Sequence[asyncio.Future[T]], outcomes: Sequence[T | Exception]) -> None:
    for future, outcome in zip(futures, outcomes, strict=True):
        if future.cancelled():
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
