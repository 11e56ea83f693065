"""Noting in `changes` what happened to experiments, runs and registered models, for live views."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection

from mlflow.contract.changes import ChangeKind
from mlflow.sql.ids import now
from mlflow.sql.statements import insert_rows
from mlflow.sql.tables import changes

__all__ = ["NO_EXPERIMENT", "note", "note_all", "note_model", "note_rows"]

NO_EXPERIMENT = -1  # stands where a change is about none


def note(connection: Connection, kind: ChangeKind, experiment_id: int, run: int | None, data: dict[str, Any]) -> None:
    """Note one change; it shows to readers once the transaction is committed."""
    note_all(connection, kind, [(experiment_id, run)], data)


def note_all(
    connection: Connection, kind: ChangeKind, where: list[tuple[int, int | None]], data: dict[str, Any]
) -> None:
    """Note the same change of several (experiment id, run number)."""
    encoded = msgspec.json.encode(data)
    note_rows(connection, kind, [(experiment_id, run, encoded) for experiment_id, run in where])


def note_model(connection: Connection, workspace: str, data: dict[str, Any]) -> None:
    """Note a change of a registered model; `data` has its `name`."""
    encoded = msgspec.json.encode({"workspace": workspace, **data})
    note_rows(connection, "registered_model", [(NO_EXPERIMENT, None, encoded)])


def note_rows(connection: Connection, kind: ChangeKind, rows: list[tuple[int, int | None, bytes]]) -> None:
    """Note changes of one kind, given as (experiment id, run number, JSON)."""
    time = now()
    noted = [
        {"kind": kind, "experiment_id": experiment_id, "run": run, "data": data, "time": time}
        for experiment_id, run, data in rows
    ]
    insert_rows(connection, changes, noted)
