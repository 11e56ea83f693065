"""Creating, updating and deleting runs, as jobs of one transaction."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.entities.run_status import RunStatus
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.changelog import note, note_all
from mlflow.sql.ids import now
from mlflow.sql.prepared import Prepared
from mlflow.sql.run_rows import RunRow, lock_active_run, lock_run
from mlflow.sql.tables import runs
from mlflow.sql.values import NAME_TAG, write_tags

__all__ = [
    "checked_new_id",
    "move_run",
    "move_runs",
    "name_of_new_run",
    "update_run",
]

_NEW_ID = re.compile(r"[0-9a-f]{32}")
_MOVED = sa.update(runs).values(
    deleted=sa.bindparam("new_deleted"), deleted_time=sa.bindparam("new_time"), version=runs.c.version + 1
)
_MOVE = Prepared(_MOVED.where(runs.c.id == sa.bindparam("number")))
_MOVE_ALL = _MOVED.where(runs.c.id.in_(sa.bindparam("numbers", expanding=True)))


def name_of_new_run(run_name: str, tags: Mapping[str, str], made_up: str) -> str:
    """The name of a run: given, or that of its tag, or `made_up`.

    Raises:
        InvalidParameterValue: both are given and differ.
    """
    tagged = tags.get(NAME_TAG, "")
    if run_name and tagged and run_name != tagged:
        raise InvalidParameterValue(
            f"Both 'run_name' ('{run_name}') and the tag 'mlflow.runName' ('{tagged}') are given and differ. "
            "Give one of them."
        )
    return run_name or tagged or made_up


def checked_new_id(run_id: str) -> str:
    """The id that a client made for a new run; empty when it made none.

    Raises:
        InvalidParameterValue: it has another form than the ids of runs.
    """
    if run_id and not _NEW_ID.fullmatch(run_id):
        raise InvalidParameterValue(f"Invalid id '{run_id[:100]}' for a new run; make it of 32 hexadecimal digits.")
    return run_id


def update_run(
    connection: Connection,
    caller: Caller,
    run_id: str,
    name_key: Mapping[str, int],
    status: str | None = None,
    end_time: int | None = None,
    run_name: str | None = None,
) -> RunRow:
    """Change what is given of an active run and answer the row as it is then.

    Args:
        connection: in a transaction.
        caller: who asks.
        run_id: which run.
        name_key: the number of the tag mlflow.runName; needed with `run_name`.
        status: the name of a state.
        end_time: UTC milliseconds.
        run_name: a new name, also written to the tag; empty is as None.
    """
    run = lock_active_run(connection, caller, run_id)
    changes: dict[str, Any] = {}
    if status is not None:
        changes["status"] = RunStatus.to_string(RunStatus.from_string(status))
    if end_time is not None:
        changes["end_time"] = end_time
    _update(tuple(changes)).execute(connection, {"number": run.id, **{f"new_{key}": changes[key] for key in changes}})
    if changes:
        note(connection, "run", run.experiment_id, run.id, changes)
    if run_name:
        write_tags(connection, run, name_key, {NAME_TAG: run_name})
        changes["name"] = run_name
    return run._replace(**changes)


@functools.cache
def _update(names: tuple[str, ...]) -> Prepared:
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    return Prepared(
        sa.update(runs).where(runs.c.id == sa.bindparam("number")).values(version=runs.c.version + 1, **values)
    )


def move_run(connection: Connection, caller: Caller, run_id: str, *, deleted: bool) -> None:
    """Move a run into the trash or out of it; where it is there already nothing happens."""
    run = lock_run(connection, caller, run_id, Permission.MANAGE)
    if bool(run.deleted) != deleted:
        move_runs(connection, [run], deleted=deleted)


def move_runs(connection: Connection, chosen: Sequence[RunRow], *, deleted: bool) -> None:
    """Move locked runs into the trash or out of it."""
    values: dict[str, Any] = {"new_deleted": int(deleted), "new_time": now() if deleted else None}
    if len(chosen) == 1:
        _MOVE.execute(connection, {**values, "number": chosen[0].id})
    else:
        connection.execute(_MOVE_ALL, {**values, "numbers": [run.id for run in chosen]})
    stage = "deleted" if deleted else "active"
    note_all(connection, "run", [(run.experiment_id, run.id) for run in chosen], {"lifecycle_stage": stage})
