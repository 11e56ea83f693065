"""The folder of one journal: its parts, locks, shipping state and spooled files."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from mlflow.journal.acknowledged import Acknowledged
from mlflow.journal.lock import FileLock

__all__ = ["ACKNOWLEDGED", "OWNER_LOCK", "SHIPPER_LOCK", "SPOOL", "HeldFolder", "remove_folder", "sync_folder"]

OWNER_LOCK = "owner.lock"
SHIPPER_LOCK = "shipper.lock"
ACKNOWLEDGED = "acknowledged"
SPOOL = "spool"


class HeldFolder:
    """A journal's folder with the lock of its owner; `close` lets go of it."""

    def __init__(self, folder: Path, owner: FileLock, acknowledged: Acknowledged) -> None:
        self.path = folder
        self.acknowledged = acknowledged
        self._owner = owner

    @classmethod
    @contextlib.contextmanager
    def made(cls, folder: Path) -> Iterator[HeldFolder]:
        """Make a folder under a hidden name for the block to fill, and show it, locked, when the block is done.

        Raises:
            OSError: something cannot be written; nothing is left behind.
        """
        draft = folder.with_name(f".{folder.name}.new")
        with contextlib.ExitStack() as undo:
            draft.mkdir(mode=0o700)
            undo.callback(shutil.rmtree, draft, ignore_errors=True)
            owner = FileLock.acquire(draft / OWNER_LOCK)
            if owner is None:
                raise OSError(f"the new lock in {draft} is taken")
            undo.callback(owner.close)
            acknowledged = Acknowledged(draft / ACKNOWLEDGED)
            undo.callback(acknowledged.close)
            acknowledged.write(0)
            held = cls(draft, owner, acknowledged)
            yield held
            draft.rename(folder)
            held.path = folder
            undo.pop_all()

    def close(self) -> None:
        """Let go of the lock; harmless when done twice."""
        self.acknowledged.close()
        self._owner.close()


def remove_folder(folder: Path) -> None:
    """Remove a journal, out of everybody's sight first; harmless when it is gone."""
    gone = folder.with_name(f".{folder.name}.old")
    with contextlib.suppress(OSError):
        folder.rename(gone)
        shutil.rmtree(gone)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power loss."""
    if sys.platform != "win32":
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
