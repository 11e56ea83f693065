"""Remote models kept on this machine: a model that was loaded once is not downloaded again.

    ~/.cache/mlflow/models/
      5f0c…/            a model's folder, named by what tells it from all others
      5f0c….lock        held, shared, by each process that has loaded it

What names it is a SHA-256 over the manifest, the digests of its files and the listing of its folder: small requests
that also notice a model that was replaced in its place. An entry appears as a whole, is never changed, and is
removed, the longest unused first, when all are larger than the limit; not while a process holds it.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.store import ArtifactStore
from mlflow.entities import FileInfo
from mlflow.environment_variables import MLFLOW_MODEL_CACHE_DIR, MLFLOW_MODEL_CACHE_MAX_BYTES
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.journal.lock import FileLock
from mlflow.models.digests import DIGESTS_FILE_NAME
from mlflow.temporary_folders import lasting_folder

__all__ = ["ModelCache", "cache_folder", "kept"]

_LOG = logging.getLogger(__name__)
_MANIFEST = "MLmodel"
_PARTIAL = ".partial-"
_DAY = 86_400.0
_PAUSE = 0.01  # seconds; a removal holds the lock for a rename


def kept(store: ArtifactStore, uri: str) -> Path:
    """The folder of a remote model on this machine: the kept one, or a new one that is downloaded now.

    Args:
        store: its root is the model's folder.
        uri: for messages.

    Raises:
        ResourceDoesNotExist: there is no model.
    """
    files = store.list(ArtifactPath())
    if not any(file.path == _MANIFEST for file in files):
        raise ResourceDoesNotExist(f"No model at '{uri}': it has no file 'MLmodel'. Check the URI.")
    limit = MLFLOW_MODEL_CACHE_MAX_BYTES.get()
    cache = ModelCache(cache_folder(), limit) if limit > 0 else None
    if cache is not None and cache.ready():
        return cache.folder_of(store, files)
    return store.download(ArtifactPath(), lasting_folder("model"))


def cache_folder() -> Path:
    """Where models are kept, for this user."""
    if chosen := MLFLOW_MODEL_CACHE_DIR.get():
        return Path(chosen).absolute()
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is no home
    given = os.environ.get("XDG_CACHE_HOME", "")
    if Path(given).is_absolute():
        return Path(given, "mlflow", "models")
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local", "mlflow", "models")
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "mlflow" / "models"


class ModelCache:
    """Models in a folder, of a size that is bounded.

    Args:
        folder: made if absent, for its user alone.
        limit: in bytes.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit

    def ready(self) -> bool:
        """Whether the folder can be used; said once in the log when it cannot."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as exc:
            _LOG.warning("Models are not kept in '%s': %s. Set MLFLOW_MODEL_CACHE_DIR.", self._folder, exc.strerror)
            return False
        return os.access(self._folder, os.W_OK)

    def folder_of(self, store: ArtifactStore, files: list[FileInfo]) -> Path:
        """The folder of a model, downloaded when it is not kept.

        Args:
            store: its root is the model's folder.
            files: the listing of its root.
        """
        key = _key(store, files)
        entry = self._folder / key
        _HOLDS.hold(self._folder / f"{key}.lock")
        if entry.is_dir():
            with contextlib.suppress(OSError):
                os.utime(entry)
            return entry
        self._download(store, entry)
        with contextlib.suppress(FileNotFoundError):  # another process makes room at the same time
            self._make_room(entry)
        return entry

    def _download(self, store: ArtifactStore, entry: Path) -> None:
        partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=self._folder))
        try:
            store.download(ArtifactPath(), partial)
            with contextlib.suppress(OSError):  # another process was faster: its folder is as good
                partial.rename(entry)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        if not entry.is_dir():
            raise ResourceDoesNotExist(f"The model could not be kept in '{entry}'. Set MLFLOW_MODEL_CACHE_DIR.")

    def _make_room(self, newest: Path) -> None:
        """Remove what was unused for longest until the rest is within the limit, and what dead processes left."""
        found = [(path.stat().st_mtime, path) for path in self._folder.iterdir() if path.is_dir()]
        now = newest.stat().st_mtime
        for used, path in found:
            if path.name.startswith(_PARTIAL) and now - used > _DAY:
                shutil.rmtree(path, ignore_errors=True)
        entries = sorted((used, path) for used, path in found if not path.name.startswith("."))
        size = {path: _size(path) for _, path in entries}
        total = sum(size.values())
        for _, path in entries:
            if total <= self._limit:
                return
            if path != newest and self._remove(path):
                total -= size[path]

    def _remove(self, entry: Path) -> bool:
        """Remove an entry unless a process holds it."""
        name = entry.with_name(f"{entry.name}.lock")
        lock = FileLock.acquire(name)
        if lock is None:
            return False
        gone = entry.with_name(f"{_PARTIAL}{entry.name}-{os.getpid()}")
        try:
            entry.rename(gone)
        except OSError as exc:
            _LOG.warning("Kept model '%s' cannot be removed: %s.", entry, exc.strerror)
            return False
        finally:
            lock.close()  # who waits for it now finds no entry
        shutil.rmtree(gone, ignore_errors=True)
        return True


class _Holds:
    """The entries that this process has loaded, held until it ends: their files may be read at any time."""

    def __init__(self) -> None:
        self._locks: dict[tuple[int, Path], FileLock] = {}
        self._lock = threading.Lock()

    def hold(self, path: Path) -> None:
        """Hold an entry by its lock file, once nobody is about to remove it; again in a child, another holder."""
        with self._lock:
            if (os.getpid(), path) not in self._locks:
                while (lock := FileLock.share(path)) is None:
                    time.sleep(_PAUSE)
                self._locks[os.getpid(), path] = lock


_HOLDS = _Holds()


def _key(store: ArtifactStore, files: list[FileInfo]) -> str:
    """What tells a stored model from all others, and from what stood in its place before."""
    found = hashlib.sha256()
    names = {file.path for file in files}
    for name in (_MANIFEST, DIGESTS_FILE_NAME):
        content = store.open(ArtifactPath((name,))).read() if name in names else b""
        found.update(hashlib.sha256(content).digest())
    for file in sorted(files, key=lambda file: file.path):
        found.update(f"{file.path}\0{file.is_dir}\0{file.file_size}\n".encode())
    return found.hexdigest()


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
