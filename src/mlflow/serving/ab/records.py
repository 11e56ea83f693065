"""Experiments and what operators ask, in the database."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from mlflow.exceptions import DeadlineExceeded, MlflowException
from mlflow.serving.ab.database import Database
from mlflow.serving.ab.experiment import Experiment
from mlflow.serving.ab.outbox import Message, put

__all__ = ["Command", "CommandAnswer", "Records"]

_LOOK = 0.05  # seconds between two looks for an answer


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an operator asks of the process that decides.

    Attributes:
        verb: what to do; rollback takes the traffic of a challenger away, stop ends the experiment and leaves the
            split.
        variant: with whom; may be empty where there is one challenger.
        reason: why, for the record.
    """

    verb: Literal["start", "stop", "promote", "rollback"]
    variant: str = ""
    reason: str = "An operator asked for it."


class CommandAnswer(msgspec.Struct, frozen=True):
    """How that went: a failure's code and message, or nothing."""

    error_code: str = ""
    message: str = ""


class Records:
    """The experiments of one server.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> tuple[int, Experiment] | None:
        """The number of the newest experiment, and how it stands; None when there was none."""
        with self._database.reading() as connection:
            return _newest(connection)

    def begin(self, experiment: Experiment) -> int:
        """Begin an experiment; its number."""
        with self._database.transaction() as connection:
            return _insert(connection, experiment)

    def go_on(self, experiment: Experiment) -> int:
        """The number of the newest experiment, if it has the same plan and routes; else that of this one, begun."""
        with self._database.transaction() as connection:
            found = _newest(connection)
            if found is not None and (found[1].plan, found[1].routes) == (experiment.plan, experiment.routes):
                return found[0]
            return _insert(connection, experiment)

    def keep(self, number: int, experiment: Experiment, messages: Sequence[Message] = ()) -> None:
        """Keep how an experiment stands, and what other servers are to be told of it."""
        with self._database.transaction() as connection:
            keep(connection, number, experiment)
            put(connection, messages)

    def ask(self, command: Command, seconds: float) -> None:
        """Have the process that decides do something, and wait until it is done.

        Raises:
            DeadlineExceeded: no process has done it in time.
            MlflowException: it could not be done.
        """
        with self._database.transaction() as connection:
            row = connection.execute("INSERT INTO commands (document) VALUES (?)", (msgspec.json.encode(command),))
        deadline = time.monotonic() + seconds
        while (answer := self._answer(row.lastrowid or 0)) is None:
            if time.monotonic() > deadline and self._withdraw(row.lastrowid or 0):
                raise DeadlineExceeded(f"'{command.verb}' was not done within {seconds:g} s. See the server's log.")
            time.sleep(_LOOK)
        if answer.error_code:
            raise MlflowException(answer.message, answer.error_code)

    def asked(self) -> list[tuple[int, Command]]:
        """What operators asked and nobody has answered."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT id, document FROM commands WHERE answer IS NULL ORDER BY id").fetchall()
        return [(number, msgspec.json.decode(document, type=Command)) for number, document in rows]

    def answer(self, number: int, answer: CommandAnswer) -> None:
        """Tell how a command went."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE commands SET answer = ? WHERE id = ?", (msgspec.json.encode(answer), number))
            connection.execute("DELETE FROM commands WHERE id < ?", (number - 100,))

    def _withdraw(self, number: int) -> bool:
        """Have a command not done any more; False where it was done meanwhile."""
        with self._database.transaction() as connection:
            withdrawn = connection.execute("DELETE FROM commands WHERE id = ? AND answer IS NULL", (number,))
            return withdrawn.rowcount == 1

    def _answer(self, number: int) -> CommandAnswer | None:
        with self._database.reading() as connection:
            found: Any = connection.execute("SELECT answer FROM commands WHERE id = ?", (number,)).fetchone()
        return None if found is None or found[0] is None else msgspec.json.decode(found[0], type=CommandAnswer)


def keep(connection: sqlite3.Connection, number: int, experiment: Experiment) -> None:
    """Keep how an experiment stands, in a transaction."""
    connection.execute("UPDATE experiments SET document = ? WHERE id = ?", (msgspec.json.encode(experiment), number))


def _insert(connection: sqlite3.Connection, experiment: Experiment) -> int:
    row = connection.execute("INSERT INTO experiments (document) VALUES (?)", (msgspec.json.encode(experiment),))
    return row.lastrowid or 0


def _newest(connection: sqlite3.Connection) -> tuple[int, Experiment] | None:
    found = connection.execute("SELECT id, document FROM experiments ORDER BY id DESC LIMIT 1").fetchone()
    return None if found is None else (found[0], msgspec.json.decode(found[1], type=Experiment))
