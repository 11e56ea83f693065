"""Many small files in one stream: the framing, its incremental decoder, and a folder as a bundle.

    magic "MLBUNDL1"
    per file: length of the header (4 bytes, big endian), the header (JSON: name, size, sha256, omitted), the bytes
    end: four zero bytes

Names are relative to the folder. A file over `MAX_FILE` bytes is named with `omitted` and without bytes; it is to be
fetched by itself, so that neither side ever holds much.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator

import msgspec

from mlflow.artifacts.digests import BLOCK, Digest, check
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.store import ArtifactStore, Buffer
from mlflow.artifacts.transfer import walk
from mlflow.exceptions import DataLoss, InvalidParameterValue

__all__ = ["CONTENT_TYPE", "MAX_FILE", "BundleWriter", "Decoder", "Entry", "encode", "pack"]

CONTENT_TYPE = "application/vnd.mlflow.artifact-bundle"
MAX_FILE = 2**20
"""Largest file that travels inside a bundle, in bytes."""

_MAGIC = b"MLBUNDL1"
_END = b"\0\0\0\0"
_MAX_HEADER = 16 * 1024


class Entry(msgspec.Struct, omit_defaults=True):
    """The header of one file."""

    name: str
    size: int
    sha256: str = ""
    omitted: bool = False


def encode(files: Iterable[tuple[Entry, bytes]]) -> Iterator[bytes]:
    """A bundle in blocks of about a MiB."""
    block = bytearray(_MAGIC)
    for entry, content in files:
        header = msgspec.json.encode(entry)
        block += struct.pack(">I", len(header)) + header + content
        if len(block) >= BLOCK:
            yield bytes(block)
            block.clear()
    block += _END
    yield bytes(block)


class Decoder:
    """Turns the bytes of a bundle, in any portions, into checked files."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._entry: Entry | None = None
        self._started = self._ended = False

    def feed(self, data: Buffer) -> Iterator[tuple[Entry, bytes]]:
        """The files that are complete with these bytes.

        Raises:
            InvalidParameterValue: this is no bundle.
            DataLoss: a file does not match its digest.
        """
        self._data += data
        while (file := self._next()) is not None:
            yield file

    def close(self) -> None:
        """Say that no more bytes come.

        Raises:
            DataLoss: the bundle stopped before its end.
        """
        if not self._ended:
            raise DataLoss("The bundle of files ended half way; send it again.")

    def _next(self) -> tuple[Entry, bytes] | None:
        if not self._started and not self._start():
            return None
        if self._entry is None and not self._header():
            return None
        entry = self._entry
        if entry is None or (not entry.omitted and len(self._data) < entry.size):
            return None
        content = b"" if entry.omitted else self._take(entry.size)
        self._entry = None
        if not entry.omitted:
            check(entry.name, Digest.parse(entry.sha256), Digest(hashlib.sha256(content).hexdigest()))
        return entry, content

    def _start(self) -> bool:
        if len(self._data) < len(_MAGIC):
            return False
        if self._take(len(_MAGIC)) != _MAGIC:
            raise InvalidParameterValue("Invalid bundle: it does not begin with 'MLBUNDL1'.")
        self._started = True
        return True

    def _header(self) -> bool:
        if self._ended or len(self._data) < 4:
            return False
        (length,) = struct.unpack_from(">I", self._data)
        if length == 0:
            self._ended = True
            return False
        if length > _MAX_HEADER:
            raise InvalidParameterValue(f"Invalid bundle: a header of '{length}' bytes; {_MAX_HEADER} is the limit.")
        if len(self._data) < 4 + length:
            return False
        self._entry = _decode(self._take(4 + length)[4:])
        return True

    def _take(self, size: int) -> bytes:
        taken = bytes(memoryview(self._data)[:size])
        del self._data[:size]
        return taken


class BundleWriter:
    """Stores the files of a bundle below a folder as its bytes come in; commit answers how many there were.

    Each file appears whole or not at all; those before a failure stay.
    """

    def __init__(self, store: ArtifactStore, folder: ArtifactPath) -> None:
        self._store, self._folder = store, folder
        self._decoder = Decoder()
        self._count = 0

    def write(self, data: Buffer, /) -> None:
        for entry, content in self._decoder.feed(data):
            if entry.omitted:
                raise InvalidParameterValue(f"Invalid bundle: '{entry.name}' comes without its bytes.")
            path = self._folder / ArtifactPath.parse_file(entry.name)
            self._store.write(path, [content], Digest.parse(entry.sha256), entry.size)
            self._count += 1

    def commit(self) -> int:
        self._decoder.close()
        return self._count

    def abort(self) -> None:
        """Forget the file that was coming in."""


def pack(store: ArtifactStore, folder: ArtifactPath) -> Iterator[bytes]:
    """Everything below a folder as a bundle; an absent folder is an empty one."""
    return encode(_entries(store, folder))


def _entries(store: ArtifactStore, folder: ArtifactPath) -> Iterator[tuple[Entry, bytes]]:
    depth = len(folder.parts)
    for path in walk(store, folder):
        name = str(ArtifactPath(path.parts[depth:]))
        with store.open(path) as stream:
            if stream.stat.size > MAX_FILE:
                yield Entry(name, stream.stat.size, omitted=True), b""
            else:
                yield _entry(name, stream.read(), stream.stat.digest)


def _entry(name: str, content: bytes, stored: Digest | None) -> tuple[Entry, bytes]:
    known = stored.sha256 if stored and not stored.part_size else hashlib.sha256(content).hexdigest()
    return Entry(name, len(content), known), content


def _decode(header: bytes) -> Entry:
    try:
        entry = msgspec.json.decode(header, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise InvalidParameterValue(f"Invalid bundle: the header {header[:80]!r} is not one of a file.") from exc
    if entry.size < 0 or (entry.size > MAX_FILE and not entry.omitted):
        raise InvalidParameterValue(
            f"Invalid bundle: '{entry.name}' has {entry.size} bytes; upload files over {MAX_FILE} by themselves."
        )
    return entry
