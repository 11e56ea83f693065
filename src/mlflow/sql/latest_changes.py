"""The latest change of an experiment: while it is the same, what was found out about the experiment is still true."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.changes import settled
from mlflow.sql.tables import changes

__all__ = ["SECONDS_UNCHANGED", "latest_change", "settled_change"]

SECONDS_UNCHANGED = 600.0
"""What is written past the change log shows after this."""

_LATEST = sa.select(changes.c.seq).where(changes.c.experiment_id == sa.bindparam("experiment_id"))
_LATEST = _LATEST.order_by(changes.c.seq.desc()).limit(1)


def latest_change(connection: Connection, experiment_id: int) -> int:
    """The number of an experiment's latest change; 0 where there is none."""
    return connection.scalar(_LATEST, {"experiment_id": experiment_id}) or 0


def settled_change(connection: Connection, experiment_id: int) -> int | None:
    """The number of an experiment's latest change; None where a smaller one may still be committed.

    What is read after this holds all changes up to that one. On MySQL and MariaDB it may wait for other transactions.
    """
    latest = latest_change(connection, experiment_id)
    return latest if latest <= settled(connection) else None
