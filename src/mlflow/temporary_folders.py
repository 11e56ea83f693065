"""Temporary folders that no process leaves behind.

    $TMPDIR/mlflow-process-5xk2_q0p/
      lock               held as long as the process lives
      measures-8d1w3z7a/ what it made, by kind
      model-0qv9c2rt/

What is there goes with its process at the latest. That of a process that was killed goes when another one of the same
user makes its first: nobody holds the lock any more.

What other processes go on with, such as the copy of a project, has such a folder to itself. All of them share its lock,
which is passed on when one starts another, and the last one releases it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from mlflow.journal.exits import at_exit
from mlflow.journal.lock import FileLock

__all__ = ["held_folder", "hold", "is_lasting", "lasting_folder", "let_go", "locks_of", "release", "temporary_folder"]

_PREFIX = "mlflow-process-"
_LOCK = "lock"


def lasting_folder(kind: str) -> Path:
    """Make a private folder that is there until this process ends.

    Args:
        kind: begins its name.
    """
    return _home.make(kind)


def is_lasting(path: Path) -> bool:
    """Whether a path is in a folder of this process, and so will not outlive it."""
    return _home.holds(path)


@contextlib.contextmanager
def temporary_folder(kind: str) -> Iterator[Path]:
    """Make a private folder that is there for the length of a block.

    Args:
        kind: begins its name.
    """
    home, folder = _home, _home.make(kind)
    try:
        yield folder
    finally:
        home.remove(folder)


def held_folder(kind: str) -> Path:
    """Make a private folder that is there until it is released, for this process and those that hold it too.

    Args:
        kind: begins its name.
    """
    _remove_orphans()
    folder, _held[folder] = _locked_folder(shared=True)
    return Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=folder))


def hold(folder: Path) -> None:
    """Hold a folder that another process made; one that is gone, and one of another kind, is left alone."""
    home = folder.parent
    if home not in _held and home.name.startswith(_PREFIX):
        with contextlib.suppress(FileNotFoundError):
            lock = FileLock.share(home / _LOCK)
            if lock is not None:
                _held[home] = lock


def locks_of(folders: Iterable[Path] | None = None) -> tuple[int, ...]:
    """Descriptors for `subprocess.Popen(pass_fds=…)`, by which a process that is started holds folders from then on.

    Args:
        folders: that `held_folder` made; None for all that this process holds.
    """
    locks = list(_held.values()) if folders is None else [_held.get(folder.parent) for folder in folders]
    return tuple(lock.fileno() for lock in locks if lock is not None) if os.name != "nt" else ()


def let_go(folders: Iterable[Path]) -> None:
    """Leave folders to the other processes that hold them."""
    for folder in folders:
        if (lock := _held.pop(folder.parent, None)) is not None:
            lock.close()


def release(folder: Path) -> None:
    """Remove a folder that `held_folder` made, in this process or another one; of `lasting_folder`, before its time."""
    if _home.holds(folder):
        _home.remove(folder)
        return
    let_go([folder])
    shutil.rmtree(folder.parent if folder.parent.name.startswith(_PREFIX) else folder, ignore_errors=True)


class _Home:
    """The folder of this process; made when something is wanted in it, and removed with the last thing in it."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._lock: FileLock | None = None
        self._changing = threading.Lock()
        self._process, self._is_first = os.getpid(), True

    def make(self, kind: str) -> Path:
        with self._changing:
            if self._folder is None or not self._folder.is_dir():  # a cleaner of the machine's may have been there
                self._begin()
            return Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=self._folder))

    def holds(self, path: Path) -> bool:
        """Whether a path is in here."""
        return self._folder is not None and path.is_relative_to(self._folder)

    def remove(self, folder: Path) -> None:
        """Remove a folder that was made here; a forked child leaves its parent's alone."""
        if self._process != os.getpid():
            return
        with self._changing:
            shutil.rmtree(folder, ignore_errors=True)
            if self._folder is not None and not _holds_more(self._folder):
                self._end()

    def close(self) -> None:
        """Remove all of it."""
        if self._process == os.getpid():
            with self._changing:
                self._end()

    def forget(self) -> None:
        """Leave it to the process that this one was forked from."""
        if self._lock is not None:
            self._lock.close()

    def _begin(self) -> None:
        self._end()
        if self._is_first:  # what others left is looked for once: there may be thousands of files beside it
            self._is_first = False
            _remove_orphans()
        at_exit(self.close)
        self._folder, self._lock = _locked_folder()

    def _end(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
        self._folder = self._lock = None


def _locked_folder(*, shared: bool = False) -> tuple[Path, FileLock]:
    """A new folder whose lock this process has."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX)).absolute()
        with contextlib.suppress(FileNotFoundError):  # or taken: by a process that looks for orphans just now
            lock = FileLock.share(folder / _LOCK) if shared else FileLock.acquire(folder / _LOCK)
            if lock is not None:
                return folder, lock


def _holds_more(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return any(entry.name != _LOCK for entry in folder.iterdir())
    return False


def _remove_orphans() -> None:
    """Remove what processes of this user left that are no more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if _is_own(folder) and (lock := FileLock.acquire(folder / _LOCK)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                lock.close()


def _is_own(folder: Path) -> bool:
    """Whether a name in a folder that others write to is a folder of this user's, and no link to one."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and (os.name == "nt" or found.st_uid == os.geteuid())


_home = _Home()
_held: dict[Path, FileLock] = {}


def _start_afresh() -> None:
    global _home
    _home.forget()
    _home = _Home()
    for lock in _held.values():
        lock.close()
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_afresh)
