"""Orders of long results, kept for a minute, so that any page of them is found at once."""

from __future__ import annotations

import secrets
import threading
import time
from array import array
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["KeptOrders"]

_SECONDS_KEPT = 60.0
_MOST_NUMBERS = 4_000_000  # 32 MB over all results


class _Kept(NamedTuple):
    digest: bytes
    numbers: array[int]
    until: float


class KeptOrders:
    """Numbers of runs in the order of a search, by an id that only those who searched so can use."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def find(self, result_id: str, digest: bytes) -> array[int] | None:
        """The order that was kept under an id for the same search; it is kept for another minute."""
        with self._lock:
            kept = self._kept.pop(result_id, None)
            if kept is None or kept.digest != digest or kept.until < time.monotonic():
                return None
            self._kept[result_id] = kept._replace(until=time.monotonic() + _SECONDS_KEPT)
            return kept.numbers

    def keep(self, digest: bytes, numbers: Iterable[int]) -> tuple[str, array[int]]:
        """Keep an order: the id to find it by, and the numbers. What was used least lately makes room."""
        kept = _Kept(digest, array("q", numbers), time.monotonic() + _SECONDS_KEPT)
        result_id = secrets.token_hex(8)
        with self._lock:
            self._kept = {name: one for name, one in self._kept.items() if one.until >= time.monotonic()}
            room = _MOST_NUMBERS - len(kept.numbers)
            while self._kept and sum(len(one.numbers) for one in self._kept.values()) > room:
                del self._kept[next(iter(self._kept))]
            self._kept[result_id] = kept
        return result_id, kept.numbers
