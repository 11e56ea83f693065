"""Folders as one ZIP file, made while it is read: whatever their size, a few blocks are in memory."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterable, Iterator

from mlflow.artifacts.digests import BLOCK
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.store import ArtifactStore, Buffer, FileStat
from mlflow.artifacts.transfer import walk

__all__ = ["Folder", "zipped"]

Folder = tuple[ArtifactStore, ArtifactPath, str]
"""A folder of a store, and the name it has in the archive; empty for its top."""

_FIRST = (1980, 1, 1, 0, 0, 0)  # what the format can say (APPNOTE.TXT 6.3.10, section 4.4.6)
_SMALL = 1 << 31  # bytes; larger files need the longer fields of ZIP64


class _Sink:
    """What the archive writes to: it can be emptied, not rewound."""

    def __init__(self) -> None:
        self._data = bytearray()

    def write(self, data: Buffer) -> int:
        self._data += data
        return len(data)

    def flush(self) -> None:
        """Everything is there already."""

    def close(self) -> None:
        """Nothing is kept open."""

    def __len__(self) -> int:
        return len(self._data)

    def take(self) -> bytes:
        taken = bytes(self._data)
        self._data.clear()
        return taken


def zipped(folders: Iterable[Folder]) -> Iterator[bytes]:
    """The archive in blocks of about a MiB; files are stored as they are, since most kinds are compressed already."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for store, folder, name in folders:
            for path in walk(store, folder):
                inside = ArtifactPath.parse(name) / ArtifactPath(path.parts[len(folder.parts) :])
                with store.open(path) as stream:
                    head = _head(str(inside), stream.stat)
                    with archive.open(head, "w", force_zip64=stream.stat.size >= _SMALL) as entry:
                        for block in stream:
                            entry.write(block)
                            if len(sink) >= BLOCK:
                                yield sink.take()
    yield sink.take()


def _head(name: str, stat: FileStat) -> zipfile.ZipInfo:
    modified = time.gmtime(stat.modified)[:6]
    head = zipfile.ZipInfo(name, max(modified, _FIRST))
    head.external_attr = 0o644 << 16
    head.file_size = stat.size
    return head
