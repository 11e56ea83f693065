"""Migrating a database by Alembic, which is imported only then.

A migration is a new file in versions/ whose steps can all be repeated (see steps.py), because MySQL commits each of
them by itself and a migration may be interrupted.
"""

from __future__ import annotations

from pathlib import Path

import alembic.util
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from mlflow.exceptions import InvalidState

__all__ = ["upgrade"]

_HERE = Path(__file__).parent


def upgrade(connection: Connection, version_table: str, scripts: Path = _HERE) -> None:
    """Run the migrations that a database has not seen, in the connection's transaction.

    Args:
        connection: to a database that other processes are locked out of.
        version_table: where the revision is kept.
        scripts: a folder with a folder `versions`.

    Raises:
        InvalidState: the database's revision is none of ours, so a newer version must have made it.
    """
    directory = ScriptDirectory(str(scripts))
    environment = EnvironmentContext(
        Config(), directory, fn=lambda revision, _: directory._upgrade_revs("head", revision)
    )
    with environment:
        environment.configure(connection=connection, version_table=version_table)
        try:
            environment.run_migrations()
        except alembic.util.CommandError as exc:
            raise InvalidState(
                "This database was made by a newer version than this one. Install that one, or name another database."
            ) from exc
