"""Whole transfers over any store: folders up and down in parallel, downloads that resume and are checked.

A download is written beside its target under a hidden name that holds the source's etag, and renamed when its size and
digest are right; an interrupted one goes on at the byte where it stopped, provided the source is still the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

from mlflow.artifacts.digests import BLOCK, Hasher, WholeHasher, check
from mlflow.artifacts.locks import try_lock
from mlflow.artifacts.paths import TEMPORARY, ArtifactPath, is_private
from mlflow.artifacts.pipeline import pipelined
from mlflow.artifacts.store import ArtifactStore, FileStat, Interrupted, Stream
from mlflow.exceptions import DataLoss

__all__ = ["WORKERS", "download", "download_file", "each", "local_files", "read_file", "upload_directory", "walk"]

WORKERS = 8
"""Files moved at the same time."""

# Below this a second start costs less than keeping track.
_RESUMABLE = 8 * BLOCK
_ATTEMPTS = 5
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)

T = TypeVar("T")


def read_file(path: Path, start: int = 0) -> Iterator[bytes]:
    """The blocks of a local file."""
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        while block := file.read(BLOCK):
            yield block


def each(action: Callable[[T], object], items: Iterable[T], workers: int = WORKERS) -> None:
    """Do something to each item, several at a time; the first failure stops the rest and is raised."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="mlflow-artifacts")
    try:
        done, _ = wait([pool.submit(action, item) for item in items], return_when=FIRST_EXCEPTION)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    for future in done:
        future.result()


def local_files(root: Path) -> Iterator[tuple[Path, ArtifactPath]]:
    """Every file below a local folder with its path relative to it; links are followed, each folder once."""
    seen: set[tuple[int, int]] = set()
    for folder, names, files in os.walk(root, followlinks=True):
        facts = os.stat(folder)  # noqa: PTH116 - os.walk gives text
        if (facts.st_dev, facts.st_ino) in seen:
            names.clear()
            continue
        seen.add((facts.st_dev, facts.st_ino))
        below = ArtifactPath(Path(folder).relative_to(root).parts)
        yield from ((Path(folder, name), below / name) for name in sorted(files) if not is_private(name))


def upload_directory(store: ArtifactStore, local: Path, path: ArtifactPath) -> None:
    """Copy every file below a local folder to below the path."""
    each(lambda file: store.upload_file(file[0], path / file[1]), local_files(local))


def walk(store: ArtifactStore, path: ArtifactPath) -> Iterator[ArtifactPath]:
    """The path of every file below a folder."""
    for info in store.list(path):
        below = ArtifactPath(tuple(info.path.split("/")))
        if info.is_dir:
            yield from walk(store, below)
        else:
            yield below


def download(store: ArtifactStore, path: ArtifactPath, destination: Path) -> Path:
    """Copy a file or folder into a local folder, under its own name."""
    target = destination / path.name
    if path.parts and not store.stat(path).is_dir:
        store.download_file(path, target)
        return target
    depth = len(path.parts)
    target.mkdir(parents=True, exist_ok=True)
    each(lambda file: store.download_file(file, target.joinpath(*file.parts[depth:])), walk(store, path))
    return target


def download_file(store: ArtifactStore, path: ArtifactPath, target: Path) -> None:
    """Copy one file to a local path, going on after interruptions for as long as there is progress."""
    target.parent.mkdir(parents=True, exist_ok=True)
    failures = 0
    while True:
        before = _held(target)
        try:
            _attempt(store, path, target)
            break
        except Interrupted:
            failures = 1 if _held(target) > before else failures + 1
            if failures == _ATTEMPTS:
                raise


def _attempt(store: ArtifactStore, path: ArtifactPath, target: Path) -> None:
    partial = _Partial.resumed(target)
    if partial:
        with contextlib.closing(partial), store.open(path, partial.size) as stream:
            if partial.continues(stream):
                partial.receive(stream, target)
                return
    with store.open(path) as stream, contextlib.closing(_Partial.fresh(target, stream.stat)) as fresh:
        fresh.receive(stream, target)


