"""Editing many runs: in chunks of one transaction each, every run by itself changed or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.runs import BulkResult, Refusal
from mlflow.exceptions import MlflowException, ResourceDoesNotExist
from mlflow.sql.access import check_experiment
from mlflow.sql.changelog import note_all
from mlflow.sql.engine import Database
from mlflow.sql.run_rows import RunRow, check_active
from mlflow.sql.statements import upsert_rows
from mlflow.sql.tables import runs, tags
from mlflow.sql.values import NAME_TAG, value_rows

__all__ = ["edit_runs", "tag_runs"]

_CHUNK = 500
_CHOSEN = (
    sa.select(*(runs.c[name] for name in RunRow._fields))
    .where(runs.c.workspace == sa.bindparam("workspace"), runs.c.run_id.in_(sa.bindparam("run_ids", expanding=True)))
    .order_by(runs.c.id)  # in order, so that two bulk edits wait for each other instead of deadlocking
    .with_for_update()
)

Edit = Callable[[Connection, Sequence[RunRow]], None]
Check = Callable[[RunRow], None]


def edit_runs(
    database: Database,
    caller: Caller,
    run_ids: Sequence[str],
    level: Permission,
    edit: Edit,
    check: Check = check_active,
) -> BulkResult:
    """Do one thing to many runs.

    Args:
        database: where.
        caller: who asks.
        run_ids: which; one that stands twice counts once.
        level: what the caller needs on each run's experiment.
        edit: does it, to locked runs.
        check: raises when a run cannot take it.
    """
    wanted = list(dict.fromkeys(run_ids))
    changed, refused = 0, list[Refusal]()
    for start in range(0, len(wanted), _CHUNK):
        chunk = partial(_edit, caller, wanted[start : start + _CHUNK], level, edit, check)
        done = database.write(chunk)
        changed += done.changed
        refused += done.refused
    return BulkResult(changed, refused)


def tag_runs(
    connection: Connection,
    chosen: Sequence[RunRow],
    key_ids: Mapping[str, int],
    wanted: Mapping[str, str],
    remove: Sequence[str],
) -> None:
    """Set and remove tags of locked runs."""
    numbers = [run.id for run in chosen]
    if remove:
        removed = [key_ids[key] for key in remove]
        connection.execute(sa.delete(tags).where(tags.c.run.in_(numbers), tags.c.key_id.in_(removed)))
    rows = [row for run in chosen for row in value_rows(run, key_ids, wanted)]
    upsert_rows(connection, tags, ("run", "key_id"), rows)
    renamed = {"name": wanted[NAME_TAG]} if NAME_TAG in wanted else {}
    changed = sa.update(runs).where(runs.c.id.in_(numbers))
    connection.execute(changed.values(version=runs.c.version + 1, **renamed))
    data = {"tags": dict(wanted) | dict.fromkeys(remove)}
    note_all(connection, "run", [(run.experiment_id, run.id) for run in chosen], data)


def _edit(
    caller: Caller, run_ids: Sequence[str], level: Permission, edit: Edit, check: Check, connection: Connection
) -> BulkResult:
    rows = connection.execute(_CHOSEN, {"workspace": caller.workspace, "run_ids": run_ids})
    found = {row.run_id: RunRow(*row) for row in rows}
    refused = [refusal for run_id in run_ids if (refusal := _refusal(caller, run_id, found.get(run_id), level, check))]
    for refusal in refused:
        found.pop(refusal.run_id, None)
    if found:
        edit(connection, list(found.values()))
    return BulkResult(len(found), refused)


def _refusal(caller: Caller, run_id: str, run: RunRow | None, level: Permission, check: Check) -> Refusal | None:
    try:
        if run is None:
            raise ResourceDoesNotExist(f"Run with id={run_id} not found. Check the id.")
        check_experiment(caller, level, run.experiment_id)
        check(run)
    except MlflowException as reason:
        return Refusal(run_id, reason.error_code, reason.message)
    return None
