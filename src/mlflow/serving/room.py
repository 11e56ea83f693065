"""The memory for bodies of requests: what does not fit waits in its connection, where the sender's network holds it."""

from __future__ import annotations

import asyncio
from collections import deque

__all__ = ["LIGHT", "Room"]

LIGHT = 64 << 10
"""Bytes of a body that is always let in: as much as a connection buffers anyway."""


class Room:
    """Bytes that one event loop's requests hold at a time; who comes first is let in first.

    Args:
        size: that many; a request never asks for more.
    """

    def __init__(self, size: int) -> None:
        self._free = size
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def take(self, size: int) -> None:
        """Wait until there is room, and take it."""
        if not self._waiting and size <= self._free:
            self._free -= size
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # its turn came just as it gave up
                self._free += size
            self._let_in()
            raise

    def give(self, size: int) -> None:
        """Give room back."""
        self._free += size
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and (self._waiting[0][1].done() or self._waiting[0][0] <= self._free):
            size, turn = self._waiting.popleft()
            if not turn.done():
                self._free -= size
                turn.set_result(None)
