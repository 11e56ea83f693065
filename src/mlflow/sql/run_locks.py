"""Locking the rows of several runs at once, in one order, so that no two calls wait for each other in a circle."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.run_rows import RunRow
from mlflow.sql.tables import runs

__all__ = ["lock_runs"]

_CHUNK = 1000
_COLUMNS = [runs.c[name] for name in RunRow._fields]
_FIND = sa.select(runs.c.id).where(
    runs.c.workspace == sa.bindparam("workspace"), runs.c.run_id.in_(sa.bindparam("run_ids", expanding=True))
)
_CHOSEN = sa.select(*_COLUMNS).where(runs.c.id.in_(sa.bindparam("numbers", expanding=True))).order_by(runs.c.id)
_AT_ONCE = sa.select(*_COLUMNS).where(
    runs.c.workspace == sa.bindparam("workspace"), runs.c.run_id.in_(sa.bindparam("run_ids", expanding=True))
)
_LOCKED, _SHARED = _CHOSEN.with_for_update(), _CHOSEN.with_for_update(read=True)


def lock_runs(connection: Connection, workspace: str, run_ids: Iterable[str], *, shared: bool) -> dict[str, RunRow]:
    """The rows of those runs that exist, by run id, locked until the transaction ends.

    Args:
        connection: in a transaction.
        workspace: of the runs.
        run_ids: any number of ids.
        shared: let others hold the same lock; for those who only add rows below the runs.
    """
    wanted = list(dict.fromkeys(run_ids))
    found: dict[str, RunRow] = {}
    for start in range(0, len(wanted), _CHUNK):
        some = {"workspace": workspace, "run_ids": wanted[start : start + _CHUNK]}
        if connection.dialect.name == "sqlite":  # where whoever writes is alone
            rows = connection.execute(_AT_ONCE, some).all()
        else:
            numbers = sorted(connection.scalars(_FIND, some))
            rows = connection.execute(_SHARED if shared else _LOCKED, {"numbers": numbers}).all()
        found.update((row.run_id, RunRow(*row)) for row in rows)
    return found
