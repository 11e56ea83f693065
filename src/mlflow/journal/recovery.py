"""Finding frames again after damaged bytes."""

from __future__ import annotations

import re

from mlflow.contract.frames import walk
from mlflow.contract.frames_operations import Kind

__all__ = ["next_frame"]

# The high byte of a length is zero; four bytes of checksum and a known kind follow.
_CANDIDATE = re.compile(rb"(?s)(?=.{3}\0.{4}[%c-%c])" % (min(Kind), max(Kind)))


def next_frame(data: bytes, position: int) -> int | None:
    """The position of the first intact frame at or after one, or None.

    A checksum matches by chance once in four thousand million places, and only where a length and a kind fit too.
    """
    for candidate in _CANDIDATE.finditer(data, position):
        if next(walk(data, candidate.start()), None) is not None:
            return candidate.start()
    return None
