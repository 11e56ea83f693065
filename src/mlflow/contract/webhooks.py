"""Webhooks: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from mlflow.contract.access import manage
from mlflow.contract.caller import Caller
from mlflow.contract.pages import Page
from mlflow.contract.route import Text, route
from mlflow.entities.webhook import Webhook, WebhookDelivery, WebhookTestResult

__all__ = ["EventName", "WebhookStatusName", "Webhooks"]

WebhookStatusName = Literal["ACTIVE", "DISABLED"]


class EventName(msgspec.Struct, frozen=True):
    """A kind of event as it travels, in capitals."""

    entity: Literal[
        "REGISTERED_MODEL",
        "MODEL_VERSION",
        "MODEL_VERSION_TAG",
        "MODEL_VERSION_ALIAS",
        "PROMPT",
        "PROMPT_VERSION",
        "PROMPT_TAG",
        "PROMPT_VERSION_TAG",
        "PROMPT_ALIAS",
        "BUDGET_POLICY",
    ]
    action: Literal["CREATED", "UPDATED", "DELETED", "SET", "EXCEEDED"]


class Webhooks(Protocol):
    """Requests that are sent elsewhere when something happens to registered models."""

    @route("POST", "2.0/mlflow/webhooks", access=manage(), envelope="webhook")
    def create_webhook(
        self,
        caller: Caller,
        name: Text,
        url: Text,
        events: list[EventName],
        description: str = "",
        secret: str = "",
        status: WebhookStatusName = "ACTIVE",
    ) -> Webhook:
        """Create a webhook; its URL must lead to a public address unless the server allows others."""
        ...

    @route("GET", "2.0/mlflow/webhooks", access=manage(), envelope="webhooks")
    def list_webhooks(self, caller: Caller, max_results: int = 100, page_token: str = "") -> Page[Webhook]:
        """Answer a page of webhooks, the newest first, at most 1,000."""
        ...

    @route("GET", "2.0/mlflow/webhooks/{webhook_id}", access=manage(), envelope="webhook")
    def get_webhook(self, caller: Caller, webhook_id: Text) -> Webhook:
        """Answer a webhook; its secret is never told."""
        ...

    @route("PATCH", "2.0/mlflow/webhooks/{webhook_id}", access=manage(), envelope="webhook")
    def update_webhook(
        self,
        caller: Caller,
        webhook_id: Text,
        name: str | None = None,
        description: str | None = None,
        url: str | None = None,
        events: list[EventName] = [],  # noqa: B006
        secret: str | None = None,
        status: WebhookStatusName | None = None,
    ) -> Webhook:
        """Change what is given; the rest stays."""
        ...

    @route("DELETE", "2.0/mlflow/webhooks/{webhook_id}", access=manage())
    def delete_webhook(self, caller: Caller, webhook_id: Text) -> None:
        """Delete a webhook with its deliveries."""
        ...

    @route("POST", "2.0/mlflow/webhooks/{webhook_id}/test", access=manage(), envelope="result")
    def test_webhook(self, caller: Caller, webhook_id: Text, event: EventName | None = None) -> WebhookTestResult:
        """Send a sample of an event, the webhook's first one when none is named, and answer what came back."""
        ...

    @route("GET", "ext/v1/webhooks/{webhook_id}/deliveries", access=manage(), envelope="deliveries")
    def list_webhook_deliveries(
        self, caller: Caller, webhook_id: Text, max_results: int = 100, page_token: str = ""
    ) -> Page[WebhookDelivery]:
        """Answer what was sent to a webhook and what waits to be, the newest first."""
        ...

    @route("POST", "ext/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver", access=manage())
    def redeliver_webhook(self, caller: Caller, webhook_id: Text, delivery_id: Text) -> None:
        """Send an event once more, under the id it had."""
        ...
