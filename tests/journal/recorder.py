"""A destination that keeps what it applies in a SQLite file, once per sequence number, as a store must."""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mlflow.contract.frames import Ingested, Rejected, decode
from mlflow.contract.frames_operations import Metrics, Operation, Series, Unreadable

Record = tuple[int, str, list[Any]]

SCHEMA = """
CREATE TABLE IF NOT EXISTS applied (journal TEXT PRIMARY KEY, offset INTEGER);
CREATE TABLE IF NOT EXISTS records (journal TEXT, offset INTEGER, kind TEXT, content TEXT);
CREATE TABLE IF NOT EXISTS rejected (journal TEXT, offset INTEGER, code TEXT, message TEXT);
CREATE TABLE IF NOT EXISTS uploads (run TEXT, path TEXT, sha256 TEXT, content BLOB);
"""


def records_of(operation: Operation) -> Iterator[Record]:
    """Each record with its own sequence number."""
    if isinstance(operation, Metrics):
        columns = (operation.ends, operation.steps, operation.timestamps, operation.values)
        for end, step, timestamp, values in zip(*(column.tolist() for column in columns), strict=True):
            yield end, "Metrics", [operation.run_id, list(operation.keys), step, timestamp, values]
    elif isinstance(operation, Series):
        columns = (operation.steps, operation.timestamps, operation.values)
        yield operation.end, "Series", [operation.run_id, operation.key, *(column.tolist() for column in columns)]
    elif isinstance(operation, Unreadable):
        yield operation.offset, "Unreadable", [operation.reason]
    else:
        yield operation.end, type(operation).__name__, [repr(operation)]


class Recorder:
    """The destination `recorder:<path>`; `refuse` gives the reason why a record is rejected, or None."""

    def __init__(self, path: str | Path, refuse: Callable[[str, list[Any]], str | None] | None = None) -> None:
        self.path = str(path)
        self.refuse = refuse or (lambda kind, content: None)
        self.calls = 0
        with self._database() as database:
            database.executescript(SCHEMA)

    @contextlib.contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            database.execute("PRAGMA synchronous=OFF")
            yield database
        finally:
            database.close()

    def ingest(self, journal_id: str, start: int, definitions: bytes, frames: memoryview) -> Ingested:
        self.calls += 1
        operations = list(decode(definitions, frames, start))
        with self._database() as database:
            database.execute("BEGIN IMMEDIATE")
            row = database.execute("SELECT offset FROM applied WHERE journal = ?", (journal_id,)).fetchone()
            done = row[0] if row else 0
            for operation in operations:
                for offset, kind, content in records_of(operation):
                    if offset > done:
                        self._apply(database, journal_id, offset, kind, content)
            end = max(done, start + len(frames))
            database.execute("INSERT OR REPLACE INTO applied VALUES (?, ?)", (journal_id, end))
            refused = database.execute(
                "SELECT offset, code, message FROM rejected WHERE journal = ? AND offset > ? AND offset <= ?",
                (journal_id, start, end),
            ).fetchall()
            database.execute("COMMIT")
        return Ingested(end, [Rejected(*reason) for reason in refused])

    def _apply(self, database: sqlite3.Connection, journal: str, offset: int, kind: str, content: list[Any]) -> None:
        if (reason := self.refuse(kind, content)) is not None:
            refusal = (journal, offset, "INVALID_PARAMETER_VALUE", reason)
            database.execute("INSERT INTO rejected VALUES (?, ?, ?, ?)", refusal)
        else:
            database.execute("INSERT INTO records VALUES (?, ?, ?, ?)", (journal, offset, kind, json.dumps(content)))

    def upload(self, run_id: str, path: str, file: Path, sha256: str) -> None:
        with self._database() as database:
            database.execute("DELETE FROM uploads WHERE run = ? AND path = ?", (run_id, path))
            database.execute("INSERT INTO uploads VALUES (?, ?, ?, ?)", (run_id, path, sha256, file.read_bytes()))

    def records(self, journal_id: str | None = None) -> list[Record]:
        """All that was applied, by journal, in the order of the sequence numbers."""
        with self._database() as database:
            rows = database.execute(
                "SELECT offset, kind, content FROM records WHERE journal = coalesce(?, journal)"
                " ORDER BY journal, offset",
                (journal_id,),
            ).fetchall()
        return [(offset, kind, json.loads(content)) for offset, kind, content in rows]

    def steps(self, journal_id: str | None = None) -> list[int]:
        """The steps of all metrics applied."""
        return [content[2] for _, kind, content in self.records(journal_id) if kind == "Metrics"]

    def uploads(self) -> list[tuple[str, str, str, bytes]]:
        with self._database() as database:
            return database.execute("SELECT * FROM uploads").fetchall()


def recorder(uri: str) -> Recorder:
    """What the shipper's child process makes of a destination's URI."""
    return Recorder(uri.removeprefix("recorder:"))
