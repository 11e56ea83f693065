"""The parts of a journal as they lie on disk."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec

from mlflow.contract.frames import walk
from mlflow.exceptions import DataLoss, MlflowException, ResourceDoesNotExist
from mlflow.journal.header import Header, read_header

__all__ = ["PartFile", "PartFiles"]


class PartFile(NamedTuple):
    """A part: the offset of its first frame in the journal, its path, and where that frame lies in the file."""

    base: int
    path: Path
    first: int

    def read(self, offset: int, size: int = -1) -> bytes:
        """At most `size` bytes of frames from an offset on, with whatever zeros were preallocated."""
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.first + offset - self.base)
            return file.read(size)


class PartFiles:
    """What a journal's folder holds.

    Raises:
        ResourceDoesNotExist: no part is there.
        DataLoss: the headers of all parts are damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.header = self._intact_header()

    def list(self) -> list[PartFile]:
        """The parts at this moment, in order."""
        bases = sorted(int(path.stem, 16) for path in self.folder.glob("*.part"))
        return [self._part(base) for base in bases]

    def end(self, known: int) -> int:
        """The sequence number of the last frame, at or after one that is known."""
        parts = self.list()
        if not parts or parts[-1].base > known:
            known = parts[-1].base if parts else known
        return known + max((found.end for found in walk(parts[-1].read(known), verify=False)), default=0)

    def _part(self, base: int) -> PartFile:
        """A part; its header has the length that this base gives it, be it damaged or not."""
        first = len(msgspec.structs.replace(self.header, base=base).encode())
        return PartFile(base, self.folder / f"{base:016x}.part", first)

    def _intact_header(self) -> Header:
        damage: MlflowException = ResourceDoesNotExist(
            f"Journal {str(self.folder)!r} has no part. It may have been shipped and deleted."
        )
        for path in sorted(self.folder.glob("*.part")):
            try:
                return read_header(path)[0]
            except DataLoss as exc:
                damage = exc
        raise damage
