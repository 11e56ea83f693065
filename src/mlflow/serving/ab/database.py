"""The file that an experiment lives in, shared by the processes of a server; a restart goes on with it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from mlflow.exceptions import InvalidParameterValue
from mlflow.serving.shared_files import connect, transaction

__all__ = ["Database", "Leadership", "read_mark", "write_mark"]

_FILE = "experiment.sqlite"
_LOCK_FILE = "leader.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS experiments (id INTEGER PRIMARY KEY, document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS slots (id INTEGER PRIMARY KEY, experiment INTEGER NOT NULL, document BLOB NOT NULL,
  tally BLOB NOT NULL, UNIQUE (experiment, document));
CREATE TABLE IF NOT EXISTS requests (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, slot INTEGER NOT NULL,
  at INTEGER NOT NULL, reward REAL);
CREATE TABLE IF NOT EXISTS arrivals (seq INTEGER PRIMARY KEY AUTOINCREMENT, slot INTEGER NOT NULL, reward REAL NOT NULL,
  late INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS assigned (slot INTEGER NOT NULL, stretch INTEGER NOT NULL, requests INTEGER NOT NULL,
  PRIMARY KEY (slot, stretch)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (experiment INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (experiment, id))
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS commands (id INTEGER PRIMARY KEY AUTOINCREMENT, document BLOB NOT NULL, answer BLOB);
CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""


class Database:
    """One process's connection; it is opened after a fork.

    Args:
        connection: to the file.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, folder: Path | None) -> Self:
        """Open the file in a folder; in memory, for one process, without one.

        Raises:
            InvalidParameterValue: the folder cannot be used.
        """
        try:
            connection = connect(folder / _FILE if folder is not None else None, _TABLES)
        except (OSError, sqlite3.Error) as exc:
            raise InvalidParameterValue(
                f"The experiment cannot be kept in '{folder}': {exc}. Give a --state-dir that can be written to."
            ) from exc
        return cls(connection)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, and nobody else meanwhile."""
        with self._lock, transaction(self._connection) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A look at what is there."""
        with self._lock:
            yield self._connection


class Leadership:
    """The right to decide, which one process has until it ends, however it ends: the system lets go of its lock.

    Args:
        folder: of the state; a server without one is alone.
    """

    def __init__(self, folder: Path | None) -> None:
        self._alone = folder is None
        self._held = False
        place = ":memory:" if folder is None else str(folder / _LOCK_FILE)
        self._connection = sqlite3.connect(place, 0.0, isolation_level=None, check_same_thread=False)

    def take(self) -> bool:
        """Whether this process has it now."""
        if self._held or self._alone:
            return True
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return False
        self._held = True
        return True

    def close(self) -> None:
        """Let another process have it."""
        self._connection.close()


def read_mark(connection: sqlite3.Connection, name: str) -> int:
    """A number that is kept under a name; 0 while there is none."""
    found = connection.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
    return int(found[0]) if found else 0


def write_mark(connection: sqlite3.Connection, name: str, value: int) -> None:
    """Keep a number under a name, in a transaction."""
    connection.execute(
        "INSERT INTO marks (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, value)
    )
