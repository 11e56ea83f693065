"""What every artifact store can do: one streaming interface, whatever keeps the bytes.

A store is bound to a root; its paths are `ArtifactPath` values relative to it. The primitives (list, stat, open,
writer, delete) differ by store; whole transfers of files and folders are the same for all and come with the interface.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from mlflow.artifacts.digests import Digest
from mlflow.artifacts.paths import ArtifactPath
from mlflow.contract.proxy import Part
from mlflow.entities import FileInfo
from mlflow.exceptions import NotImplementedByStore, TemporarilyUnavailable

__all__ = [
    "MAX_PARTS",
    "ArtifactStore",
    "Entry",
    "FileStat",
    "Interrupted",
    "Part",
    "Stream",
    "Upload",
    "Uploads",
    "Writer",
]

T_co = TypeVar("T_co", covariant=True)

MAX_PARTS = 10_000
"""Most parts that a multipart upload may have."""

Buffer = bytes | bytearray | memoryview


class Interrupted(TemporarilyUnavailable):
    """A transfer broke half way; it can go on where it stopped."""


class FileStat(msgspec.Struct, frozen=True):
    """What a store knows of one file or folder.

    `modified` is in seconds since 1970; `etag` changes with the content and is empty for folders.
    """

    path: ArtifactPath
    is_dir: bool = False
    size: int = 0
    modified: float = 0.0
    etag: str = ""
    digest: Digest | None = None


class Entry(msgspec.Struct, frozen=True):
    """A file or folder of a listing, and when the file was changed: in seconds since 1970, None where nobody knows."""

    info: FileInfo
    modified: float | None = None


class Stream(AbstractContextManager["Stream"]):
    """Blocks of a file from `start` on, with the facts of the whole file; closing it frees the source."""

    def __init__(self, stat: FileStat, blocks: Iterator[bytes], start: int = 0) -> None:
        self.stat = stat
        self.start = start
        self._blocks = blocks

    def __iter__(self) -> Iterator[bytes]:
        return self._blocks

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading; a finished stream is closed already."""
        close = getattr(self._blocks, "close", None)
        if close is not None:
            close()

    def read(self) -> bytes:
        """Everything that is left; for small files."""
        with self:
            return b"".join(self._blocks)


class Writer(Protocol[T_co]):
    """A file or part in the making: nobody sees it before `commit`, and nothing stays of it after `abort`.

    Exactly one of the two ends it; a commit that raises has cleaned up.
    """

    def write(self, data: Buffer, /) -> None: ...

    def commit(self) -> T_co: ...

    def abort(self) -> None: ...


class Upload(msgspec.Struct, frozen=True):
    """A multipart upload under way; every part but the last has `part_size` bytes."""

    id: str
    path: ArtifactPath
    size: int
    part_size: int

    @property
    def part_count(self) -> int:
        """How many parts make the file; an empty file has none."""
        return -(-self.size // self.part_size)

    def size_of(self, number: int) -> int:
        """Bytes of part `number`."""
        return min(self.part_size, self.size - (number - 1) * self.part_size)


class Uploads(Protocol):
    """Multipart uploads that outlive the process that began them."""

    def create(self, path: ArtifactPath, size: int, part_size: int) -> Upload: ...

    def get(self, upload_id: str) -> Upload: ...

    def put(self, upload: Upload, number: int, blocks: Iterable[Buffer], sha256: str) -> Part: ...

    def parts(self, upload: Upload) -> list[Part]: ...

    def complete(self, upload: Upload, digest: Digest) -> FileStat: ...

    def abort(self, upload: Upload) -> None: ...


class ArtifactStore(Protocol):
    """Files below one root."""

    @property
    def uploads(self) -> Uploads | None:
        """Multipart uploads, where the store has them and they are worth using."""
        return None

    def entries(self, path: ArtifactPath = ArtifactPath(), /) -> list[Entry]:  # noqa: B008 - frozen
        """What `list` answers, with the times that the store knows."""
        return [Entry(info) for info in self.list(path)]

    @abstractmethod
    def list(self, path: ArtifactPath = ArtifactPath(), /) -> list[FileInfo]:  # noqa: B008 - frozen
        """What a folder holds, sorted, paths relative to the root; nothing for a file or an absent path."""

    @abstractmethod
    def stat(self, path: ArtifactPath, /) -> FileStat:
        """The facts of a file or folder.

        Raises:
            ResourceDoesNotExist: there is nothing at the path.
        """

    @abstractmethod
    def open(self, path: ArtifactPath, /, start: int = 0, end: int | None = None) -> Stream:
        """The bytes of a file from `start` up to, not including, `end`.

        Raises:
            ResourceDoesNotExist: there is nothing at the path.
            InvalidParameterValue: the path is a folder.
        """

    @abstractmethod
    def writer(self, path: ArtifactPath, /, digest: Digest | None = None, size: int | None = None) -> Writer[FileStat]:
        """A writer that replaces the file at the path when it commits.

        Args:
            path: the file; folders above it are made.
            digest: what the bytes must hash to; commit raises DataLoss when they do not.
            size: how many bytes are to come; commit raises DataLoss when it was another number.
        """

    @abstractmethod
    def delete(self, path: ArtifactPath, /) -> None:
        """Remove a file, or a folder and all below it; an absent path is no error."""

    def write(
        self, path: ArtifactPath, blocks: Iterable[Buffer], /, digest: Digest | None = None, size: int | None = None
    ) -> FileStat:
        """Write a whole file from its blocks."""
        writer = self.writer(path, digest, size)
        try:
            for block in blocks:
                writer.write(block)
        except BaseException:
            writer.abort()
            raise
        return writer.commit()

    def adopt(self, staged: Path, path: ArtifactPath, digest: Digest, /) -> FileStat:
        """Take over a finished local file whose digest was checked; it is gone from where it was."""
        from mlflow.artifacts.transfer import read_file  # transfer builds on this interface

        stat = self.write(path, read_file(staged), digest, staged.stat().st_size)
        staged.unlink()
        return stat

    def upload_file(self, local: Path, path: ArtifactPath, /) -> None:
        """Copy a local file to the path."""
        from mlflow.artifacts.transfer import read_file

        self.write(path, read_file(local), None, local.stat().st_size)

    def upload_directory(self, local: Path, path: ArtifactPath, /) -> None:
        """Copy every file below a local folder to below the path, several at a time."""
        from mlflow.artifacts.transfer import upload_directory

        upload_directory(self, local, path)

    def download(self, path: ArtifactPath, destination: Path, /) -> Path:
        """Copy a file or folder into a local folder, under its own name; the root's content lands right in it.

        Interrupted transfers go on where they stopped. Returns the local path.
        """
        from mlflow.artifacts.transfer import download

        return download(self, path, destination)

    def download_file(self, path: ArtifactPath, target: Path, /) -> None:
        """Copy one file to a local path."""
        from mlflow.artifacts.transfer import download_file

        download_file(self, path, target)

    def presign(self, path: ArtifactPath, method: str, expires: int, /) -> str:
        """A URL that lets its bearer GET or PUT the file for `expires` seconds without credentials.

        Raises:
            NotImplementedByStore: this kind of store has no such URLs.
        """
        raise NotImplementedByStore(
            f"No presigned URL for '{path}': {type(self).__name__} has none; {method} it through the server."
        )
