"""The checking reader for archives that come from elsewhere.

Nothing of an archive is written outside its target: members with absolute names, `..`, drive letters, links that lead
out, devices and pipes are refused before the first byte, and so is what is too large or too many once unpacked. Modes
are masked to the owner's read, write and execute bits.
"""

from __future__ import annotations

import os
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from mlflow.artifacts.digests import BLOCK
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.whole_folders import stage
from mlflow.exceptions import InvalidParameterValue

__all__ = ["extract"]

MAX_BYTES = 64 * 2**30
MAX_FILES = 100_000


class _Member(msgspec.Struct, frozen=True):
    path: ArtifactPath
    is_dir: bool
    size: int
    executable: bool
    source: object


def extract(archive: Path, target: Path, *, max_bytes: int = MAX_BYTES, max_files: int = MAX_FILES) -> None:
    """Unpack a tar (plain, gzip, bzip2, xz) or zip archive into a folder, which must be new or empty.

    All of it appears, or none.

    Raises:
        ResourceAlreadyExists: there is something in the folder.
        InvalidParameterValue: it is no archive, a member is refused, or the limits are passed.
    """
    with stage(target) as unpacked, _reader(archive) as reader:
        _unpack(archive, reader, unpacked, max_bytes, max_files)


class _TarReader:
    def __init__(self, file: tarfile.TarFile) -> None:
        self._file = file

    def members(self) -> Iterator[_Member]:
        for info in self._file:
            if not (info.isfile() or info.isdir()):
                raise _refused(info.name, "is a link, a device or a pipe")
            yield _Member(_path(info.name, info.isdir()), info.isdir(), info.size, bool(info.mode & 0o100), info)

    def open(self, member: _Member) -> IO[bytes]:
        file = self._file.extractfile(member.source)  # type: ignore[arg-type] # the TarInfo put there by members
        if file is None:
            raise _refused(str(member.path), "has no content")
        return file


class _ZipReader:
    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    def members(self) -> Iterator[_Member]:
        for info in self._file.infolist():
            mode = info.external_attr >> 16
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise _refused(info.filename, "is a link, a device or a pipe")
            path = _path(info.filename, info.is_dir())
            yield _Member(path, info.is_dir(), info.file_size, bool(mode & 0o100), info)

    def open(self, member: _Member) -> IO[bytes]:
        return self._file.open(member.source)  # type: ignore[arg-type] # the ZipInfo put there by members


@contextmanager
def _reader(archive: Path) -> Iterator[_TarReader | _ZipReader]:
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as zipped:
                yield _ZipReader(zipped)
        else:
            with tarfile.open(archive) as tarred:
                yield _TarReader(tarred)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as exc:
        raise InvalidParameterValue(f"Cannot unpack '{archive.name}': {exc}; give an intact tar or zip file.") from exc


def _unpack(archive: Path, reader: _TarReader | _ZipReader, folder: Path, max_bytes: int, max_files: int) -> None:
    left = max_bytes
    for count, member in enumerate(reader.members(), 1):
        if count > max_files or member.size > left:
            raise InvalidParameterValue(
                f"Cannot unpack '{archive.name}': it holds more than {max_files} files or {max_bytes} bytes."
            )
        place = folder.joinpath(*member.path.parts)
        if member.is_dir:
            place.mkdir(0o700, parents=True, exist_ok=True)
            continue
        place.parent.mkdir(0o700, parents=True, exist_ok=True)
        with reader.open(member) as source:
            left -= _copy(source, place, member, left)


def _copy(source: IO[bytes], place: Path, member: _Member, limit: int) -> int:
    written = 0
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        file = os.fdopen(os.open(place, flags, 0o700 if member.executable else 0o600), "wb")
    except FileExistsError as exc:
        raise _refused(str(member.path), "comes twice") from exc
    with file:
        while block := source.read(BLOCK):
            written += len(block)
            if written > limit:
                raise _refused(str(member.path), "is longer than it says")
            file.write(block)
    return written


def _path(name: str, is_dir: bool) -> ArtifactPath:
    try:
        path = ArtifactPath.parse(name)
    except InvalidParameterValue as exc:
        raise _refused(name, "leads out of its archive or cannot be a file name") from exc
    if "\\" in name or (not path.parts and not is_dir):
        raise _refused(name, "leads out of its archive or cannot be a file name")
    return path


def _refused(name: str, why: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"Refused to unpack the member '{name[:200]}': it {why}; do not trust this archive.")
