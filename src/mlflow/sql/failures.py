"""What the databases' own errors mean to a caller."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import exc

from mlflow.exceptions import InvalidParameterValue, TemporarilyUnavailable

__all__ = ["is_conflict", "translated"]

_POSTGRESQL_CONFLICTS = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available
_MYSQL_CONFLICTS = {1020, 1205, 1213}  # record changed, lock wait timeout, deadlock

_SQLITE_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")


def is_conflict(error: exc.DBAPIError) -> bool:
    """Whether the transaction lost against another one and may simply be run again."""
    original = error.orig
    if getattr(original, "sqlstate", None) in _POSTGRESQL_CONFLICTS:
        return True
    arguments: tuple[object, ...] = getattr(original, "args", ())
    return arguments[:1] != () and arguments[0] in _MYSQL_CONFLICTS


def _is_passing(error: exc.SQLAlchemyError) -> bool:
    """Whether trying again later may help; SQLite gives faulty statements the same class."""
    name: str = getattr(getattr(error, "orig", None), "sqlite_errorname", "SQLITE_BUSY")
    return name.startswith(_SQLITE_PASSING)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Raise errors of the database as those of `mlflow.exceptions`."""
    try:
        yield
    except (exc.DataError, OverflowError, UnicodeEncodeError) as error:
        reason = getattr(error, "orig", None) or error
        raise InvalidParameterValue(f"The database cannot store a value: {reason}. Change the value.") from error
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
        if not _is_passing(error):
            raise
        reason = getattr(error, "orig", None) or error
        raise TemporarilyUnavailable(f"The database does not answer: {reason}. Try again later.") from error
