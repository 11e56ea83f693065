"""What every store does with webhooks."""

from __future__ import annotations

import pytest

from mlflow.contract.caller import EVERYONE, NOBODY
from mlflow.contract.store import TrackingStore
from mlflow.contract.webhooks import EventName
from mlflow.entities import Webhook
from mlflow.exceptions import InvalidParameterValue, PermissionDenied, ResourceDoesNotExist
from mlflow.testing.fixtures import Suite

__all__ = ["WebhooksSuite"]

_URL = "https://8.8.8.8/hook"  # a public address; nothing is sent there, since these events never happen
_SPENT = EventName("BUDGET_POLICY", "EXCEEDED")
_ALIAS = EventName("PROMPT_ALIAS", "CREATED")


class WebhooksSuite(Suite):
    """Webhooks; what is sent is the server's business."""

    @pytest.fixture
    def webhook(self, store: TrackingStore) -> Webhook:
        """A new webhook."""
        return store.webhooks.create_webhook(EVERYONE, "first", _URL, [_ALIAS, _SPENT], "says so", "s3cret")

    def test_webhook_comes_back_without_its_secret(self, store: TrackingStore, webhook: Webhook) -> None:
        got = store.webhooks.get_webhook(EVERYONE, webhook.webhook_id)
        assert got == webhook
        assert (got.name, got.url, got.description, got.status, got.secret) == (
            "first",
            _URL,
            "says so",
            "ACTIVE",
            None,
        )
        assert sorted(map(str, got.events)) == ["budget_policy.exceeded", "prompt_alias.created"]

    def test_webhooks_are_listed_page_by_page_the_newest_first(self, store: TrackingStore) -> None:
        made = [store.webhooks.create_webhook(EVERYONE, f"w{number}", _URL, [_SPENT]) for number in range(3)]
        found: list[str] = []
        token: str | None = ""
        while token is not None:
            page = store.webhooks.list_webhooks(EVERYONE, 2, token)
            found += [webhook.webhook_id for webhook in page]
            token = page.token
        ours = [webhook.webhook_id for webhook in made]
        assert [webhook_id for webhook_id in found if webhook_id in ours] == ours[::-1]

    def test_update_changes_what_is_given(self, store: TrackingStore, webhook: Webhook) -> None:
        store.webhooks.update_webhook(EVERYONE, webhook.webhook_id, name="second", status="DISABLED")
        store.webhooks.update_webhook(EVERYONE, webhook.webhook_id, events=[_SPENT])
        got = store.webhooks.get_webhook(EVERYONE, webhook.webhook_id)
        assert (got.name, got.url, got.status, [str(event) for event in got.events]) == (
            "second",
            _URL,
            "DISABLED",
            ["budget_policy.exceeded"],
        )
        store.webhooks.update_webhook(EVERYONE, webhook.webhook_id)
        assert store.webhooks.get_webhook(EVERYONE, webhook.webhook_id).name == "second"

    def test_deleted_webhook_is_gone(self, store: TrackingStore, webhook: Webhook) -> None:
        store.webhooks.delete_webhook(EVERYONE, webhook.webhook_id)
        with pytest.raises(ResourceDoesNotExist, match=webhook.webhook_id):
            store.webhooks.get_webhook(EVERYONE, webhook.webhook_id)
        with pytest.raises(ResourceDoesNotExist):
            store.webhooks.update_webhook(EVERYONE, webhook.webhook_id, name="x")

    @pytest.mark.parametrize("name", ["-x", "x y", "x" * 64, "x.", "ü"])
    def test_odd_name_is_refused(self, store: TrackingStore, name: str) -> None:
        with pytest.raises(InvalidParameterValue, match="name"):
            store.webhooks.create_webhook(EVERYONE, name, _URL, [_SPENT])

    @pytest.mark.parametrize("url", ["http://8.8.8.8/", "https://127.0.0.1/", "https://10.0.0.1/x", "ftp://8.8.8.8/"])
    def test_url_that_is_not_public_is_refused(self, store: TrackingStore, webhook: Webhook, url: str) -> None:
        with pytest.raises(InvalidParameterValue):
            store.webhooks.create_webhook(EVERYONE, "x", url, [_SPENT])
        with pytest.raises(InvalidParameterValue):
            store.webhooks.update_webhook(EVERYONE, webhook.webhook_id, url=url)

    def test_events_must_be_some_that_there_are(self, store: TrackingStore) -> None:
        with pytest.raises(InvalidParameterValue, match="Valid actions"):
            store.webhooks.create_webhook(EVERYONE, "x", _URL, [EventName("MODEL_VERSION", "SET")])
        with pytest.raises(InvalidParameterValue, match="events"):
            store.webhooks.create_webhook(EVERYONE, "x", _URL, [])

    @pytest.mark.parametrize("size", [0, 1001])
    def test_pages_have_1_to_1000_webhooks(self, store: TrackingStore, size: int) -> None:
        with pytest.raises(InvalidParameterValue, match="max_results"):
            store.webhooks.list_webhooks(EVERYONE, size)

    def test_new_webhook_has_no_deliveries(self, store: TrackingStore, webhook: Webhook) -> None:
        assert store.webhooks.list_webhook_deliveries(EVERYONE, webhook.webhook_id) == []
        with pytest.raises(ResourceDoesNotExist):
            store.webhooks.redeliver_webhook(EVERYONE, webhook.webhook_id, "nothing")

    def test_who_may_not_manage_the_server_sees_no_webhooks(self, store: TrackingStore, webhook: Webhook) -> None:
        for call in (
            lambda: store.webhooks.list_webhooks(NOBODY),
            lambda: store.webhooks.get_webhook(NOBODY, webhook.webhook_id),
            lambda: store.webhooks.delete_webhook(NOBODY, webhook.webhook_id),
            lambda: store.webhooks.list_webhook_deliveries(NOBODY, webhook.webhook_id),
        ):
            with pytest.raises(PermissionDenied):
                call()
