"""SQLite: readers see snapshots, and one thread at a time commits what callers want written.

A caller that finds nobody writing writes by itself. A commit waits for the disk, so what comes meanwhile queues, and
one thread takes all of it into one transaction (group commit). Each job has a savepoint of its own (1.4 µs), so a job
that raises takes nothing with it. Several processes take turns by BEGIN IMMEDIATE.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, event
from sqlalchemy.pool import QueuePool

from mlflow._sqlite import set_journal_mode
from mlflow.environment_variables import MLFLOW_SQLALCHEMYSTORE_ECHO
from mlflow.sql.engine import Database
from mlflow.sql.failures import translated
from mlflow.sql.filesystems import is_network_folder

__all__ = ["SQLiteDatabase"]

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_BUSY_SECONDS = 30
_MOST_JOBS = 1024  # in one transaction
_READERS = 16  # connections kept; more are opened and closed as needed
_MADE_BY_MLFLOW = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
_PRAGMAS = ("synchronous=FULL", "temp_store=MEMORY", "cache_size=-32000", f"busy_timeout={_BUSY_SECONDS * 1000}")


class SQLiteDatabase(Database):
    """A SQLite file, or a database in memory, which dies with this object."""

    def __init__(self, url: sa.URL) -> None:
        self._in_memory = url.database in {None, "", ":memory:"}
        if not self._in_memory and not (url.database or "").startswith("file:"):
            path = Path(url.database or "").absolute()  # the current folder may change later
            path.parent.mkdir(parents=True, exist_ok=True)
            url = url.set(database=str(path))
        super().__init__(url)
        self._lock = threading.Lock()
        self._left_to_parent: list[object] = []
        self._reset()

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._engine = _create_engine(self.url, self._in_memory)
        self._writer: _Writer | None = None

    def read(self, job: Callable[[Connection], T]) -> T:
        if self._in_memory:
            return self.write(job)
        with translated(), self._engine.connect() as connection:
            _raw(connection).execute("BEGIN")
            return job(connection)

    def write(self, job: Callable[[Connection], T]) -> T:
        ticket = _Ticket(job)
        writer = self._writer
        if writer is None or not writer.write_now(ticket):
            self._queue(ticket)
        with translated():
            return ticket.wait()

    def write_later(self, job: Callable[[Connection], object]) -> None:
        self._queue(_Ticket(job, awaited=False))

    def close(self) -> None:
        with self._lock:
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.queue.put(None)
                writer.join()
            self._engine.dispose()

    def after_fork(self) -> None:
        # closing a file that the parent has open would be felt by the parent, so these stay as they are
        self._left_to_parent += [self._engine, self._writer]
        self._reset()

    def _queue(self, ticket: _Ticket[Any]) -> None:
        with self._lock:
            if self._writer is None:
                self._writer = _Writer(self._engine)
                self._writer.start()
            self._writer.queue.put(ticket)


class _Ticket(Generic[T]):
    """A job in the queue and, later, what became of it."""

    __slots__ = ("_done", "awaited", "error", "job", "result")

    def __init__(self, job: Callable[[Connection], T], awaited: bool = True) -> None:
        self.job = job
        self.awaited = awaited
        self.result: T
        self.error: BaseException | None = None
        self._done = threading.Lock()
        self._done.acquire()

    def run(self, connection: Connection) -> None:
        try:
            self.result = self.job(connection)
        except BaseException as error:  # noqa: BLE001 - the caller's thread raises it
            self.error = error

    def finish(self) -> None:
        if self.error is not None and not self.awaited:
            _LOG.warning("A write that nobody waits for failed: %s", self.error)
        self._done.release()

    def wait(self) -> T:
        self._done.acquire()
        if self.error is not None:
            raise self.error
        return self.result


class _Writer(threading.Thread):
    """The connection that writes, and the thread that uses it for what queues; it ends when it finds None there."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(name="mlflow-sqlite-writer", daemon=True)
        self.queue: SimpleQueue[_Ticket[Any] | None] = SimpleQueue()
        self._engine = engine
        self._connection: Connection | None = None
        self._turn = threading.Lock()  # of using the connection
        self._wants_turn = self._ended = False

    def run(self) -> None:
        more = True
        while more and (first := self.queue.get()) is not None:
            self._wants_turn = True
            with self._turn:
                self._wants_turn = False
                tickets, more = self._gather(first)
                self._write(tickets)
        with self._turn:
            self._ended = True
            self._disconnect()

    def write_now(self, ticket: _Ticket[Any]) -> bool:
        """Write a ticket in the caller's thread, unless others write or wait: then nothing happens.

        Not in the main thread: a handler of a signal may interrupt it here, and write as well.
        """
        if (
            threading.current_thread() is threading.main_thread()
            or self._wants_turn
            or not self.queue.empty()
            or not self._turn.acquire(blocking=False)
        ):
            return False
        try:
            if self._ended:
                return False
            self._write([ticket])
        finally:
            self._turn.release()
        return True

    def _write(self, tickets: list[_Ticket[Any]]) -> None:
        try:
            self._commit(tickets)
        except BaseException as error:  # noqa: BLE001 - each caller's thread raises it
            self._disconnect()
            for ticket in tickets:
                ticket.error = ticket.error or error
        for ticket in tickets:
            ticket.finish()

    def _gather(self, first: _Ticket[Any]) -> tuple[list[_Ticket[Any]], bool]:
        tickets = [first]
        while len(tickets) < _MOST_JOBS:
            try:
                ticket = self.queue.get_nowait()
            except Empty:
                break
            if ticket is None:
                return tickets, False
            tickets.append(ticket)
        return tickets, True

    def _commit(self, tickets: list[_Ticket[Any]]) -> None:
        connection = self._connected()
        raw = _raw(connection)
        with connection.begin() as transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for ticket in tickets:
                raw.execute("SAVEPOINT job")
                ticket.run(connection)
                if ticket.error is not None:
                    if not raw.in_transaction:  # a full disk rolls everything back
                        raise ticket.error
                    raw.execute("ROLLBACK TO job")
                raw.execute("RELEASE job")
            transaction.commit()

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _raw(connection: Connection) -> Any:
    """The driver's own connection, for BEGIN: a listener of SQLAlchemy's would slow every statement down."""
    return connection.connection.dbapi_connection


def _create_engine(url: sa.URL, in_memory: bool) -> sa.Engine:
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=_READERS,
        max_overflow=-1,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": _BUSY_SECONDS},
        echo=MLFLOW_SQLALCHEMYSTORE_ECHO.get(),
        query_cache_size=2000,
    )
    folder = None if in_memory else Path(url.database or "").parent
    journal_mode = _journal_mode(folder)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        if connection.execute(_MADE_BY_MLFLOW).fetchone():
            return  # it will be refused, and must stay as it is
        _lay_out(connection, journal_mode)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()
        connection.create_function("unicode_lower", 1, str.lower, deterministic=True)

    return engine


def _lay_out(connection: Any, journal_mode: str) -> None:
    """Set what the file itself remembers, once: setting it again would wait for whoever writes."""
    if connection.execute("PRAGMA page_count").fetchone()[0] == 0:  # auto_vacuum counts before the first page only
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL").close()
    set_journal_mode(connection, journal_mode, _BUSY_SECONDS)


def _journal_mode(folder: Path | None) -> str:
    if folder is None or not is_network_folder(folder):
        return "wal"
    _LOG.warning(
        "The SQLite database lies on a network file system ('%s'), where a write-ahead log does not work: writers and "
        "readers will wait for each other. Keep it on a local disk, or use PostgreSQL or MySQL.",
        folder,
    )
    return "delete"
