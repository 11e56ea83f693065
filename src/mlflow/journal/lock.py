"""A lock file: held by one process at a time, and let go by the kernel when that process dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["FileLock", "is_held"]

if sys.platform == "win32":
    import msvcrt

    def _try_lock(fd: int, *, shared: bool) -> None:
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(fd: int, *, shared: bool) -> None:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


class FileLock:
    """An exclusive lock on a file, held until `close`.

    A file that was removed meanwhile, with the folder that it guards, cannot be locked: the lock would be of nothing.
    Descendants of a fork share it, so each calls `close` on its own copy; the lock is free when the last one did.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd

    @classmethod
    def acquire(cls, path: Path) -> FileLock | None:
        """Take the lock; None while somebody else holds it, or removed the file just now.

        Raises:
            OSError: the file cannot be opened.
        """
        return cls._take(path, os.O_RDWR | os.O_CREAT, shared=False)

    @classmethod
    def share(cls, path: Path) -> FileLock | None:
        """Take the lock together with others that share it; None while somebody has it alone, or removed the file.

        Raises:
            OSError: the file cannot be opened.
        """
        return cls._take(path, os.O_RDWR | os.O_CREAT, shared=True)

    @classmethod
    def _take(cls, path: Path, flags: int, *, shared: bool) -> FileLock | None:
        fd = os.open(path, flags | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _try_lock(fd, shared=shared)
            if os.path.samestat(os.fstat(fd), path.stat()):
                return cls(fd)
        except OSError:
            pass
        os.close(fd)
        return None

    def fileno(self) -> int:
        """The descriptor; who inherits it holds the lock too."""
        return self._fd

    def close(self) -> None:
        """Let go; harmless when done twice."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


def is_held(path: Path) -> bool:
    """Whether some process holds the lock; a missing file is held by nobody."""
    try:
        probe = FileLock._take(path, os.O_RDWR, shared=True)
    except FileNotFoundError:
        return False
    if probe is not None:
        probe.close()
    return probe is None
