import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from mlflow.contract.caller import EVERYONE
from mlflow.contract.webhooks import EventName
from mlflow.entities.model_registry import RegisteredModelTag
from mlflow.entities.webhook import Webhook, WebhookEvent
from mlflow.exceptions import InvalidState
from mlflow.sql.store import SqlStore, open_store
from mlflow.sql.webhook_courier import Courier
from mlflow.sql.webhook_tables import webhook_deliveries, webhooks
from mlflow.webhooks import verify
from tests.fixtures.servers import StartServer
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.long

EVENTS = [
    EventName(entity.value.upper(), action.value.upper())  # type: ignore[arg-type]  # its own values
    for entity, actions in WebhookEvent.VALID.items()
    for action in actions
]


@pytest.fixture
def store(tmp_path: Path, allowed: None) -> Iterator[SqlStore]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}", str(tmp_path / "artifacts"))
    yield opened
    opened.close()


def hook(store: SqlStore, receiver: Receiver, path: str = "/200", secret: str = "s3") -> Webhook:
    return store.webhooks.create_webhook(EVERYONE, "hook", f"{receiver.url}{path}", EVENTS, secret=secret)


def told(receiver: Receiver) -> list[tuple[str, Any]]:
    bodies = [json.loads(request.body) for request in receiver.received]
    return [(f"{body['entity']}.{body['action']}", body["data"]) for body in bodies]


def log(store: SqlStore, webhook: Webhook) -> list[tuple[str, str, int]]:
    found = store.webhooks.list_webhook_deliveries(EVERYONE, webhook.webhook_id)
    return [(delivery.event, delivery.state, delivery.attempts) for delivery in found]


def due_at_once(store: SqlStore) -> None:
    """Do not wait for the next attempt."""
    waiting = webhook_deliveries.c.next_attempt.is_not(None)
    store.database.write(lambda c: c.execute(sa.update(webhook_deliveries).where(waiting).values(next_attempt=1)))


def test_what_happens_to_models_is_told(store: SqlStore, receiver: Receiver) -> None:
    webhook = hook(store, receiver)
    models, versions, aliases = store.registered_models, store.model_versions, store.model_aliases
    models.create_registered_model(EVERYONE, "m", [RegisteredModelTag("a", "b")], "what it is")
    versions.create_model_version(EVERYONE, "m", "s3://bucket/x", description="first")
    versions.set_model_version_tag(EVERYONE, "m", "1", "k", "v")
    versions.delete_model_version_tag(EVERYONE, "m", "1", "k")
    aliases.set_registered_model_alias(EVERYONE, "m", "champion", "1")
    aliases.delete_registered_model_alias(EVERYONE, "m", "champion")
    models.update_registered_model(EVERYONE, "m", "no event")
    assert store.courier.deliver_due() == 6
    about = {"name": "m", "version": "1"}
    facts = {"source": "s3://bucket/x", "run_id": None, "tags": {}, "description": "first"}
    assert told(receiver) == [
        ("registered_model.created", {"name": "m", "tags": {"a": "b"}, "description": "what it is"}),
        ("model_version.created", {**about, **facts}),
        ("model_version_tag.set", {**about, "key": "k", "value": "v"}),
        ("model_version_tag.deleted", {**about, "key": "k"}),
        ("model_version_alias.created", {**about, "alias": "champion"}),
        ("model_version_alias.deleted", {"name": "m", "alias": "champion"}),
    ]
    assert all(verify("s3", request.headers, request.body) for request in receiver.received)
    assert {state for _, state, _ in log(store, webhook)} == {"DELIVERED"}
    assert store.courier.deliver_due() == 0


def test_only_active_webhooks_that_asked_are_told(store: SqlStore, receiver: Receiver) -> None:
    other = [EventName("MODEL_VERSION", "CREATED")]
    store.webhooks.create_webhook(EVERYONE, "other", f"{receiver.url}/200", other)
    disabled = hook(store, receiver)
    store.webhooks.update_webhook(EVERYONE, disabled.webhook_id, status="DISABLED")
    store.registered_models.create_registered_model(EVERYONE, "m")
    assert store.courier.deliver_due() == 0


def test_change_that_is_rolled_back_is_not_told(store: SqlStore, receiver: Receiver) -> None:
    webhook = hook(store, receiver)
    store.registered_models.create_registered_model(EVERYONE, "m")
    with pytest.raises(Exception, match="m"):
        store.registered_models.create_registered_model(EVERYONE, "m")
    assert len(log(store, webhook)) == 1


def test_receiver_that_fails_for_a_while_is_told_again_under_the_same_id(store: SqlStore, receiver: Receiver) -> None:
    webhook = hook(store, receiver, "/flaky")
    store.registered_models.create_registered_model(EVERYONE, "m")
    for attempt in range(1, 4):
        due_at_once(store)
        store.courier.deliver_due()
        ((_, state, attempts),) = log(store, webhook)
        assert (state, attempts) == ("DELIVERED" if attempt == 3 else "PENDING", attempt)
    assert len({request.headers["X-MLflow-Delivery-Id"] for request in receiver.received}) == 1


