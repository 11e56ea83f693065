"""Reading a journal that another process wrote, or writes: whole, intact frames, and what is damaged between them."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from mlflow.contract.frames import HEAD, MAX_FRAME, Frame, walk
from mlflow.contract.frames_operations import Artifact, Kind
from mlflow.exceptions import ResourceConflict, ResourceDoesNotExist
from mlflow.journal.acknowledged import Acknowledged
from mlflow.journal.folder import ACKNOWLEDGED, OWNER_LOCK, SHIPPER_LOCK, remove_folder
from mlflow.journal.lock import FileLock, is_held
from mlflow.journal.part_files import PartFile, PartFiles
from mlflow.journal.recovery import next_frame
from mlflow.journal.slices import Damage, Slice

__all__ = ["JournalReader"]

UNFINISHED_SECONDS = 0.5

_artifact = msgspec.msgpack.Decoder(Artifact)


class JournalReader:
    """A journal of another process, as a source to ship from.

    It holds the shipper's lock until `close`. While the owner lives, bytes that are no frame are taken for half of one.

    Args:
        folder: the journal's.
        orphaned: the caller holds the owner's lock, so that nobody writes any more.

    Raises:
        ResourceDoesNotExist: there is no such journal.
        ResourceConflict: somebody else ships it.
        DataLoss: the headers of all its parts are damaged.
    """

    def __init__(self, folder: Path, *, orphaned: bool = False) -> None:
        self.folder = folder
        self._orphaned = orphaned
        self._shipper = _shipper_lock(folder)
        try:
            self._files = PartFiles(folder)
            self._state = Acknowledged(folder / ACKNOWLEDGED)
        except BaseException:
            self._shipper.close()
            raise
        self.header = self._files.header
        self._cursor = self._state.read()
        self._damage: list[Damage] = []
        self._stuck = (-1, 0.0)
        parts = self._files.list()
        self._enter(max((part for part in parts if part.base <= self._cursor), default=parts[0]))
        self._define_until(self._cursor)

    @property
    def journal_id(self) -> str:
        """32 hexadecimal digits."""
        return self.header.journal_id

    @property
    def destination(self) -> str:
        """URI of the store that the records are for."""
        return self.header.destination

    @property
    def live(self) -> bool:
        """Whether the owner still writes."""
        return not self._orphaned and is_held(self.folder / OWNER_LOCK)

    @property
    def acknowledged(self) -> int:
        """The highest offset the destination has answered for."""
        return self._cursor

    @property
    def end_offset(self) -> int:
        """The sequence number of the last frame; counts through the last part."""
        return self._files.end(self._cursor)

    def next_slice(self, limit: int) -> Slice | None:
        """The frames after the acknowledged offset, about `limit` bytes of them; None if there are none yet.

        A slice with damage and no frames is the end of a journal whose tail is gone.
        """
        while True:
            frames, found = self._frames(limit)
            if found or not self._go_on():
                break
        if not found and not self._damage:
            return None
        artifacts = tuple(
            (self._cursor + frame.end, _artifact.decode(frames[frame.start + 9 : frame.end]))
            for frame in found
            if frame.kind == Kind.ARTIFACT
        )
        definitions, end = bytes(self._definitions), self._cursor + len(frames)
        return Slice(self._cursor, end, definitions, memoryview(frames), artifacts, tuple(self._damage))

    def acknowledge(self, offset: int) -> None:
        """Note how far the destination has answered, and delete parts that are wholly shipped."""
        self._cursor = max(self._cursor, offset)
        self._damage.clear()
        self._state.write(self._cursor)
        for part in self._files.list():
            if part.base < self._part.base:
                part.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the journal; it stays where it is."""
        self._state.close()
        self._shipper.close()

    def delete(self) -> None:
        """Remove the journal, which must be orphaned and wholly shipped."""
        remove_folder(self.folder)
        self.close()

    def _enter(self, part: PartFile) -> None:
        self._part = part
        self._cursor = max(self._cursor, part.base)
        self._definitions = bytearray()
        self._defined = part.base

    def _frames(self, limit: int) -> tuple[bytes, list[Frame]]:
        """The whole frames at the cursor, with their places in the bytes."""
        data = self._part.read(self._cursor, max(limit, HEAD.size))
        found = list(walk(data))
        if not found and len(data) >= HEAD.size and limit < (length := HEAD.unpack_from(data)[0]) <= MAX_FRAME:
            data = self._part.read(self._cursor, 8 + length)
            found = list(walk(data))
        self._define(data, found, self._cursor)
        return data[: found[-1].end] if found else b"", found

    def _define(self, data: bytes, found: list[Frame], start: int) -> None:
        for frame in found:
            if frame.kind in (Kind.RUN, Kind.KEYS) and start + frame.end > self._defined:
                self._definitions += data[frame.start : frame.end]
        if found:
            self._defined = max(self._defined, start + found[-1].end)

    def _define_until(self, offset: int) -> None:
        """Collect what is defined in the part before an offset."""
        data = self._part.read(self._part.base, offset - self._part.base)
        position: int | None = 0
        while position is not None:
            self._define(data, list(walk(data, position)), self._part.base)
            position = next_frame(data, max(position + 1, self._defined - self._part.base))

    def _go_on(self) -> bool:
        """Move past what is no frame; False where the journal ends for now."""
        following = next((part for part in self._files.list() if part.base > self._part.base), None)
        open_end = following is None and self.live
        if open_end and not any(self._part.read(self._cursor, 4)):
            return False
        rest = self._part.read(self._cursor)
        content = rest.rstrip(b"\0")
        if content:
            if open_end and self._unfinished():
                return False
            resumed = next_frame(rest, 1)
            if resumed is not None:
                self._lose(rest[:resumed], resumed, torn=False)
                return True
            if open_end:
                return False
            size = len(content) if following is None else following.base - self._cursor
            self._lose(content, size, torn=following is None)
        elif following is not None and following.base > self._cursor:
            self._lose(b"", following.base - self._cursor, torn=False)
        if following is not None:
            self._enter(following)
        return following is not None

    def _lose(self, data: bytes, size: int, *, torn: bool) -> None:
        self._damage.append(Damage(self._cursor, self._cursor + size, data, torn))
        self._cursor += size

    def _unfinished(self) -> bool:
        """Whether the bytes at the cursor may be a frame that its writer is in the midst of."""
        if self._stuck[0] != self._cursor:
            self._stuck = self._cursor, time.monotonic()
        return time.monotonic() - self._stuck[1] < UNFINISHED_SECONDS


def _shipper_lock(folder: Path) -> FileLock:
    try:
        lock = FileLock.acquire(folder / SHIPPER_LOCK)
    except FileNotFoundError as exc:
        raise ResourceDoesNotExist(
            f"There is no journal {str(folder)!r}. It may have been shipped and deleted."
        ) from exc
    if lock is None:
        raise ResourceConflict(f"Another process ships journal {str(folder)!r}. Wait for it to end.")
    return lock
