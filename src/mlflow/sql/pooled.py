"""PostgreSQL, MySQL and MariaDB: a pool of connections, one for each call."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, exc

from mlflow.environment_variables import (
    MLFLOW_MYSQL_SSL_CA,
    MLFLOW_MYSQL_SSL_CERT,
    MLFLOW_MYSQL_SSL_KEY,
    MLFLOW_SQLALCHEMYSTORE_ECHO,
    MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW,
    MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE,
    MLFLOW_SQLALCHEMYSTORE_POOL_SIZE,
    MLFLOW_SQLALCHEMYSTORE_POOLCLASS,
)
from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.sql.engine import Database
from mlflow.sql.failures import is_conflict, translated

__all__ = ["PooledDatabase"]

_random = random.SystemRandom()  # drawing from the program's own stream would change its results

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_ATTEMPTS = 12
_POOL_TIMEOUT_SECONDS = 30
_RECYCLE_SECONDS = 1800
_SORTED_BYTES = 32768  # MariaDB takes texts for equal that differ later; a tag may need 24,000


class PooledDatabase(Database):
    """A database server."""

    def __init__(self, url: sa.URL, threads: int) -> None:
        super().__init__(_with_charset(url))
        self._engine = _create_engine(self.url, threads)

    def read(self, job: Callable[[Connection], T]) -> T:
        return self.write(job)

    def write(self, job: Callable[[Connection], T]) -> T:
        with translated():
            for attempt in range(1, _ATTEMPTS):
                try:
                    return self._once(job)
                except exc.DBAPIError as error:
                    if not (is_conflict(error) or _is_stale(error, attempt)):
                        raise
                time.sleep(_random.uniform(0, 0.004) * 1.6**attempt)
            return self._once(job)

    def write_later(self, job: Callable[[Connection], object]) -> None:
        try:
            self.write(job)
        except (MlflowException, exc.SQLAlchemyError) as error:
            _LOG.warning("A write that nobody waits for failed: %s", error)

    def close(self) -> None:
        self._engine.dispose()

    def after_fork(self) -> None:
        self._engine.dispose(close=False)

    def _once(self, job: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return job(connection)


def _is_stale(error: exc.DBAPIError, attempt: int) -> bool:
    """Whether a pooled connection turned out to be dead; the pool has dropped the others by now.

    A connection that is lost during COMMIT is another matter: nobody knows whether it took place.
    """
    return error.connection_invalidated and attempt == 1 and error.statement is not None


def _create_engine(url: sa.URL, threads: int) -> sa.Engine:
    try:
        return sa.create_engine(
            url,
            isolation_level="READ COMMITTED",
            connect_args=_connect_arguments(url),
            echo=MLFLOW_SQLALCHEMYSTORE_ECHO.get(),
            query_cache_size=2000,
            **_pool_arguments(threads),
        )
    except ImportError as exc:
        extra = url.get_backend_name()
        raise MlflowException(
            f"No driver for '{extra}' is installed ({exc}). Run pip install 'mlflow[{extra}]'."
        ) from exc


def _pool_arguments(threads: int) -> dict[str, Any]:
    recycle = MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE.get() or _RECYCLE_SECONDS
    name = MLFLOW_SQLALCHEMYSTORE_POOLCLASS.get() or "QueuePool"
    poolclass = getattr(sa.pool, name, None)
    if poolclass is None:
        raise InvalidParameterValue(
            f"Unknown pool '{name}'; set MLFLOW_SQLALCHEMYSTORE_POOLCLASS to QueuePool or NullPool."
        )
    if poolclass is not sa.pool.QueuePool:
        return {"poolclass": poolclass, "pool_recycle": recycle}
    overflow = MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW.get()
    return {
        "pool_size": MLFLOW_SQLALCHEMYSTORE_POOL_SIZE.get() or threads,
        "max_overflow": threads if overflow is None else overflow,
        "pool_recycle": recycle,
        "pool_timeout": _POOL_TIMEOUT_SECONDS,
        "pool_use_lifo": True,
    }


def _with_charset(url: sa.URL) -> sa.URL:
    return url.update_query_dict({"charset": "utf8mb4"}) if url.get_backend_name() == "mysql" else url


def _connect_arguments(url: sa.URL) -> dict[str, Any]:
    if url.get_backend_name() != "mysql":
        return {}
    arguments: dict[str, Any] = {"init_command": f"SET SESSION max_sort_length = {_SORTED_BYTES}"}
    files = {"ca": MLFLOW_MYSQL_SSL_CA.get(), "cert": MLFLOW_MYSQL_SSL_CERT.get(), "key": MLFLOW_MYSQL_SSL_KEY.get()}
    given = {name: path for name, path in files.items() if path}
    return arguments | ({"ssl": given} if given else {})
