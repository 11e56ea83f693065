"""Bringing a database to the schema this version knows: made at once when empty, migrated under a lock otherwise.

Several servers may start at once on one database. The version table is made first and filled last, so that on MySQL,
where each statement of DDL commits by itself, an interrupted start is recognised and begun again.
"""

from __future__ import annotations

import contextlib
import shlex
import time
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import DEFAULT_WORKSPACE
from mlflow.entities.experiment import Experiment
from mlflow.exceptions import InvalidState, TemporarilyUnavailable
from mlflow.sql import (  # noqa: F401 - their tables join the metadata
    figure_tables,
    logged_model_tables,
    registry_tables,
    view_tables,
    webhook_tables,
)
from mlflow.sql.engine import Database
from mlflow.sql.tables import experiments, metadata

__all__ = ["HEAD", "VERSION_TABLE", "prepare"]

HEAD = "0007"
VERSION_TABLE = "mlflow_schema_version"

_LOCK_NUMBER = 0x6D6C666C6F77  # "mlflow"
_LOCK_NAME = "mlflow_schema"
_LOCK_SECONDS = 600

version_table = sa.Table(VERSION_TABLE, sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True))


def prepare(database: Database, artifact_root: str) -> None:
    """Make the tables, or migrate them to this version's.

    Args:
        database: empty, or one of ours.
        artifact_root: where the experiment "Default" keeps its artifacts; counts only when it is made.

    Raises:
        InvalidState: the database belongs to MLflow itself, or to a newer version, or to something else.
        TemporarilyUnavailable: another process has been migrating it for ten minutes.
    """
    if database.read(_version) == HEAD:
        return
    database.write(lambda connection: _bring_up(connection, artifact_root))


def _bring_up(connection: Connection, artifact_root: str) -> None:
    with _locked(connection):
        version = _version(connection)
        if version is None:
            _create(connection, artifact_root)
        elif version != HEAD:
            from mlflow.sql.migrations.upgrade import upgrade

            upgrade(connection, VERSION_TABLE)


def _version(connection: Connection) -> str | None:
    """The database's revision; None when it is empty or only half made."""
    tables = set(sa.inspect(connection).get_table_names())
    if VERSION_TABLE in tables:
        return connection.scalar(sa.select(version_table.c.version_num))
    if {"alembic_version", "experiments"} <= tables:
        raise InvalidState(
            "This database was made by MLflow itself and is laid out otherwise. Run "
            f"`{_migration(connection.engine.url)}` to build a new one from it; it keeps the old one unchanged."
        )
    if "experiments" in tables:
        raise InvalidState(
            "This database has a table 'experiments' that is not ours. Name an empty database, or one of your own."
        )
    return None


def _migration(url: sa.URL) -> str:
    """The command that reads a database of MLflow's into one of ours."""
    if url.get_backend_name() == "sqlite":
        return f"mlflow migrate {shlex.quote(url.database or '')}"
    return f"mlflow migrate {shlex.quote(url.render_as_string())} --target <another database>"


def _create(connection: Connection, artifact_root: str) -> None:
    version_table.create(connection, checkfirst=True)
    half_made = connection.dialect.name == "mysql"
    metadata.create_all(connection, checkfirst=half_made)
    _create_default(connection, artifact_root)
    connection.execute(sa.insert(version_table), {"version_num": HEAD})


def _create_default(connection: Connection, artifact_root: str) -> None:
    if connection.scalar(sa.select(experiments.c.id)) is not None:
        return
    now = time.time_ns() // 1_000_000
    row = {
        "workspace": DEFAULT_WORKSPACE,
        "name": Experiment.DEFAULT_EXPERIMENT_NAME,
        "artifact_location": f"{artifact_root.rstrip('/')}/0",
        "deleted": 0,
        "creation_time": now,
        "last_update_time": now,
    }
    # MySQL takes an id of 0 as the wish for the next number
    connection.execute(sa.insert(experiments), row | {"id": -1})
    connection.execute(sa.update(experiments).values(id=0))


@contextlib.contextmanager
def _locked(connection: Connection) -> Iterator[None]:
    """Keep other processes out; SQLite's write transaction does so already."""
    if connection.dialect.name == "mysql":
        with _locked_mysql(connection):
            yield
        return
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_NUMBER)))
    yield


@contextlib.contextmanager
def _locked_mysql(connection: Connection) -> Iterator[None]:
    if not connection.scalar(sa.select(sa.func.get_lock(_LOCK_NAME, _LOCK_SECONDS))):
        raise TemporarilyUnavailable("Another process is migrating the database since ten minutes. Try again later.")
    try:
        yield
        connection.execute(sa.text("COMMIT"))  # before others may look
    finally:
        connection.execute(sa.select(sa.func.release_lock(_LOCK_NAME)))
