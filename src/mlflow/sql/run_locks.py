"""Locking the rows of several runs at once, in one order, so that no two calls wait for each other in a circle."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.prepared import Prepared
from mlflow.sql.run_rows import RunRow
from mlflow.sql.tables import runs

__all__ = ["lock_runs"]

_CHUNK = 1000
_COLUMNS = [runs.c[name] for name in RunRow._fields]
_RUN_IDS: sa.BindParameter[list[str]] = sa.bindparam("run_ids", expanding=True)
_OWN = runs.c.workspace == sa.bindparam("workspace")
_AMONG = sa.any_(sa.bindparam("run_ids", type_=sa.ARRAY(sa.Text)))
_NAMED = sa.select(*_COLUMNS).where(_OWN, runs.c.run_id == _AMONG).order_by(runs.c.id)
_SHARED, _EXCLUSIVE = Prepared(_NAMED.with_for_update(read=True)), Prepared(_NAMED.with_for_update())
_LISTED = sa.func.json_each(sa.bindparam("listed", type_=sa.Text)).table_valued("value")
_ALONE = Prepared(sa.select(*_COLUMNS).where(_OWN, runs.c.run_id.in_(sa.select(_LISTED.c.value))))
_FIND = sa.select(runs.c.id).where(_OWN, runs.c.run_id.in_(_RUN_IDS))
_CHOSEN = sa.select(*_COLUMNS).where(runs.c.id.in_(sa.bindparam("numbers", expanding=True))).order_by(runs.c.id)


def lock_runs(connection: Connection, workspace: str, run_ids: Iterable[str], *, shared: bool) -> dict[str, RunRow]:
    """The rows of those runs that exist, by run id, locked until the transaction ends.

    Args:
        connection: in a transaction.
        workspace: of the runs.
        run_ids: any number of ids.
        shared: let others hold the same lock; for those who only add rows below the runs.
    """
    wanted = list(dict.fromkeys(run_ids))
    lock = {"sqlite": _locked_by_writing, "postgresql": _locked_in_order}.get(
        connection.dialect.name, _locked_by_number
    )
    found: dict[str, RunRow] = {}
    for start in range(0, len(wanted), _CHUNK):
        rows = lock(connection, workspace, wanted[start : start + _CHUNK], shared)
        found.update((row.run_id, row) for row in rows)
    return found


def _locked_by_writing(connection: Connection, workspace: str, run_ids: list[str], _: bool) -> list[RunRow]:
    """On SQLite whoever writes is alone."""
    listed = msgspec.json.encode(run_ids).decode()
    return [RunRow._make(row) for row in _ALONE.execute(connection, {"workspace": workspace, "listed": listed})]


def _locked_in_order(connection: Connection, workspace: str, run_ids: list[str], shared: bool) -> list[RunRow]:
    """PostgreSQL locks rows in the order in which they are sorted."""
    chosen = _SHARED if shared else _EXCLUSIVE
    return [RunRow._make(row) for row in chosen.execute(connection, {"workspace": workspace, "run_ids": run_ids})]


def _locked_by_number(connection: Connection, workspace: str, run_ids: list[str], shared: bool) -> list[RunRow]:
    """MySQL locks rows in the order in which it finds them."""
    numbers = sorted(connection.scalars(_FIND, {"workspace": workspace, "run_ids": run_ids}))
    chosen = _CHOSEN.with_for_update(read=shared)
    return [RunRow(*row) for row in connection.execute(chosen, {"numbers": numbers})]
