import base64
import hashlib
import hmac
import json
import time

from mlflow.webhooks import sign, verify
from mlflow.webhooks.constants import WEBHOOK_DELIVERY_ID_HEADER, WEBHOOK_SIGNATURE_HEADER, WEBHOOK_TIMESTAMP_HEADER
from mlflow.webhooks.sender import send
from tests.webhooks.receiver import Receiver


def test_signature_is_of_id_time_and_body() -> None:
    digest = hmac.new(b"s3", b"id.12.{}", hashlib.sha256).digest()
    assert sign("s3", "id", "12", b"{}") == f"v1,{base64.b64encode(digest).decode()}"


def test_delivery_can_be_verified_by_who_knows_the_secret(receiver: Receiver, allowed: None) -> None:
    body = json.dumps({"a": "ü"}).encode()
    assert send(f"{receiver.url}/200/x?y=1", "delivery", body, "s3").delivered
    (request,) = receiver.received
    assert (request.path, request.body, request.headers["Content-Type"]) == ("/200/x?y=1", body, "application/json")
    assert request.headers[WEBHOOK_DELIVERY_ID_HEADER] == "delivery"
    assert abs(time.time() - int(request.headers[WEBHOOK_TIMESTAMP_HEADER])) < 60
    assert verify("s3", request.headers, request.body)
    assert not verify("other", request.headers, request.body)
    assert not verify("s3", request.headers, request.body + b" ")
    assert not verify("s3", request.headers | {WEBHOOK_TIMESTAMP_HEADER: "12"}, request.body)


def test_delivery_without_a_secret_has_no_signature(receiver: Receiver, allowed: None) -> None:
    send(f"{receiver.url}/200", "delivery", b"{}", None)
    assert WEBHOOK_SIGNATURE_HEADER not in receiver.received[0].headers


def test_user_and_password_of_a_url_are_sent_as_authorization(receiver: Receiver, allowed: None) -> None:
    send(f"http://me:p%40ss@127.0.0.1:{receiver.port}/200", "delivery", b"{}", None)
    headers = receiver.received[0].headers
    assert headers["Authorization"] == f"Basic {base64.b64encode(b'me:p@ss').decode()}"
    assert headers["Host"] == f"127.0.0.1:{receiver.port}"
