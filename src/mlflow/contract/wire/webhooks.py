"""Webhooks as they travel: entities and actions of events in capitals, no secret."""

from __future__ import annotations

from typing import Any

import msgspec

from mlflow.entities.webhook import Webhook, WebhookEvent, WebhookTestResult

__all__ = ["WebhookWire", "webhook_result_members", "webhook_wire"]


class WebhookEventWire(msgspec.Struct, frozen=True):
    """A kind of event, as it travels."""

    entity: str
    action: str


class WebhookWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """A webhook, as it travels."""

    webhook_id: str
    name: str = ""
    description: str | None = None
    url: str = ""
    events: list[WebhookEventWire] = []
    status: str = ""
    creation_timestamp: int = 0
    last_updated_timestamp: int = 0

    def entity(self) -> Webhook:
        """The webhook as programs hold it."""
        return Webhook(
            self.webhook_id,
            self.name,
            self.url,
            [WebhookEvent(event.entity.lower(), event.action.lower()) for event in self.events],
            self.creation_timestamp,
            self.last_updated_timestamp,
            self.description,
            self.status or "ACTIVE",
        )


def webhook_wire(webhook: Webhook) -> WebhookWire:
    """A webhook's JSON form."""
    return WebhookWire(
        webhook.webhook_id,
        webhook.name,
        webhook.description or None,
        webhook.url,
        [WebhookEventWire(event.entity.upper(), event.action.upper()) for event in webhook.events],
        webhook.status.value,
        webhook.creation_timestamp,
        webhook.last_updated_timestamp,
    )


def webhook_result_members(result: WebhookTestResult) -> dict[str, Any]:
    """The JSON form of a test's result; absent members are left out."""
    return {name: value for name, value in result if value is not None}
