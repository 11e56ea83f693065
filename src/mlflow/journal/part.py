"""One file of a journal while it is written: a header, then frames, in a preallocated memory map.

A store into a shared mapping survives `kill -9` like a `write(2)`, without giving up the interpreter lock: with a busy
second thread a `write(2)` per record has a p99 of 5.9 ms, the map's is a few microseconds.
"""

from __future__ import annotations

import abc
import contextlib
import mmap
import os
import sys
from collections.abc import Callable
from pathlib import Path

from mlflow.contract.frames_operations import Artifact
from mlflow.journal.header import Header

__all__ = ["MappedPart", "Part", "PlainPart", "part_name"]

MIB = 2**20
FIRST_CHUNK = MIB
LARGEST_CHUNK = 16 * MIB
SMALLEST_CHUNK = 2**16

FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def part_name(base: int) -> str:
    """The file name of the part whose first frame has this offset; names sort by it."""
    return f"{base:016x}.part"


class Part(abc.ABC):
    """A part file and what its writer knows about it.

    `write` appends one frame and raises ValueError when it does not fit: call `grow`, then write again.
    """

    write: Callable[[bytes], object]

    def __init__(self, folder: Path, header: Header, *, durable: bool) -> None:
        self.base = header.base
        self.path = folder / part_name(header.base)
        self.durable = durable
        self.definitions = bytearray()
        self.runs: set[str] = set()
        self.artifacts: list[tuple[int, Artifact]] = []
        self._closed_end = -1
        draft = self.path.with_suffix(".new")
        self.fd = os.open(draft, FLAGS, 0o600)
        try:
            self.first = self._begin(header.encode())
            draft.rename(self.path)  # a part that exists has its whole header
        except BaseException:
            os.close(self.fd)
            draft.unlink()
            raise

    @property
    def end(self) -> int:
        """The offset after the last frame."""
        return self._closed_end if self._closed_end >= 0 else self.base + self._tell() - self.first

    def read(self, start: int, size: int) -> bytes:
        """At most `size` bytes of frames from an offset on."""
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.first + start - self.base)
            return file.read(min(size, self.end - start))

    def close(self) -> None:
        """Cut off what was preallocated, and let go of the file; harmless when done twice."""
        if self._closed_end < 0:
            position, self._closed_end = self._tell(), self.end
            self._release()
            with contextlib.suppress(OSError):  # the zeros may as well stay
                os.ftruncate(self.fd, position)
            os.close(self.fd)

    def forget(self) -> None:
        """Let go of the file without touching it: after a fork it is the parent's."""
        if self._closed_end < 0:
            self._closed_end = self.end
            self._release()
            os.close(self.fd)

    @property
    @abc.abstractmethod
    def room(self) -> int:
        """How many bytes fit without growing."""

    @abc.abstractmethod
    def grow(self, needed: int) -> None:
        """Make room for `needed` more bytes.

        Raises:
            OSError: the disk has no room.
        """

    @abc.abstractmethod
    def _begin(self, header: bytes) -> int:
        """Write the header; answer the position after it."""

    @abc.abstractmethod
    def _tell(self) -> int: ...

    @abc.abstractmethod
    def _release(self) -> None: ...


class MappedPart(Part):
    """A part in a memory map, enlarged by chunks that the disk has set aside beforehand."""

    def _begin(self, header: bytes) -> int:
        self._size = 0
        self._enlarge(FIRST_CHUNK)
        self._map = mmap.mmap(self.fd, self._size)
        self._map.write(header)
        if self.durable:
            self._map.flush()
            os.fsync(self.fd)
        self.write = self._write_durably if self.durable else self._map.write
        return len(header)

    def _write_durably(self, frame: bytes) -> None:
        start = self._map.tell()
        self._map.write(frame)
        page = start - start % mmap.PAGESIZE
        self._map.flush(page, start + len(frame) - page)

    def _tell(self) -> int:
        return self._map.tell()

    def _release(self) -> None:
        self._map.close()

    @property
    def room(self) -> int:
        """How many bytes of the map are left."""
        return self._size - self._map.tell()

    def grow(self, needed: int) -> None:
        """Double the file, by 16 MiB at most; on a nearly full disk by as little as will do."""
        short = needed - self.room
        least = -(-short // SMALLEST_CHUNK) * SMALLEST_CHUNK
        try:
            self._enlarge(max(least, min(self._size, LARGEST_CHUNK)))
        except OSError:
            self._enlarge(least)
        larger = mmap.mmap(self.fd, self._size)
        larger.seek(self._tell())
        self._map, smaller = larger, self._map
        if not self.durable:
            self.write = larger.write
        smaller.close()

    def _enlarge(self, chunk: int) -> None:
        """Have the disk set aside more room now, since a store into a hole of a full disk is a SIGBUS."""
        if sys.platform == "linux":
            os.posix_fallocate(self.fd, self._size, chunk)
        else:
            os.lseek(self.fd, self._size, os.SEEK_SET)
            _write_all(self.fd, bytes(chunk))
        self._size += chunk


class PlainPart(Part):
    """A part written by `write(2)`, for systems without memory maps that outlive their process."""

    def _begin(self, header: bytes) -> int:
        self._position, self._limit = len(header), FIRST_CHUNK
        _write_all(self.fd, header)
        self.write = self._write
        return len(header)

    def _write(self, frame: bytes) -> None:
        if self._closed_end >= 0 or self._position + len(frame) > self._limit:
            raise ValueError("the part is closed or full")
        try:
            _write_all(self.fd, frame)
        except OSError:
            os.lseek(self.fd, self._position, os.SEEK_SET)
            os.ftruncate(self.fd, self._position)
            raise
        if self.durable:
            os.fsync(self.fd)
        self._position += len(frame)

    def _tell(self) -> int:
        return self._position

    def _release(self) -> None:
        """Nothing but the descriptor is held."""

    @property
    def room(self) -> int:
        """How many bytes may be written before the next look at the part's size."""
        return self._limit - self._position

    def grow(self, needed: int) -> None:
        """Allow another chunk; each write makes its own room on the disk."""
        self._limit += max(needed, FIRST_CHUNK)


def _write_all(fd: int, data: bytes) -> None:
    """Write everything or raise; a nearly full disk takes a part first."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
