"""Webhooks in a SQL database."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.pages import Cursor, Offset, Page, decode_token, encode_token, query_digest
from mlflow.contract.webhooks import EventName, Webhooks, WebhookStatusName
from mlflow.entities.webhook import Webhook, WebhookDelivery, WebhookEvent, WebhookTestResult
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.sql.access import check_server
from mlflow.sql.engine import Database
from mlflow.sql.ids import now
from mlflow.sql.keyset import Sort, after, ordering
from mlflow.sql.statements import insert_row, insert_rows
from mlflow.sql.webhook_outbox import PENDING
from mlflow.sql.webhook_secrets import kept, opened
from mlflow.sql.webhook_tables import webhook_deliveries, webhook_events, webhooks
from mlflow.webhooks.addresses import check_url
from mlflow.webhooks.payloads import SAMPLES
from mlflow.webhooks.sender import body_of, send

__all__ = ["SqlWebhooks"]

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_MOST = 1000  # in a page
_MAX_DESCRIPTION = 1000  # characters
_MAX_SECRET = 1000
_NEWEST = (Sort(webhooks.c.creation_timestamp, descending=True), Sort(webhooks.c.id, descending=True))


class SqlWebhooks(Webhooks):
    """Webhooks in a SQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create_webhook(
        self,
        caller: Caller,
        name: str,
        url: str,
        events: Sequence[EventName],
        description: str = "",
        secret: str = "",
        status: WebhookStatusName = "ACTIVE",
    ) -> Webhook:
        check_server(caller, Permission.MANAGE)
        _check_texts(name, description, secret)
        chosen = _checked_events(events)
        check_url(url)
        stored, time = kept(secret), now()

        def create(connection: Connection) -> Webhook:
            row = {
                "workspace": caller.workspace,
                "webhook_id": str(uuid.uuid4()),
                "name": name,
                "description": description,
                "url": url,
                "status": status,
                "secret": stored,
                "creation_timestamp": time,
                "last_updated_timestamp": time,
            }
            number = insert_row(connection, webhooks, row)
            insert_rows(connection, webhook_events, _event_rows(number, chosen))
            return _entities(connection, [_find(connection, caller, str(row["webhook_id"]))])[0]

        return self._database.write(create)

    def list_webhooks(self, caller: Caller, max_results: int = 100, page_token: str = "") -> Page[Webhook]:
        check_server(caller, Permission.MANAGE)
        size, digest = _page_size(max_results), query_digest("webhooks", caller.workspace)
        position = decode_token(page_token, digest, len(_NEWEST))

        def read(connection: Connection) -> Page[Webhook]:
            chosen = sa.select(webhooks).where(webhooks.c.workspace == caller.workspace)
            if isinstance(position, Cursor):
                chosen = chosen.where(after(_NEWEST, position.values))
            if isinstance(position, Offset):
                chosen = chosen.offset(position.offset)
            rows = connection.execute(chosen.order_by(*ordering(_NEWEST)).limit(size + 1)).all()
            return Page(_entities(connection, rows[:size]), _token(rows, size, digest, "creation_timestamp", "id"))

        return self._database.read(read)

    def get_webhook(self, caller: Caller, webhook_id: str) -> Webhook:
        return self._database.read(lambda connection: _entities(connection, [_find(connection, caller, webhook_id)])[0])

    def update_webhook(
        self,
        caller: Caller,
        webhook_id: str,
        name: str | None = None,
        description: str | None = None,
        url: str | None = None,
        events: Sequence[EventName] = (),
        secret: str | None = None,
        status: WebhookStatusName | None = None,
    ) -> Webhook:
        _check_texts(name, description, secret)
        chosen = _checked_events(events) if events else []
        if url is not None:
            check_url(url)
        given = {"name": name, "description": description, "url": url, "status": status}
        changes: dict[str, Any] = {member: value for member, value in given.items() if value is not None}
        if secret is not None:
            changes["secret"] = kept(secret)

        def update(connection: Connection) -> Webhook:
            row = _find(connection, caller, webhook_id, lock=True)
            changed = sa.update(webhooks).where(webhooks.c.id == row.id)
            connection.execute(changed.values(last_updated_timestamp=now(), **changes))
            if chosen:
                connection.execute(sa.delete(webhook_events).where(webhook_events.c.webhook == row.id))
                insert_rows(connection, webhook_events, _event_rows(row.id, chosen))
            return _entities(connection, [_find(connection, caller, webhook_id)])[0]

        return self._database.write(update)

    def delete_webhook(self, caller: Caller, webhook_id: str) -> None:
        def delete(connection: Connection) -> None:
            row = _find(connection, caller, webhook_id, lock=True)
            for table in (webhook_events, webhook_deliveries):
                connection.execute(sa.delete(table).where(table.c.webhook == row.id))
            connection.execute(sa.delete(webhooks).where(webhooks.c.id == row.id))

        self._database.write(delete)

    def test_webhook(self, caller: Caller, webhook_id: str, event: EventName | None = None) -> WebhookTestResult:
        chosen = None if event is None else _checked_events([event])[0]
        row = self._database.read(lambda connection: _find(connection, caller, webhook_id))
        sample = chosen or self.get_webhook(caller, webhook_id).events[0]
        moment = datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
        body = body_of(sample.entity.value, sample.action.value, moment, SAMPLES[str(sample)])
        outcome = send(row.url, str(uuid.uuid4()), body, opened(row.secret))
        return WebhookTestResult(
            outcome.delivered, outcome.status, outcome.body, outcome.error if outcome.status is None else None
        )

    def list_webhook_deliveries(
        self, caller: Caller, webhook_id: str, max_results: int = 100, page_token: str = ""
    ) -> Page[WebhookDelivery]:
        size, digest = _page_size(max_results), query_digest("webhook deliveries", webhook_id)
        position = decode_token(page_token, digest, 0)

        def read(connection: Connection) -> Page[WebhookDelivery]:
            webhook = _find(connection, caller, webhook_id)
            table = webhook_deliveries.c
            chosen = sa.select(webhook_deliveries).where(table.webhook == webhook.id)
            if isinstance(position, Cursor):
                chosen = chosen.where(table.id < position.id)
            rows = connection.execute(chosen.order_by(table.id.desc()).limit(size + 1)).all()
            return Page([_delivery(row) for row in rows[:size]], _token(rows, size, digest))

        return self._database.read(read)

    def redeliver_webhook(self, caller: Caller, webhook_id: str, delivery_id: str) -> None:
        def redeliver(connection: Connection) -> None:
            webhook = _find(connection, caller, webhook_id)
            table = webhook_deliveries.c
            own = sa.and_(table.webhook == webhook.id, table.delivery_id == delivery_id)
            again = {"state": PENDING, "attempts": 0, "finished": None, "next_attempt": now()}
            changed = sa.update(webhook_deliveries).where(own, table.state != PENDING).values(**again)
            if connection.execute(changed).rowcount:
                return
            if connection.execute(sa.select(table.id).where(own)).first() is None:
                raise ResourceDoesNotExist(f"Webhook '{webhook_id}' has no delivery '{delivery_id}'. Check the id.")

        self._database.write(redeliver)


