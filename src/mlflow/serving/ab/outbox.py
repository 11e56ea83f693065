"""What the tracking server and the model registry are to be told, kept until they have taken it.

Decisions do not wait for another server, and what they rest on must not get lost while that one is away: it lies in the
experiment's file, written in the transaction of the decision. Evidence has an id, so that a registry which took it and
could not say so does not take it twice.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import msgspec

from mlflow.exceptions import MlflowException
from mlflow.serving.ab.database import Database
from mlflow.serving.ab.experiment import RunIds

__all__ = ["Conclusion", "Finding", "Message", "Outbox", "put", "waits"]

_LOG = logging.getLogger(__name__)
_AGAIN = 10.0  # seconds until a server that is away is tried again
_MOST = 1_000  # messages; of more, the oldest are given up
_AWAY = frozenset({429, 500, 502, 503, 504})


class Finding(msgspec.Struct, frozen=True, kw_only=True, tag="finding"):
    """Evidence for the history of a registered model's version.

    Attributes:
        name: of the model.
        version: of the model.
        passed: whether it speaks for the version.
        reason: what was decided, and why.
        details: the numbers behind it.
        id: by which the registry knows it.
    """

    name: str
    version: str
    passed: bool
    reason: str
    details: dict[str, Any]
    id: str = msgspec.field(default_factory=lambda: os.urandom(16).hex())


class Conclusion(msgspec.Struct, frozen=True, kw_only=True, tag="conclusion"):
    """The end of an experiment, for its runs.

    Attributes:
        runs: the runs.
        ended: in milliseconds of UTC.
        outcome: how, for people.
    """

    runs: RunIds
    ended: int
    outcome: str


Message: TypeAlias = Finding | Conclusion


def waits(failure: MlflowException) -> bool:
    """Whether the same may be taken later: the server is away, or troubled."""
    return failure.get_http_status_code() in _AWAY


def put(connection: sqlite3.Connection, messages: Sequence[Message]) -> None:
    """Keep messages, in a transaction."""
    for message in messages:
        connection.execute("INSERT INTO outbox (document) VALUES (?)", (msgspec.json.encode(message),))
    connection.execute("DELETE FROM outbox WHERE id <= (SELECT max(id) FROM outbox) - ?", (_MOST,))


class Outbox:
    """Delivers what is kept, in its order.

    Args:
        database: where it is kept.
        send: takes a message to its server.
    """

    def __init__(self, database: Database, send: Callable[[Message], None]) -> None:
        self._database, self._send = database, send
        self._due = 0.0

    def is_due(self) -> bool:
        """Whether something waits, and its server was not away a moment ago."""
        if time.monotonic() < self._due:
            return False
        with self._database.reading() as connection:
            return connection.execute("SELECT 1 FROM outbox LIMIT 1").fetchone() is not None

    def deliver(self) -> None:
        """Send all that is kept, until a server is away."""
        while (found := self._oldest()) is not None:
            number, message = found
            try:
                self._send(message)
            except MlflowException as exc:
                if waits(exc):
                    self._due = time.monotonic() + _AGAIN
                    _LOG.warning("What the A/B test found is kept until its server is back: %s", exc.message)
                    return
                _LOG.error("What the A/B test found is not taken: %s", exc.message)
            with self._database.transaction() as connection:
                connection.execute("DELETE FROM outbox WHERE id = ?", (number,))

    def _oldest(self) -> tuple[int, Message] | None:
        with self._database.reading() as connection:
            found = connection.execute("SELECT id, document FROM outbox ORDER BY id LIMIT 1").fetchone()
        return None if found is None else (found[0], msgspec.json.decode(found[1], type=Message))
