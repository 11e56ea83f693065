"""The tables of webhooks, beside those of tracking."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, Table, UniqueConstraint

from mlflow.sql.column_types import Bytes, Id, Name, Words
from mlflow.sql.tables import metadata

__all__ = ["WEBHOOK_TABLES", "webhook_deliveries", "webhook_events", "webhooks"]

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("workspace", Name(63), nullable=False),
    Column("webhook_id", Name(256), nullable=False),
    Column("name", Words, nullable=False),
    Column("description", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("status", Name(16), nullable=False),
    Column("secret", Words),  # as webhook_secrets.py keeps it
    Column("creation_timestamp", BigInteger, nullable=False),
    Column("last_updated_timestamp", BigInteger, nullable=False),
    UniqueConstraint("workspace", "webhook_id"),
    Index("webhooks_by_time", "workspace", sa.text("creation_timestamp DESC"), "id"),
    sqlite_autoincrement=True,
)

webhook_events = Table(  # which events a webhook is told
    "webhook_events",
    metadata,
    Column("webhook", Id, primary_key=True, autoincrement=False),
    Column("entity", Name(50), primary_key=True),
    Column("action", Name(50), primary_key=True),
    Index("webhook_events_by_event", "entity", "action", "webhook"),
    sqlite_with_rowid=False,
)

webhook_deliveries = Table(  # events on their way, written with what happened, and the log of those that arrived
    "webhook_deliveries",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("webhook", Id, nullable=False),
    Column("delivery_id", Name(36), nullable=False),
    Column("entity", Name(50), nullable=False),
    Column("action", Name(50), nullable=False),
    Column("body", Bytes, nullable=False),
    Column("state", Name(16), nullable=False),  # PENDING, DELIVERED, FAILED
    Column("attempts", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("finished", BigInteger),
    Column("next_attempt", BigInteger),  # when it is due, or its sender is given up; NULL when it is over
    Column("response_status", Integer),
    Column("response_body", Words),
    Column("error", Words),
    Index("webhook_deliveries_by_webhook", "webhook", "id"),
    Index("webhook_deliveries_due", "next_attempt"),
    sqlite_autoincrement=True,
)

WEBHOOK_TABLES = (webhooks, webhook_events, webhook_deliveries)
