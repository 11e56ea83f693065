"""Finding and locking the row of a logged model: what every call that names one does first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.sql.access import check_experiment
from mlflow.sql.logged_model_tables import logged_models
from mlflow.sql.prepared import Prepared

__all__ = ["find_model", "lock_models", "model_of_run"]

_CHUNK = 500
_CHOSEN = sa.select(logged_models).where(
    logged_models.c.workspace == sa.bindparam("workspace"), logged_models.c.model_id == sa.bindparam("model_id")
)
_BY_ID, _LOCKED = Prepared(_CHOSEN), Prepared(_CHOSEN.with_for_update())


def find_model(
    connection: Connection,
    caller: Caller,
    model_id: str,
    level: Permission,
    *,
    lock: bool = False,
    allow_deleted: bool = False,
) -> Row[Any]:
    """The row of a logged model; locked until the transaction ends if asked.

    Raises:
        ResourceDoesNotExist: there is none in the caller's workspace, or it is in the trash.
        PermissionDenied: the caller lacks `level` on its experiment.
    """
    chosen = _LOCKED if lock else _BY_ID
    row = chosen.execute(connection, {"workspace": caller.workspace, "model_id": model_id}).first()
    if row is None or (row.deleted and not allow_deleted):
        raise ResourceDoesNotExist(f"Logged model with ID '{model_id}' not found. Check the id.")
    check_experiment(caller, level, row.experiment_id)
    return row


def lock_models(connection: Connection, workspace: str, model_ids: Iterable[str]) -> dict[str, int]:
    """The numbers of those models that exist, whose rows are locked, in the order of their numbers."""
    wanted = sorted(set(model_ids))
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _CHUNK):
        chosen = sa.select(logged_models.c.id, logged_models.c.model_id).where(
            logged_models.c.workspace == workspace, logged_models.c.model_id.in_(wanted[start : start + _CHUNK])
        )
        rows = connection.execute(chosen.order_by(logged_models.c.id).with_for_update())
        found.update((row.model_id, row.id) for row in rows)
    return found


def model_of_run(connection: Connection, workspace: str, run_id: str, name: str) -> Row[Any] | None:
    """The newest model of a name that a run made."""
    chosen = sa.select(logged_models).where(
        logged_models.c.workspace == workspace,
        logged_models.c.source_run_id == run_id,
        logged_models.c.name == name,
        logged_models.c.deleted == 0,
    )
    newest = (logged_models.c.creation_timestamp.desc(), logged_models.c.id.desc())
    return connection.execute(chosen.order_by(*newest).limit(1)).first()
