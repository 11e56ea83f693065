"""SQLite files that the processes of a server share, and that a restart finds again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlflow._sqlite import set_journal_mode

__all__ = ["connect", "transaction"]

_BUSY_SECONDS = 10.0


def connect(place: Path | None, tables: str) -> sqlite3.Connection:
    """Open a file, in memory without one; each process opens it after a fork.

    Args:
        place: the file.
        tables: statements that make what is not there yet.

    Raises:
        sqlite3.Error: the file cannot be used.
    """
    connection = sqlite3.connect(place or ":memory:", _BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        set_journal_mode(connection, "wal", _BUSY_SECONDS)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(tables)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing, and no other process meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise
