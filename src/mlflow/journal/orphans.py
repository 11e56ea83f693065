"""Shipping what ended processes left."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from mlflow.exceptions import ResourceConflict, ResourceDoesNotExist
from mlflow.journal.delivery import SLICE_BYTES, Delivery
from mlflow.journal.destination import Destination
from mlflow.journal.folder import OWNER_LOCK
from mlflow.journal.inventory import list_journals
from mlflow.journal.lock import FileLock, is_held
from mlflow.journal.reader import JournalReader

__all__ = ["Shipped", "ship_orphans"]

DRAFT_SECONDS = 3600


class Shipped(msgspec.Struct, frozen=True):
    """What became of an orphaned journal.

    `bytes` were sent, `rejected` records set aside; `error` says why the rest was left where it is, and is None when
    the journal was shipped to its end and deleted.
    """

    journal_id: str
    destination: str
    bytes: int
    rejected: int
    error: str | None = None


def ship_orphans(
    directory: Path, destination_for: Callable[[str], Destination | None], *, foreign: bool = False
) -> Iterator[Shipped]:
    """Ship the journals that no process holds, each to its own destination, and delete those that are done.

    Args:
        directory: where journals live.
        destination_for: what a destination's URI stands for; None leaves its journals alone.
        foreign: also those of other hosts that share the directory. Their locks may not be seen from here, so do this
            only when they are known to have ended.

    Yields:
        One report per journal that was tried.
    """
    _sweep_drafts(directory)
    for found in list_journals(directory):
        if found.live or found.damaged or (found.foreign and not foreign):
            continue
        destination = destination_for(found.destination)
        if destination is None:
            continue
        with _claimed(found.folder) as reader:
            if reader is not None:
                yield _ship(reader, Delivery(reader, destination, directory))


@contextlib.contextmanager
def _claimed(folder: Path) -> Iterator[JournalReader | None]:
    """A journal held as its owner and as its shipper, or None when somebody was faster."""
    with contextlib.ExitStack() as held:
        try:
            owner = FileLock.acquire(folder / OWNER_LOCK)
            if owner is not None:
                held.callback(owner.close)
            reader = None if owner is None else JournalReader(folder, orphaned=True)
        except (FileNotFoundError, ResourceConflict, ResourceDoesNotExist):
            reader = None
        if reader is not None:
            held.callback(reader.close)
        yield reader


def _ship(reader: JournalReader, delivery: Delivery) -> Shipped:
    start, error = reader.acknowledged, None
    try:
        while delivery.step(SLICE_BYTES):
            pass
        reader.delete()
    except Exception as exc:  # noqa: BLE001 - one journal's destination may be gone while another's is there
        error = str(exc)
    return Shipped(reader.journal_id, reader.destination, reader.acknowledged - start, delivery.rejected, error)


def _sweep_drafts(directory: Path) -> None:
    """Remove folders of processes that died before their journal began, or while they removed it."""
    for draft in [*directory.glob(".*.new"), *directory.glob(".*.old")]:
        with contextlib.suppress(OSError):
            if not is_held(draft / OWNER_LOCK) and time.time() - draft.stat().st_mtime > DRAFT_SECONDS:
                shutil.rmtree(draft)
