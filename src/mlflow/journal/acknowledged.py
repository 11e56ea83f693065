"""How far a journal is shipped, in a file beside it."""

from __future__ import annotations

import contextlib
import os
import struct
import zlib
from pathlib import Path

__all__ = ["Acknowledged"]

_NUMBER = struct.Struct("<Q")
_RECORD = struct.Struct("<QI")


class Acknowledged:
    """The highest offset the destination has answered for.

    It may lag after a crash: the destination knows better and skips what it has.
    """

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)

    def read(self) -> int:
        """The offset; 0 when nothing was shipped or the record is damaged."""
        os.lseek(self._fd, 0, os.SEEK_SET)
        record = os.read(self._fd, _RECORD.size)
        if len(record) < _RECORD.size:
            return 0
        offset, checksum = _RECORD.unpack(record)
        return int(offset) if zlib.crc32(record[:8]) == checksum else 0

    def write(self, offset: int) -> None:
        """Record a new offset, in place, so that a full disk has no say; where it has, the record lags."""
        number = _NUMBER.pack(offset)
        with contextlib.suppress(OSError):
            os.lseek(self._fd, 0, os.SEEK_SET)
            os.write(self._fd, number + zlib.crc32(number).to_bytes(4, "little"))

    def close(self) -> None:
        """Let go of the file; harmless when done twice."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)
