"""Shipping what earlier processes left: what `mlflow sync` does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mlflow.journal.destination import Destination
from mlflow.journal.inventory import JournalInfo, list_journals
from mlflow.journal.location import journal_directory
from mlflow.journal.orphans import Shipped, ship_orphans
from mlflow.journal.rejected import RejectedFrame, read_rejected
from mlflow.tracking.destinations import destination_for
from mlflow.tracking.uris import normalized

__all__ = ["journals", "rejected", "sync"]


def sync(directory: Path | None = None, destination: str | None = None, *, foreign: bool = False) -> Iterator[Shipped]:
    """Ship the journals of processes that have ended, their spooled files too, each to its own destination.

    Args:
        directory: where journals live; this user's when omitted.
        destination: only journals for this tracking store.
        foreign: also those of other machines that share the directory, which must be known to have ended.

    Yields:
        One report per journal that was tried, when it is done; a failure of one does not keep the next from going.
    """
    wanted = normalized(destination) if destination else None
    opened: dict[str, Destination] = {}

    def choose(uri: str) -> Destination | None:
        if wanted not in {None, uri}:
            return None
        return opened.setdefault(uri, destination_for(uri))

    yield from ship_orphans(directory or journal_directory(), choose, foreign=foreign)


def journals(directory: Path | None = None) -> list[JournalInfo]:
    """What waits, oldest first: journals of living processes too."""
    return list_journals(directory or journal_directory())


def rejected(directory: Path | None = None) -> Iterator[RejectedFrame]:
    """What destinations refused for good, with the reasons."""
    return read_rejected(directory or journal_directory())
