"""What many callers want written, done in one transaction by one of them.

A commit waits for the disk and a statement costs far more than a row, so the first caller to come leads: it writes
everything that waits, and wakes the others. Whoever is left leads next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy import Connection, exc

from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.engine import Database

__all__ = ["Group", "Ticket"]

_MOST_AT_ONCE = 256  # callers in one transaction


class Ticket:
    """What one caller wants written, and later what became of it.

    Attributes:
        error: why it was not written.
    """

    __slots__ = ("_done", "_turn", "error")

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self._done = False
        self._turn = threading.Lock()
        self._turn.acquire()


T = TypeVar("T", bound=Ticket)


class Group(Generic[T]):
    """Callers that write the same kind of thing.

    Args:
        database: where.
        write: a job that writes tickets, and notes in `error` which of them it refuses. It may run more than once.
    """

    def __init__(self, database: Database, write: Callable[[Connection, Sequence[T]], None]) -> None:
        self._database = database
        self._write = write
        self._lock = threading.Lock()
        self._waiting: list[T] = []
        self._led = False

    def join(self, ticket: T) -> T:
        """Return the ticket once it is written durably; raise why it was refused."""
        self.join_all([ticket])
        if ticket.error is not None:
            raise ticket.error
        return ticket

    def join_all(self, tickets: Sequence[T]) -> None:
        """Return once all tickets are written durably, or refused: then they have an `error`."""
        if not tickets:
            return
        if threading.current_thread() is threading.main_thread():
            self._write_together(tickets)  # a signal may interrupt this thread, which others must not wait for
        else:
            self._queue(tickets)

    def _queue(self, tickets: Sequence[T]) -> None:
        with self._lock:
            self._waiting += tickets
            leads, self._led = not self._led, True
        for ticket in tickets:
            if not leads:
                ticket._turn.acquire()
            leads = False
            if not ticket._done:
                self._lead()

    def _lead(self) -> None:
        """Write what waits, the own ticket among it, and let the next one lead."""
        with self._lock:
            tickets, self._waiting = self._waiting[:_MOST_AT_ONCE], self._waiting[_MOST_AT_ONCE:]
        self._write_together(tickets)
        for ticket in tickets:
            ticket._done = True
        with self._lock:
            following = self._waiting[:1]
            self._led = bool(following)
        for ticket in following + tickets[1:]:  # the first is one's own
            ticket._turn.release()

    def _write_together(self, tickets: Sequence[T]) -> None:
        try:
            self._database.write(lambda connection: self._write(connection, tickets))
        except (InvalidParameterValue, exc.SQLAlchemyError) as error:
            if len(tickets) == 1:
                tickets[0].error = error
                return
            for ticket in tickets:  # the database refused what one of them brought
                self._write_together([ticket])
        except BaseException as error:  # noqa: BLE001 - each caller's thread raises it
            for ticket in tickets:
                ticket.error = error