def _find(connection: Connection, caller: Caller, webhook_id: str, *, lock: bool = False) -> Row[Any]:
    check_server(caller, Permission.MANAGE)
    own = (webhooks.c.workspace == caller.workspace) & (webhooks.c.webhook_id == webhook_id)
    chosen = sa.select(webhooks).where(own)
    row = connection.execute(chosen.with_for_update() if lock else chosen).first()
    if row is None:
        raise ResourceDoesNotExist(f"Webhook with ID {webhook_id} not found. Check the id.")
    return row


def _entities(connection: Connection, rows: Sequence[Row[Any]]) -> list[Webhook]:
    numbers = [row.id for row in rows]
    events: dict[int, list[WebhookEvent]] = {number: [] for number in numbers}
    table = webhook_events.c
    chosen = sa.select(table.webhook, table.entity, table.action).where(table.webhook.in_(numbers))
    for webhook, entity, action in connection.execute(chosen.order_by(*table)) if numbers else ():
        events[webhook].append(WebhookEvent(entity, action))
    return [
        Webhook(
            row.webhook_id,
            row.name,
            row.url,
            events[row.id],
            row.creation_timestamp,
            row.last_updated_timestamp,
            row.description or None,
            row.status,
            workspace=row.workspace,
        )
        for row in rows
    ]


def _delivery(row: Row[Any]) -> WebhookDelivery:
    return WebhookDelivery(
        delivery_id=row.delivery_id,
        event=f"{row.entity}.{row.action}",
        state=row.state,
        attempts=row.attempts,
        created=row.created,
        finished=row.finished,
        next_attempt=row.next_attempt,
        response_status=row.response_status,
        response_body=row.response_body,
        error=row.error,
        body=bytes(row.body).decode(),
    )


def _event_rows(webhook: int, events: Sequence[WebhookEvent]) -> list[dict[str, Any]]:
    return [{"webhook": webhook, "entity": event.entity.value, "action": event.action.value} for event in events]


def _checked_events(events: Sequence[EventName]) -> list[WebhookEvent]:
    if not events:
        raise InvalidParameterValue("Webhook events must be a non-empty list of WebhookEvent objects: [].")
    chosen = [WebhookEvent(event.entity.lower(), event.action.lower()) for event in events]
    return list({str(event): event for event in chosen}.values())


def _check_texts(name: str | None, description: str | None, secret: str | None) -> None:
    if name is not None and not _NAME.fullmatch(name):
        raise InvalidParameterValue(
            f"Webhook name '{name}' is invalid. It must start and end with a letter or digit, have 63 characters at "
            "most, and contain only letters, digits, dots (.), underscores (_), and hyphens (-)."
        )
    for what, text, limit in (("description", description, _MAX_DESCRIPTION), ("secret", secret, _MAX_SECRET)):
        if text is not None and len(text) > limit:
            raise InvalidParameterValue(f"The webhook's {what} has {len(text)} characters; shorten it to {limit}.")


def _page_size(max_results: int) -> int:
    if not 1 <= max_results <= _MOST:
        raise InvalidParameterValue(f"max_results must be between 1 and {_MOST}, but is {max_results}.")
    return max_results


def _token(rows: Sequence[Row[Any]], size: int, digest: bytes, *members: str) -> str | None:
    if len(rows) <= size:
        return None
    last = rows[size - 1]
    return encode_token([getattr(last, member) for member in members], last.id, digest)
