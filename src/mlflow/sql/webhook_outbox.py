"""Writing what webhooks are to be told, in the transaction of the change itself: so nothing that happened is lost."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.ids import now
from mlflow.sql.statements import insert_rows
from mlflow.sql.webhook_tables import webhook_deliveries, webhook_events, webhooks
from mlflow.webhooks.sender import body_of

__all__ = ["PENDING", "announce", "event_data"]

PENDING = "PENDING"

_EVENTS = {
    "model_created": ("registered_model", "created"),
    "version_created": ("model_version", "created"),
    "version_tag_set": ("model_version_tag", "set"),
    "version_tag_deleted": ("model_version_tag", "deleted"),
    "alias_moved": ("model_version_alias", "created"),
    "alias_deleted": ("model_version_alias", "deleted"),
}
"""What the history of models calls a change, and what webhooks call it; the others are no events."""

_SUBSCRIBED = (
    sa.select(webhooks.c.id)
    .join(webhook_events, webhook_events.c.webhook == webhooks.c.id)
    .where(
        webhook_events.c.entity == sa.bindparam("entity"),
        webhook_events.c.action == sa.bindparam("action"),
        webhooks.c.workspace == sa.bindparam("workspace"),
        webhooks.c.status == "ACTIVE",
    )
    .order_by(webhooks.c.id)
)


def announce(
    connection: Connection,
    workspace: str,
    change: str,
    name: str,
    version: int | None = None,
    subject: str | None = None,
    after: Any = None,
) -> None:
    """Note a change of a registered model for every active webhook that asked for such.

    Args:
        connection: in the transaction of the change.
        workspace: the model's.
        change: as the history of models calls it.
        name: the model's.
        version: the version that it is about.
        subject: the tag's key or the alias that it is about.
        after: what is there now, as history keeps it.
    """
    event = _EVENTS.get(change)
    if event is None:
        return
    entity, action = event
    wanted = {"entity": entity, "action": action, "workspace": workspace}
    subscribed = list(connection.scalars(_SUBSCRIBED, wanted))
    if not subscribed:
        return
    time, moment = now(), datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
    body = body_of(entity, action, moment, event_data(change, name, version, subject, after))
    rows = [
        {
            "webhook": webhook,
            "delivery_id": str(uuid.uuid4()),
            "entity": entity,
            "action": action,
            "body": body,
            "state": PENDING,
            "attempts": 0,
            "created": time,
            "next_attempt": time,
        }
        for webhook in subscribed
    ]
    insert_rows(connection, webhook_deliveries, rows)


def event_data(change: str, name: str, version: int | None, subject: str | None, after: Any) -> dict[str, Any]:
    """The member `data` of an event's body."""
    state: Mapping[str, Any] = after if isinstance(after, Mapping) else {}
    numbered = {"name": name, "version": str(version)}
    tags = dict(state.get("tags") or {})
    if change == "model_created":
        return {"name": name, "tags": tags, "description": state.get("description") or ""}
    if change == "version_created":
        facts = {"source": state.get("source"), "run_id": state.get("run_id") or None, "tags": tags}
        return {**numbered, **facts, "description": state.get("description") or None}
    if change == "version_tag_set":
        return {**numbered, "key": subject, "value": after}
    if change == "version_tag_deleted":
        return {**numbered, "key": subject}
    if change == "alias_moved":
        return {"name": name, "alias": subject, "version": str(version)}
    return {"name": name, "alias": subject}
