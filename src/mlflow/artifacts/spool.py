"""Writers for stores that take whole files only: through a private temporary file, or a thread that is fed."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from mlflow.artifacts.digests import Digest, WholeHasher, check
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.store import ArtifactStore, Buffer, FileStat
from mlflow.exceptions import DataLoss
from mlflow.temporary_folders import lasting_folder, release

__all__ = ["Fed", "SpoolWriter"]

T = TypeVar("T")

_AHEAD = 4


class SpoolWriter:
    """Collects a file on this machine's disk and uploads it when it is complete."""

    def __init__(self, store: ArtifactStore, path: ArtifactPath, digest: Digest | None, size: int | None) -> None:
        self._store, self._path, self._expected, self._size = store, path, digest, size
        self._hasher = digest.hasher() if digest else WholeHasher()
        self._folder = lasting_folder("upload")
        self._file = (self._folder / "content").open("wb", buffering=0)
        self._written = 0

    def write(self, data: Buffer, /) -> None:
        self._hasher.update(data)
        self._file.write(data)
        self._written += len(data)

    def commit(self) -> FileStat:
        try:
            if self._size is not None and self._written != self._size:
                raise DataLoss(f"'{self._path}' has {self._written} bytes, but {self._size} were announced.")
            digest = self._hasher.digest()
            check(str(self._path), self._expected, digest)
            self._store.upload_file(self._folder / "content", self._path)
            return FileStat(self._path, size=self._written, digest=digest)
        finally:
            self.abort()

    def abort(self) -> None:
        self._file.close()
        release(self._folder)


class Fed:
    """Runs a function that pulls blocks in a thread, and pushes blocks to it.

    Args:
        consume: called with the iterator of blocks; what it raises comes out of `put` or `finish`.
    """

    def __init__(self, consume: Callable[[Iterator[bytes]], object]) -> None:
        self._consume = consume
        self._blocks: queue.Queue[bytes | BaseException | None] = queue.Queue(_AHEAD)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="mlflow-artifacts-upload", daemon=True)
        self._thread.start()

    def put(self, block: bytes) -> None:
        """Hand on a block; waits while the function is busy."""
        self._push(block)
        if self._failure:
            raise self._failure

    def finish(self) -> None:
        """Say that all blocks came, and wait for the function to end."""
        self._push(None)
        self._thread.join()
        if self._failure:
            raise self._failure

    def cancel(self, reason: BaseException) -> None:
        """Make the function's iterator raise, and wait for it to end."""
        self._push(reason)
        self._thread.join()

    def _push(self, item: bytes | BaseException | None) -> None:
        while self._thread.is_alive():
            with contextlib.suppress(queue.Full):
                self._blocks.put(item, timeout=0.2)
                break

    def _run(self) -> None:
        try:
            self._consume(self._pull())
        except BaseException as exc:  # noqa: BLE001 - raised again by the thread that feeds this one
            self._failure = exc

    def _pull(self) -> Iterator[bytes]:
        while (item := self._blocks.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
