"""Noting in `changes` what happened to experiments and runs, for live views."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.changes import ChangeKind
from mlflow.sql.ids import now
from mlflow.sql.tables import changes

__all__ = ["note", "note_all"]

_INSERT = sa.insert(changes)


def note(connection: Connection, kind: ChangeKind, experiment_id: int, run: int | None, data: dict[str, Any]) -> None:
    """Note one change; it shows to readers once the transaction is committed."""
    note_all(connection, kind, [(experiment_id, run)], data)


def note_all(
    connection: Connection, kind: ChangeKind, where: list[tuple[int, int | None]], data: dict[str, Any]
) -> None:
    """Note the same change of several (experiment id, run number)."""
    encoded, time = msgspec.json.encode(data), now()
    rows = [
        {"kind": kind, "experiment_id": experiment_id, "run": run, "data": encoded, "time": time}
        for experiment_id, run in where
    ]
    if rows:
        connection.execute(_INSERT, rows if len(rows) > 1 else rows[0])
