"""What a destination refused, kept beside the journals with the reasons."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from mlflow.contract.frames import Rejected, decode, walk
from mlflow.contract.frames_operations import Kind, Operation
from mlflow.exceptions import DataLoss

__all__ = ["RejectedFile", "RejectedFrame", "read_rejected"]

SUFFIX = ".rejected"
FILES_SUFFIX = ".rejected-files"


class RejectedFrame(msgspec.Struct, frozen=True):
    """A frame set aside: one line of JSON, its bytes in base64.

    `offset` is its sequence number; `definitions` are those it leans on.
    """

    journal_id: str
    destination: str
    offset: int
    error_code: str
    message: str
    frame: bytes
    definitions: bytes = b""

    def operation(self) -> Operation | None:
        """What the frame says; None for damaged bytes."""
        try:
            return next(decode(self.definitions, self.frame, self.offset - len(self.frame)), None)
        except DataLoss:
            return None


class RejectedFile:
    """The frames of one journal that were refused; it outlives the journal."""

    def __init__(self, directory: Path, journal_id: str, destination: str) -> None:
        self.path = directory / f"{journal_id}{SUFFIX}"
        self.files = directory / f"{journal_id}{FILES_SUFFIX}"
        self._journal = journal_id, destination
        self._offsets = {frame.offset for frame in _lines(self.path)}

    def add(self, offset: int, error_code: str, message: str, frame: bytes, definitions: bytes = b"") -> bool:
        """Set a frame aside; False when it already is."""
        if offset in self._offsets:
            return False
        line = RejectedFrame(*self._journal, offset, error_code, message, frame, _leaned_on(frame, definitions))
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as file:
            file.write(b"\n" + msgspec.json.encode(line))  # a line that a crash cut off ends here
        self._offsets.add(offset)
        return True

    def add_frames(
        self, rejected: list[Rejected], start: int, definitions: bytes, frames: memoryview
    ) -> list[Rejected]:
        """Set aside the refused frames of a slice; answer those that were not set aside before."""
        if not rejected:
            return []
        places = {start + found.end: found for found in walk(frames, verify=False)}
        return [
            reason
            for reason in rejected
            if (found := places.get(reason.offset))
            and self.add(
                reason.offset,
                reason.error_code,
                reason.message,
                bytes(frames[found.start : found.end]),
                definitions + bytes(frames[: found.start]),
            )
        ]

    def keep(self, file: Path) -> None:
        """Keep a spooled file whose upload was refused."""
        self.files.mkdir(mode=0o700, exist_ok=True)
        file.rename(self.files / file.name)


def read_rejected(directory: Path) -> Iterator[RejectedFrame]:
    """Yield what was refused of all journals in a directory, by journal and offset."""
    for path in sorted(directory.glob(f"*{SUFFIX}")):
        yield from sorted(_lines(path), key=lambda frame: frame.offset)


def _lines(path: Path) -> Iterator[RejectedFrame]:
    """The frames in a file; a line cut off by a crash is left out, since its slice comes again."""
    if not path.exists():
        return
    for line in path.read_bytes().split(b"\n"):
        try:
            yield msgspec.json.decode(line, type=RejectedFrame)
        except msgspec.DecodeError:
            continue


def _leaned_on(frame: bytes, definitions: bytes) -> bytes:
    """Of many definitions, those of a METRICS frame's run and keys."""
    if frame[8:9] != bytes((Kind.METRICS,)):
        return b""
    wanted = {(Kind.RUN, frame[9:13]), (Kind.KEYS, frame[13:17])}
    found = (
        definitions[place.start : place.end]
        for place in walk(definitions, verify=False)
        if (place.kind, definitions[place.start + 9 : place.start + 13]) in wanted
    )
    return b"".join(dict.fromkeys(found))
