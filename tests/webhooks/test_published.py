"""What the published server tells receivers of webhooks, and what ours tells of the same requests."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from mlflow.entities.webhook import WebhookEvent
from mlflow.webhooks import verify
from tests.fixtures.servers import OURS, TrackingServer, serve
from tests.webhooks.receiver import Received, receiving

pytestmark = [pytest.mark.oracle, pytest.mark.long]

SECRET = "s3cret"
SETTINGS = {"MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true", "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http,https"}
PUBLISHED = {"PYTHONPATH": "", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
EVENTS = [
    {"entity": entity.value.upper(), "action": action.value.upper()}
    for entity, actions in WebhookEvent.VALID.items()
    for action in actions
    if entity.value in ("registered_model", "model_version", "model_version_tag", "model_version_alias")
]
VERSION = {"name": "m", "version": "1"}
REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "registered-models/create", {"name": "m", "tags": [{"key": "a", "value": "ü"}], "description": "what"}),
    ("POST", "registered-models/create", {"name": "bare"}),
    ("POST", "model-versions/create", {"name": "m", "source": "s3://b/x", "tags": [{"key": "t", "value": "1"}]}),
    ("POST", "model-versions/create", {"name": "m", "source": "s3://b/y", "description": "second", "run_id": "0" * 32}),
    ("POST", "model-versions/create", {"name": "bare", "source": "models:/m/1"}),
    ("POST", "model-versions/set-tag", {**VERSION, "key": "k", "value": "v"}),
    ("POST", "model-versions/set-tag", {**VERSION, "key": "k", "value": "w"}),
    ("DELETE", "model-versions/delete-tag", {**VERSION, "key": "k"}),
    ("POST", "registered-models/alias", {**VERSION, "alias": "champion"}),
    ("POST", "registered-models/alias", {"name": "m", "version": "2", "alias": "champion"}),
    ("DELETE", "registered-models/alias", {"name": "m", "alias": "champion"}),
    ("POST", "registered-models/set-tag", {"name": "m", "key": "k", "value": "no event"}),
    ("PATCH", "registered-models/update", {"name": "m", "description": "no event"}),
    ("POST", "model-versions/transition-stage", {**VERSION, "stage": "Staging"}),
    ("PATCH", "model-versions/update", {**VERSION, "description": "no event"}),
    ("POST", "registered-models/rename", {"name": "m", "new_name": "renamed"}),
    ("DELETE", "model-versions/delete", {"name": "renamed", "version": "2"}),
    ("DELETE", "registered-models/delete", {"name": "renamed"}),
    ("POST", "registered-models/create", {"name": "m", "description": "the same name again"}),
]
TOLD = 12


@pytest.fixture(scope="module")
def published(oracle_python: str) -> Iterator[TrackingServer]:
    command = [str(Path(oracle_python).parent / "mlflow")]
    yield from serve(command, options=("--workers", "1"), environment=SETTINGS | PUBLISHED, start_seconds=240)


@pytest.fixture(scope="module")
def ours() -> Iterator[TrackingServer]:
    yield from serve(OURS, environment=SETTINGS)


def ask(server: TrackingServer, method: str, path: str, body: dict[str, Any]) -> Any:
    answer = urllib3.request(method, f"{server.url}/api/2.0/mlflow/{path}", json=body, timeout=60, retries=False)
    assert answer.status == 200, (path, answer.data)
    return answer.json()


def deliveries(server: TrackingServer) -> tuple[Any, list[Received]]:
    """The answer to a test of a webhook, and what its receiver was sent: the test's sample, then what happened."""
    with receiving() as receiver:
        hook = {"name": "hook", "url": f"{receiver.url}/200", "events": EVENTS, "secret": SECRET}
        webhook_id = ask(server, "POST", "webhooks", hook)["webhook"]["webhook_id"]
        tested = ask(server, "POST", f"webhooks/{webhook_id}/test", {"event": EVENTS[0]})
        receiver.wait_for(1)
        for method, path, body in REQUESTS:
            ask(server, method, path, body)
        return tested, receiver.wait_for(1 + TOLD)


def shape(delivery: Received) -> str:
    """All of a delivery that does not change from one to the next, as text."""
    body = json.loads(delivery.body)
    assert verify(SECRET, delivery.headers, delivery.body)
    time = body.pop("timestamp")
    headers = sorted(name.lower() for name in delivery.headers if name.lower().startswith("x-mlflow"))
    kinds = [len(time), time[10], time[-6:], delivery.headers["Content-Type"], headers]
    return json.dumps([delivery.path, body, kinds], sort_keys=True)


def test_same_requests_are_told_alike(ours: TrackingServer, published: TrackingServer) -> None:
    answer, sent = deliveries(ours)
    expected, by_published = deliveries(published)
    assert answer == expected
    assert Counter(map(shape, sent)) == Counter(map(shape, by_published))
    assert len({delivery.headers["X-MLflow-Delivery-Id"] for delivery in sent}) == len(sent)
