"""The client's calls about webhooks."""

from __future__ import annotations

from collections.abc import Sequence

from mlflow.contract.caller import EVERYONE
from mlflow.contract.pages import Page
from mlflow.contract.webhooks import EventName, Webhooks, WebhookStatusName
from mlflow.entities import Webhook, WebhookDelivery, WebhookEvent, WebhookStatus, WebhookTestResult
from mlflow.exceptions import InvalidParameterValue
from mlflow.tracking.backend import tracking_backend

__all__ = ["WebhookCalls"]

_PAGE = 100

Event = str | WebhookEvent


class WebhookCalls:
    """Creates, finds, changes and tests webhooks of the model registry, and looks into what was delivered to them."""

    _registry_uri: str

    def create_webhook(
        self,
        name: str,
        url: str,
        events: Sequence[Event],
        description: str | None = None,
        secret: str | None = None,
        status: str | WebhookStatus | None = None,
    ) -> Webhook:
        """Create a webhook.

        Args:
            name: letters, digits, `.`, `_` and `-`, 63 characters at most; it need not be unique.
            url: where requests are sent: https, and a public address, unless the server allows others.
            events: such as "model_version.created", or `WebhookEvent`s.
            description: for people.
            secret: signs the requests; no server tells it again.
            status: ACTIVE when omitted, or DISABLED.
        """
        return self._webhooks.create_webhook(
            EVERYONE, name, url, _names(events), description or "", secret or "", _status(status) or "ACTIVE"
        )

    def get_webhook(self, webhook_id: str) -> Webhook:
        """Return a webhook, without its secret."""
        return self._webhooks.get_webhook(EVERYONE, webhook_id)

    def list_webhooks(self, max_results: int | None = None, page_token: str | None = None) -> Page[Webhook]:
        """Return a page of webhooks, the newest first; 100 when `max_results` is omitted."""
        return self._webhooks.list_webhooks(EVERYONE, max_results or _PAGE, page_token or "")

    def update_webhook(
        self,
        webhook_id: str,
        name: str | None = None,
        description: str | None = None,
        url: str | None = None,
        events: Sequence[Event] | None = None,
        secret: str | None = None,
        status: str | WebhookStatus | None = None,
    ) -> Webhook:
        """Change what is given; the rest stays. See `create_webhook`."""
        return self._webhooks.update_webhook(
            EVERYONE, webhook_id, name, description, url, _names(events or ()), secret, _status(status)
        )

    def delete_webhook(self, webhook_id: str) -> None:
        """Delete a webhook with its log of deliveries."""
        self._webhooks.delete_webhook(EVERYONE, webhook_id)

    def test_webhook(self, webhook_id: str, event: Event | None = None) -> WebhookTestResult:
        """Send a sample of an event, the webhook's first one when none is named, and return what came back."""
        chosen = None if event is None else _names([event])[0]
        return self._webhooks.test_webhook(EVERYONE, webhook_id, chosen)

    def list_webhook_deliveries(
        self, webhook_id: str, max_results: int | None = None, page_token: str | None = None
    ) -> Page[WebhookDelivery]:
        """Return a page of what was sent to a webhook and what waits to be, the newest first."""
        return self._webhooks.list_webhook_deliveries(EVERYONE, webhook_id, max_results or _PAGE, page_token or "")

    def redeliver_webhook(self, webhook_id: str, delivery_id: str) -> None:
        """Send an event once more, under the id it had."""
        self._webhooks.redeliver_webhook(EVERYONE, webhook_id, delivery_id)

    @property
    def _webhooks(self) -> Webhooks:
        return tracking_backend(self._registry_uri).store.webhooks


def _names(events: Sequence[Event]) -> list[EventName]:
    chosen = [event if isinstance(event, WebhookEvent) else WebhookEvent.from_str(event) for event in events]
    return [
        EventName(event.entity.value.upper(), event.action.value.upper())  # type: ignore[arg-type]  # its own values
        for event in chosen
    ]


def _status(status: str | WebhookStatus | None) -> WebhookStatusName | None:
    if status is None:
        return None
    try:
        return WebhookStatus(status).value
    except ValueError as exc:
        raise InvalidParameterValue(f"Unknown webhook status '{status}'; use ACTIVE or DISABLED.") from exc
