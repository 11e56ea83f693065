"""What the processes of a server share of its traffic, and what a restart must not lose.

One small SQLite file in the server's state folder holds the routing (weights, buckets, ramp), what was counted, and
what happened. Nobody reads it while answering: each process keeps a copy of the routing and looks, twice a second,
whether its version has moved.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import msgspec

from mlflow.exceptions import InvalidParameterValue
from mlflow.serving.shared_files import connect, transaction
from mlflow.serving.traffic.ramps import Ramp
from mlflow.serving.traffic.routes import Routes
from mlflow.serving.traffic.split import Split

__all__ = ["Count", "Event", "Routing", "State", "now_ms"]

_FILE = "traffic.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS routing (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL,
  document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL,
  variant TEXT NOT NULL, message TEXT NOT NULL, evidence BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS counts (variant TEXT NOT NULL, version TEXT NOT NULL, name TEXT NOT NULL,
  value REAL NOT NULL, PRIMARY KEY (variant, version, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answering (variant TEXT PRIMARY KEY, start TEXT NOT NULL,
  version TEXT NOT NULL) WITHOUT ROWID;
"""
_KEPT_EVENTS = 10_000

Count = tuple[str, str, str]
"""Variant, version of its model, and what is counted."""


class Routing(msgspec.Struct, frozen=True, kw_only=True):
    """How traffic is divided.

    Attributes:
        version: rises with every change.
        told: what the server was started with.
        weights: those that hold now.
        split: the owner of each bucket.
        ramp: the ramp under way, or the last one that went to its end.
    """

    version: int = 0
    told: Routes
    weights: dict[str, float]
    split: Split
    ramp: Ramp | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened.

    Attributes:
        kind: start, weights, ramp, reload, reload-failed, or a word of whoever noted it.
        variant: whom it is about; empty for all.
        message: what happened and why, for people.
        evidence: numbers behind it.
        at: when, in milliseconds of UTC.
        seq: its number.
    """

    kind: str
    message: str
    variant: str = ""
    evidence: dict[str, Any] = {}
    at: int = 0
    seq: int = 0


class State:
    """The shared state of one server; each process opens it after a fork.

    Args:
        connection: to the file.
        start: what all processes of one start of the server know; empty where there is only one.

    Attributes:
        folder: where it lies, for what others keep beside it; None when it is in memory.
    """

    def __init__(self, connection: sqlite3.Connection, folder: Path | None, start: str = "") -> None:
        self._connection, self.folder, self._start = connection, folder, start
        self._lock = threading.RLock()
        self._closed = False

    @classmethod
    def open(cls, folder: Path | None, start: str = "") -> Self:
        """Open the state in a folder, made for this user alone; in memory, for one process, without one.

        Raises:
            InvalidParameterValue: the folder cannot be used.
        """
        try:
            if folder is not None:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            connection = connect(folder / _FILE if folder is not None else None, _TABLES)
        except (OSError, sqlite3.Error) as exc:
            raise InvalidParameterValue(
                f"The state of traffic cannot be kept in '{folder}': {exc}. Give a folder that can be written to."
            ) from exc
        return cls(connection, folder, start)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._closed = True
            self._connection.close()

    def version(self) -> int:
        """The version of the routing; 0 while there is none."""
        with self._lock:
            found = self._connection.execute("SELECT version FROM routing").fetchone()
        return int(found[0]) if found else 0

    def routing(self) -> Routing | None:
        """The routing; None while there is none."""
        with self._lock:
            found = self._connection.execute("SELECT document FROM routing").fetchone()
        return msgspec.json.decode(found[0], type=Routing) if found else None

    def change(self, decide: Callable[[Routing | None], tuple[Routing, Event] | None]) -> Routing | None:
        """Replace the routing in one transaction.

        Args:
            decide: from what holds to what shall hold, and the event that is noted with it; None leaves all as it is.

        Returns:
            What holds then.
        """
        with self._transaction():
            now = self.routing()
            decided = decide(now)
            if decided is None:
                return now
            routing, event = decided
            routing = msgspec.structs.replace(routing, version=(now.version if now else 0) + 1)
            self._connection.execute(
                "INSERT INTO routing (one, version, document) VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET "
                "version = excluded.version, document = excluded.document",
                (routing.version, msgspec.json.encode(routing)),
            )
            self._note(event)
        return routing

    def note(self, event: Event) -> None:
        """Keep an event, with the time that it is now."""
        with self._transaction():
            self._note(event)

    def events(self, most: int = 100, since: int = 0) -> list[Event]:
        """The newest events, the newest first; of those noted after the number `since`."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT kind, message, variant, evidence, at, seq FROM events WHERE seq > ? ORDER BY seq DESC LIMIT ?",
                (since, most),
            ).fetchall()
        names = ("kind", "message", "variant", "evidence", "at", "seq")
        return [
            Event(**{**dict(zip(names, row, strict=True)), "evidence": msgspec.json.decode(row[3])}) for row in rows
        ]

    def remember(self, variant: str, version: str) -> None:
        """Keep which version of a variant answers, for a process that takes the place of one that ended."""
        if self._start:
            with self._transaction():
                self._connection.execute(
                    "INSERT INTO answering (variant, start, version) VALUES (?, ?, ?) ON CONFLICT (variant) DO UPDATE "
                    "SET start = excluded.start, version = excluded.version",
                    (variant, self._start, version),
                )

    def remembered(self, variant: str) -> str | None:
        """The version of a variant that answered last since the server started; None while none did."""
        with self._lock:
            found = self._connection.execute(
                "SELECT version FROM answering WHERE variant = ? AND start = ? AND start != ''", (variant, self._start)
            ).fetchone()
        return str(found[0]) if found else None

    def agree(self, variant: str, version: str) -> str:
        """The version of a variant that the first process of this start named; the given one to begin with."""
        if not self._start:
            return version
        with self._transaction():
            known = self.remembered(variant)
            if known is None:
                self._connection.execute(
                    "REPLACE INTO answering (variant, start, version) VALUES (?, ?, ?)", (variant, self._start, version)
                )
        return known or version

    def add(self, counts: Mapping[Count, float]) -> None:
        """Add to what was counted."""
        with self._transaction():
            self._connection.executemany(
                "INSERT INTO counts (variant, version, name, value) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "value = value + excluded.value",
                [(*key, value) for key, value in counts.items()],
            )

    def counts(self) -> dict[Count, float]:
        """All that was counted."""
        with self._lock:
            rows: Iterable[tuple[str, str, str, float]] = self._connection.execute(
                "SELECT variant, version, name, value FROM counts"
            ).fetchall()
        return {(variant, version, name): value for variant, version, name, value in rows}

    def _note(self, event: Event) -> None:
        noted = self._connection.execute(
            "INSERT INTO events (at, kind, variant, message, evidence) VALUES (?, ?, ?, ?, ?)",
            (now_ms(), event.kind, event.variant, event.message, msgspec.json.encode(event.evidence)),
        )
        self._connection.execute("DELETE FROM events WHERE seq <= ?", ((noted.lastrowid or 0) - _KEPT_EVENTS,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise sqlite3.ProgrammingError("The state of traffic is closed.")
            with transaction(self._connection):
                yield


def now_ms() -> int:
    """The time, in milliseconds of UTC."""
    return time.time_ns() // 1_000_000
