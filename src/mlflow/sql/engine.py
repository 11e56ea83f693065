"""A database and how work is done on it: a job is a function of a connection, run in one transaction.

    database = open_database("sqlite:///mlflow.db")
    name = database.read(lambda connection: connection.scalar(select(experiments.c.name)))
    database.write(lambda connection: connection.execute(insert(…)))

`write` returns once the transaction is durable. A job may run more than once (a deadlock rolls it back), so it changes
nothing but the database, and it must not call the database itself: a call holds one connection, never a second.
"""

from __future__ import annotations

import abc
import os
import weakref
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.keys import Keys

__all__ = ["Connection", "Database", "Job", "close_databases", "open_database"]

T = TypeVar("T")
Job = Callable[[Connection], T]

_DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}


class Database(abc.ABC):
    """A SQL database.

    Attributes:
        keys: the numbers that stand for names of metrics, params and tags.
        url: where it is.
    """

    def __init__(self, url: sa.URL) -> None:
        self.url = url
        self.keys = Keys(self)

    @property
    def kind(self) -> str:
        """`sqlite`, `postgresql` or `mysql` (MariaDB too)."""
        return self.url.get_backend_name()

    @abc.abstractmethod
    def read(self, job: Callable[[Connection], T]) -> T:
        """Answer what a job that changes nothing returns; on SQLite it sees one snapshot."""

    @abc.abstractmethod
    def write(self, job: Callable[[Connection], T]) -> T:
        """Run a job and answer what it returns once its changes are durable; if it raises, nothing has changed."""

    @abc.abstractmethod
    def write_later(self, job: Callable[[Connection], object]) -> None:
        """Run a job whose loss would do no harm, such as filling a cache; a failure is logged."""

    @abc.abstractmethod
    def close(self) -> None:
        """Finish what was begun and let go of all connections."""

    @abc.abstractmethod
    def after_fork(self) -> None:
        """In the child of a fork: forget the parent's connections and threads without touching them."""


def open_database(uri: str, threads: int = 40) -> Database:
    """Open a database; nothing is read or written yet.

    Args:
        uri: `sqlite:///file`, `postgresql://…`, `mysql://…`; a driver after a plus sign is read over.
        threads: how many threads will call at once; there are as many connections.

    Raises:
        InvalidParameterValue: the URI names no database that is known here.
    """
    database = _opened(_url(uri), threads)
    _open.add(database)
    return database


def close_databases() -> None:
    """Close what this process has open; whoever goes on with one opens it again."""
    for database in list(_open):
        database.close()


def _opened(url: sa.URL, threads: int) -> Database:
    if url.get_backend_name() == "sqlite":
        from mlflow.sql.sqlite import SQLiteDatabase

        return SQLiteDatabase(url)
    from mlflow.sql.pooled import PooledDatabase

    return PooledDatabase(url, threads)


def _url(uri: str) -> sa.URL:
    try:
        url = sa.make_url(uri)
    except sa.exc.ArgumentError as exc:
        raise InvalidParameterValue(
            "The database URI cannot be read; write dialect://user:password@host/name."
        ) from exc
    driver = _DRIVERS.get(url.drivername.partition("+")[0])
    if driver is None:
        raise InvalidParameterValue(f"Unknown database '{url.drivername}'; use one of {', '.join(_DRIVERS)}.")
    return url.set(drivername=driver)


_open: weakref.WeakSet[Database] = weakref.WeakSet()


def _after_fork() -> None:
    for database in list(_open):
        database.after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_after_fork)
