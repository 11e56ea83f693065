"""Keeping the change log short."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.changes import PRUNED
from mlflow.sql.tables import changes

__all__ = ["prune_changes"]

_CHUNK = 5000


def prune_changes(connection: Connection, before: int, keep: int) -> bool:
    """Remove some old changes; the greatest of them stays as a mark that tells readers what they missed.

    Args:
        connection: in a transaction.
        before: UTC milliseconds; older changes may go.
        keep: so many of the newest may stay; those before them go whatever their age.

    Returns:
        Whether there is more to remove.
    """
    old = sa.select(changes.c.seq).where(changes.c.time < before).order_by(changes.c.seq.desc()).limit(1)
    many = sa.select(changes.c.seq).order_by(changes.c.seq.desc()).limit(1).offset(keep)
    last = max(connection.scalar(old) or 0, connection.scalar(many) or 0)
    below = changes.c.seq < last
    some = sa.select(changes.c.seq).where(below).order_by(changes.c.seq).limit(1).offset(_CHUNK)
    end = connection.scalar(some)
    if end is None:
        end = last
    if connection.execute(sa.delete(changes).where(changes.c.seq < end)).rowcount:
        mark = sa.update(changes).where(changes.c.seq == end)
        connection.execute(mark.values(kind=PRUNED, run=None, data=b""))
    return end < last