class _Partial:
    """The hidden file that becomes the target; locked, so that two downloads of one file do not mix."""

    def __init__(self, path: Path, file: int, resumable: bool) -> None:
        self.path = path
        self.size = os.fstat(file).st_size
        self._file = file
        self._resumable = resumable

    @classmethod
    def resumed(cls, target: Path) -> _Partial | None:
        """What an interrupted download left, cut to whole blocks with at least a byte to come."""
        path = _kept(target)
        if not path.exists() or not _source(path).exists():
            return None
        file = _open_locked(path)
        if file is None:
            return None
        os.ftruncate(file, max(0, os.fstat(file).st_size - 1) // BLOCK * BLOCK)
        return cls(path, file, resumable=True)

    @classmethod
    def fresh(cls, target: Path, stat: FileStat) -> _Partial:
        """An empty file; under a name that a later download recognises when the source is worth it."""
        if stat.size >= _RESUMABLE and stat.etag:
            path = _kept(target)
            file = _open_locked(path)
            if file is not None:
                os.ftruncate(file, 0)
                _source(path).write_text(_tag(stat))
                return cls(path, file, resumable=True)
        path = target.with_name(f"{TEMPORARY}{secrets.token_hex(8)}")
        return cls(path, os.open(path, _FLAGS | os.O_EXCL, 0o666), resumable=False)

    def continues(self, stream: Stream) -> bool:
        """Whether the stream is the rest of this file; if not, the file goes."""
        fits = stream.start == self.size and _source(self.path).read_text() == _tag(stream.stat)
        self._resumable = fits
        return fits

    def receive(self, stream: Stream, target: Path) -> None:
        """Append the stream, check size and digest of the whole, and give the file its name.

        Raises:
            DataLoss: they are not the source's; what came is thrown away.
        """
        hasher: Hasher = stream.stat.digest.hasher() if stream.stat.digest else WholeHasher()
        for block in read_file(self.path):
            hasher.update(block)

        def keep(block: bytes) -> None:
            if stream.stat.digest:
                hasher.update(block)
            self._append(block)

        pipelined(stream, keep, stream.stat.size - stream.start)
        self._verify(stream.stat, hasher)
        self.path.replace(target)
        self._resumable = False

    def close(self) -> None:
        """Let the file go; one that no later download could continue is removed."""
        os.close(self._file)
        if not self._resumable:
            self.remove()

    def remove(self) -> None:
        """Take the file off the disk."""
        self.path.unlink(missing_ok=True)
        _source(self.path).unlink(missing_ok=True)

    def _append(self, block: bytes) -> None:
        view = memoryview(block)
        while view:
            view = view[os.write(self._file, view) :]
        self.size += len(block)

    def _verify(self, stat: FileStat, hasher: Hasher) -> None:
        try:
            if self.size != stat.size:
                raise DataLoss(f"'{stat.path}' arrived with {self.size} of {stat.size} bytes; download it again.")
            if stat.digest:
                check(str(stat.path), stat.digest, hasher.digest())
        except DataLoss:
            self._resumable = False
            raise


def _open_locked(path: Path) -> int | None:
    file = os.open(path, _FLAGS, 0o666)
    if try_lock(file):
        return file
    os.close(file)
    return None


def _kept(target: Path) -> Path:
    name = hashlib.sha256(target.name.encode(errors="surrogateescape")).hexdigest()[:16]
    return target.with_name(TEMPORARY + name)


def _source(partial: Path) -> Path:
    return partial.with_name(f"{partial.name}-source")


def _held(target: Path) -> int:
    try:
        return _kept(target).stat().st_size
    except FileNotFoundError:
        return 0


def _tag(stat: FileStat) -> str:
    return hashlib.sha256(f"{stat.etag} {stat.size}".encode()).hexdigest()[:16]
