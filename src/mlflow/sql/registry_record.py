"""Writing the history of registered models, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller
from mlflow.contract.registry_history import Evidence, RegistryAction, RegistryEvent
from mlflow.sql.changelog import note_model
from mlflow.sql.ids import now
from mlflow.sql.registry_tables import registry_history
from mlflow.sql.statements import insert_row
from mlflow.sql.webhook_outbox import announce

__all__ = ["record", "version_state"]


def record(
    connection: Connection,
    caller: Caller,
    model: Row[Any],
    action: RegistryAction,
    *,
    version: int | None = None,
    subject: str | None = None,
    before: Any = None,
    after: Any = None,
    evidence: Sequence[Evidence] = (),
    time: int | None = None,
) -> RegistryEvent:
    """Write one change of a model, and note it for live views and for webhooks."""
    when = time or now()
    row = {
        "workspace": model.workspace,
        "model": model.id,
        "name": model.name,
        "version": version,
        "action": action,
        "subject": subject,
        "before": _encoded(before),
        "after": _encoded(after),
        "evidence": _encoded(list(evidence) or None),
        "user_id": caller.user,
        "time": when,
    }
    seq = insert_row(connection, registry_history, row)
    announce(connection, model.workspace, action, model.name, version, subject, after)
    numbered = None if version is None else str(version)
    data = {"name": model.name, "action": action, "version": numbered, "subject": subject, "seq": seq}
    note_model(connection, model.workspace, {name: value for name, value in data.items() if value is not None})
    return RegistryEvent(seq, when, caller.user, model.name, action, numbered, subject, before, after, list(evidence))


def version_state(row: Row[Any] | dict[str, Any], tags: dict[str, str]) -> dict[str, Any]:
    """What history keeps of a new version: all that a reader of an earlier time must see."""
    values = row if isinstance(row, dict) else dict(row._mapping)
    kept = ("source", "storage_location", "run_id", "run_link", "model_id", "description", "stage", "status", "user_id")
    state = {name: values[name] for name in kept if values.get(name) is not None}
    return state | ({"tags": tags} if tags else {})


def _encoded(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
