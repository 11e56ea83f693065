"""Finding and locking the row of a run: what every call that names a run does first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.entities.run_info import RunInfo
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.sql.access import check_experiment
from mlflow.sql.prepared import Prepared
from mlflow.sql.tables import runs

__all__ = [
    "RunRow",
    "check_active",
    "find_run",
    "lock_active_run",
    "lock_run",
    "read_versions",
    "run_info",
    "touch_run",
]


class RunRow(NamedTuple):
    """A run: its number inside, its id outside, and what else its row says."""

    id: int
    run_id: str
    experiment_id: int
    name: str
    user_id: str
    status: str
    start_time: int
    end_time: int | None
    deleted: int
    artifact_uri: str
    last_heartbeat: int | None
    version: int


_CHOSEN = sa.select(*(runs.c[name] for name in RunRow._fields)).where(
    runs.c.workspace == sa.bindparam("workspace"), runs.c.run_id == sa.bindparam("run_id")
)
_BY_ID = Prepared(_CHOSEN)
_LOCKED, _SHARED = Prepared(_CHOSEN.with_for_update()), Prepared(_CHOSEN.with_for_update(read=True))
_VERSIONS = sa.select(runs.c.id, runs.c.version).where(runs.c.id.in_(sa.bindparam("numbers", expanding=True)))
_TOUCH = Prepared(sa.update(runs).where(runs.c.id == sa.bindparam("number")).values(version=runs.c.version + 1))


def find_run(connection: Connection, caller: Caller, run_id: str, level: Permission) -> RunRow:
    """The row of a run.

    Raises:
        ResourceDoesNotExist: there is none in the caller's workspace.
        PermissionDenied: the caller lacks `level` on its experiment.
    """
    return _find(connection, _BY_ID, caller, run_id, level)


def lock_run(connection: Connection, caller: Caller, run_id: str, level: Permission) -> RunRow:
    """The row of a run, locked until the transaction ends, so that calls about one run take turns; raises as above."""
    return _find(connection, _LOCKED, caller, run_id, level)


def lock_active_run(
    connection: Connection, caller: Caller, run_id: str, level: Permission = Permission.EDIT, shared: bool = False
) -> RunRow:
    """The locked row of a run that is not in the trash.

    Args:
        connection: in a transaction.
        caller: who asks.
        run_id: the run.
        level: what the caller needs on its experiment.
        shared: let others hold the same lock; for those who only add rows below the run and never `touch_run`.

    Raises:
        InvalidParameterValue: the run is deleted; otherwise as `find_run`.
    """
    row = _find(connection, _SHARED if shared else _LOCKED, caller, run_id, level)
    check_active(row)
    return row


def check_active(row: RunRow) -> None:
    """Raise when a run is in the trash."""
    if row.deleted:
        raise InvalidParameterValue(
            f"The run {row.run_id} must be in the 'active' state. Current state is deleted. Restore it first."
        )


def read_versions(connection: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """The versions of runs, by their numbers."""
    return {row.id: row.version for row in connection.execute(_VERSIONS, {"numbers": numbers})}


def touch_run(connection: Connection, run: int) -> None:
    """Note that what readers see of a run has changed, so that its document is made anew."""
    _TOUCH.execute(connection, {"number": run})


def run_info(row: RunRow | Row[Any]) -> RunInfo:
    """The run's facts as programs hold them."""
    return RunInfo(
        row.run_id,
        str(row.experiment_id),
        row.user_id,
        row.status,
        row.start_time,
        row.end_time,
        LifecycleStage.DELETED if row.deleted else LifecycleStage.ACTIVE,
        row.artifact_uri,
        row.name,
    )


def _find(connection: Connection, chosen: Prepared, caller: Caller, run_id: str, level: Permission) -> RunRow:
    row = chosen.execute(connection, {"workspace": caller.workspace, "run_id": run_id}).first()
    if row is None:
        raise ResourceDoesNotExist(f"Run with id={run_id} not found. Check the id.")
    check_experiment(caller, level, row.experiment_id)
    return RunRow(*tuple(row))
