"""Moving points from `blocks` to segments and summaries, before what they change is read.

The work is planned on a reader's connection, so that it keeps no writer waiting, and then written in one short
transaction that first sees whether the runs are as the plan found them. A plan that lost against another process is
made again, at last inside the transaction. A crash leaves the blocks where they are.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.engine import Database
from mlflow.sql.fold_plan import Plan, make_plan
from mlflow.sql.pending import Pending, find_pending
from mlflow.sql.statements import upsert_rows
from mlflow.sql.tables import blocks, runs, segments, summaries

__all__ = ["Fold", "write_plan"]

_RUNS_AT_ONCE = 200
_ATTEMPTS = 3
_NUMBERS: sa.BindParameter[list[int]] = sa.bindparam("numbers", expanding=True)
_LOCK = sa.select(runs.c.id, runs.c.version).where(runs.c.id.in_(_NUMBERS)).order_by(runs.c.id).with_for_update()
_TOUCH = sa.update(runs).where(runs.c.id.in_(_NUMBERS)).values(version=runs.c.version + 1)
_REMOVE = sa.delete(blocks).where(blocks.c.id.in_(_NUMBERS))


class Fold:
    """Brings summaries up to date."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._folding = threading.Lock()

    def settle(self, experiment_ids: Collection[int] | None = None, run_pks: Collection[int] | None = None) -> None:
        """Return once every point that was durable before the call is in the summaries of these experiments or runs.

        Neither argument means all. Not to be called in a job.
        """

        def find(connection: Connection) -> list[Pending]:
            return find_pending(connection, experiment_ids, run_pks)

        if not self._database.read(find):
            return
        with self._folding:  # others of this process would only do the same work again
            pending = self._database.read(find)
            for start in range(0, len(pending), _RUNS_AT_ONCE):
                self._fold(pending[start : start + _RUNS_AT_ONCE])

    def _fold(self, pending: Sequence[Pending]) -> None:
        numbers, last, lost = [run.run for run in pending], max(run.last for run in pending), 0
        while True:
            if lost >= _ATTEMPTS:
                folded: bool | None = self._database.write(lambda connection: _fold_locked(connection, numbers, last))
            else:
                folded = self._fold_unlocked(numbers, last)
            if folded is None:
                return
            lost = 0 if folded else lost + 1

    def _fold_unlocked(self, numbers: Sequence[int], last: int) -> bool | None:
        """Fold some blocks; False when others changed the runs meanwhile, None when there was nothing to fold."""
        plan = self._database.read(lambda connection: make_plan(connection, numbers, last))
        return None if plan is None else self._database.write(lambda connection: write_plan(connection, plan))


def _fold_locked(connection: Connection, numbers: Sequence[int], last: int) -> bool | None:
    connection.execute(_LOCK, {"numbers": numbers})
    plan = make_plan(connection, numbers, last)
    return None if plan is None else write_plan(connection, plan)


def write_plan(connection: Connection, plan: Plan) -> bool:
    """Write what was planned, unless the runs have changed since."""
    numbers = list(plan.versions)
    versions = {row.id: row.version for row in connection.execute(_LOCK, {"numbers": numbers})}
    if versions != plan.versions:
        return False
    connection.execute(_REMOVE, {"numbers": plan.blocks})
    upsert_rows(connection, segments, ("run", "key_id", "ordinal"), plan.segments)
    upsert_rows(connection, summaries, ("run", "key_id"), plan.summaries)
    for beginnings in plan.alone:
        for rows in beginnings.rows():
            upsert_rows(connection, summaries, ("run", "key_id"), rows)
    connection.execute(_TOUCH, {"numbers": numbers})
    return True
