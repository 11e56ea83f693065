"""Finding, locking and creating the row of an experiment."""

from __future__ import annotations

import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.sql.access import check_experiment
from mlflow.sql.changelog import note
from mlflow.sql.ids import to_id
from mlflow.sql.prepared import Prepared
from mlflow.sql.statements import insert_row
from mlflow.sql.tables import experiments

__all__ = ["Lock", "create_experiment", "find_experiment"]


class Lock(enum.Enum):
    """How a row is held until the transaction ends."""

    NONE = enum.auto()
    SHARED = enum.auto()  # against changes
    EXCLUSIVE = enum.auto()  # against changes and other locks


_CHOSEN = sa.select(experiments).where(
    experiments.c.id == sa.bindparam("number"), experiments.c.workspace == sa.bindparam("workspace")
)
_BY_ID = {
    Lock.NONE: Prepared(_CHOSEN),
    Lock.SHARED: Prepared(_CHOSEN.with_for_update(read=True)),
    Lock.EXCLUSIVE: Prepared(_CHOSEN.with_for_update()),
}


def find_experiment(
    connection: Connection, caller: Caller, experiment_id: str, level: Permission, lock: Lock = Lock.NONE
) -> Row[Any]:
    """The row of an experiment; locked until the transaction ends if asked.

    Raises:
        ResourceDoesNotExist: there is none in the caller's workspace.
        PermissionDenied: the caller lacks `level` on it.
    """
    number = to_id(experiment_id)
    row = _BY_ID[lock].execute(connection, {"number": number, "workspace": caller.workspace}).first()
    if row is None:
        raise ResourceDoesNotExist(f"No Experiment with id={experiment_id} exists. Check the id.")
    check_experiment(caller, level, number)
    return row


def create_experiment(
    connection: Connection, workspace: str, name: str, artifact_location: str, artifact_root: str, time: int
) -> int:
    """Insert an experiment and answer its number; without a location it gets one below `artifact_root`."""
    row = {
        "workspace": workspace,
        "name": name,
        "artifact_location": artifact_location,
        "deleted": 0,
        "creation_time": time,
        "last_update_time": time,
    }
    number = insert_row(connection, experiments, row)
    if not artifact_location:
        location = f"{artifact_root.rstrip('/')}/{number}"
        connection.execute(sa.update(experiments).where(experiments.c.id == number).values(artifact_location=location))
    note(connection, "experiment", number, None, {"name": name, "lifecycle_stage": "active"})
    return number