@pytest.mark.parametrize(("status", "attempts"), [(400, 1), (404, 1), (302, 1), (503, 4), (429, 4)])
def test_receiver_that_refuses_for_good_is_left_alone(
    store: SqlStore, receiver: Receiver, status: int, attempts: int
) -> None:
    webhook = hook(store, receiver, f"/{status}")
    store.registered_models.create_registered_model(EVERYONE, "m")
    for _ in range(6):
        due_at_once(store)
        store.courier.deliver_due()
    assert log(store, webhook) == [("registered_model.created", "FAILED", attempts)]
    (delivery,) = store.webhooks.list_webhook_deliveries(EVERYONE, webhook.webhook_id)
    assert (delivery.response_status, delivery.response_body) == (status, "thanks")
    assert str(status) in (delivery.error or "")


def test_delivery_can_be_sent_once_more(store: SqlStore, receiver: Receiver) -> None:
    webhook = hook(store, receiver)
    store.registered_models.create_registered_model(EVERYONE, "m")
    store.courier.deliver_due()
    (delivery,) = store.webhooks.list_webhook_deliveries(EVERYONE, webhook.webhook_id)
    store.webhooks.redeliver_webhook(EVERYONE, webhook.webhook_id, delivery.delivery_id)
    store.courier.deliver_due()
    assert len(receiver.received) == 2
    assert receiver.received[0].body == receiver.received[1].body


def test_two_servers_do_not_send_one_event_twice(store: SqlStore, receiver: Receiver) -> None:
    hook(store, receiver)
    couriers = [Courier(store.database) for _ in range(3)]
    for courier in couriers:
        courier.start()
    for number in range(20):
        store.registered_models.create_registered_model(EVERYONE, f"m{number}")
    receiver.wait_for(20)
    for courier in couriers:
        courier.close()
    assert len(receiver.received) == len({request.body for request in receiver.received}) == 20


def test_sample_is_sent_to_try_a_webhook(store: SqlStore, receiver: Receiver) -> None:
    webhook = hook(store, receiver)
    result = store.webhooks.test_webhook(EVERYONE, webhook.webhook_id)
    assert (result.success, result.response_status, result.response_body) == (True, 200, "thanks")
    result = store.webhooks.test_webhook(EVERYONE, webhook.webhook_id, EventName("MODEL_VERSION_TAG", "SET"))
    assert told(receiver)[1] == (
        "model_version_tag.set",
        {"name": "example_model", "version": "1", "key": "example_key", "value": "example_value"},
    )
    store.webhooks.update_webhook(EVERYONE, webhook.webhook_id, url="http://127.0.0.1:1/")
    result = store.webhooks.test_webhook(EVERYONE, webhook.webhook_id)
    assert (result.success, result.response_status) == (False, None)
    assert "cannot be reached" in (result.error_message or "")


def stored_secret(store: SqlStore) -> str:
    return str(store.database.read(lambda connection: connection.scalar(sa.select(webhooks.c.secret))))


def test_secret_is_encrypted_with_the_key_that_is_set(
    store: SqlStore, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.fernet import Fernet

    monkeypatch.setenv("MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY", Fernet.generate_key().decode())
    webhook = hook(store, receiver, secret="very secret")
    assert "very secret" not in stored_secret(store)
    store.webhooks.test_webhook(EVERYONE, webhook.webhook_id)
    assert verify("very secret", receiver.received[0].headers, receiver.received[0].body)
    monkeypatch.setenv("MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY", Fernet.generate_key().decode())
    with pytest.raises(InvalidState, match="another key"):
        store.webhooks.test_webhook(EVERYONE, webhook.webhook_id)


def test_key_that_is_none_is_refused(store: SqlStore, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY", "short")
    with pytest.raises(InvalidState, match="no Fernet key"):
        hook(store, receiver)


def test_event_that_waited_while_the_server_was_down_is_told(
    start_server: StartServer, receiver: Receiver, allowed: None, tmp_path: Path
) -> None:
    import mlflow

    environment = {"MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true", "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http"}
    server = start_server(environment=environment)
    client = mlflow.MlflowClient(server.url)
    made = client.create_webhook("hook", f"{receiver.url}/200", ["registered_model.created"], secret="s3")
    client.create_registered_model("before")
    receiver.wait_for(1)
    server.kill()
    with_database = mlflow.MlflowClient(server.backend_store_uri)
    with_database.create_registered_model("meanwhile")
    server.start()
    receiver.wait_for(2)
    assert [data["name"] for _, data in told(receiver)] == ["before", "meanwhile"]
    assert {delivery.event for delivery in client.list_webhook_deliveries(made.webhook_id)} == {
        "registered_model.created"
    }
