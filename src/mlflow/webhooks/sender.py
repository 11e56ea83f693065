"""Sending one delivery: to the address that was judged, without redirects, with TLS verified, and in bounded time."""

from __future__ import annotations

import base64
import json
import ssl
import time
from typing import Any, NamedTuple
from urllib.parse import unquote

from mlflow.environment_variables import MLFLOW_WEBHOOK_REQUEST_TIMEOUT
from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.version import VERSION
from mlflow.webhooks.addresses import Target, Unresolved, resolve
from mlflow.webhooks.constants import (
    WEBHOOK_DELIVERY_ID_HEADER,
    WEBHOOK_SIGNATURE_HEADER,
    WEBHOOK_TIMESTAMP_HEADER,
)
from mlflow.webhooks.signature import sign

__all__ = ["Outcome", "body_of", "send"]

_MOST_READ = 4096  # bytes of an answer
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})


class Outcome(NamedTuple):
    """What came back: a status with the first 4 KiB of the answer, or an error.

    `again` says that another try may succeed.
    """

    status: int | None = None
    body: str | None = None
    error: str | None = None
    again: bool = False

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300


def body_of(entity: str, action: str, timestamp: str, data: dict[str, Any]) -> bytes:
    """The body of a delivery; `timestamp` is ISO 8601 with microseconds and offset."""
    return json.dumps({"entity": entity, "action": action, "timestamp": timestamp, "data": data}).encode()


def send(url: str, delivery_id: str, body: bytes, secret: str | None) -> Outcome:
    """Send a delivery once."""
    try:
        target = resolve(url)
    except Unresolved as exc:
        return Outcome(error=exc.message, again=True)
    except InvalidParameterValue as exc:
        return Outcome(error=exc.message)
    headers = _headers(target, delivery_id, body, secret)
    outcome = Outcome(error=f"The host '{target.host}' has no address.", again=True)
    for address in target.addresses:
        outcome = _post(target, address, body, headers)
        if outcome.status is not None:
            return outcome
    return outcome


def _headers(target: Target, delivery_id: str, body: bytes, secret: str | None) -> dict[str, str]:
    timestamp = str(int(time.time()))
    headers = {
        "Host": target.url.netloc.rpartition("@")[2],
        "User-Agent": f"mlflow-webhook/{VERSION}",
        "Content-Type": "application/json",
        WEBHOOK_DELIVERY_ID_HEADER: delivery_id,
        WEBHOOK_TIMESTAMP_HEADER: timestamp,
    }
    if target.url.username is not None:
        pair = f"{unquote(target.url.username)}:{unquote(target.url.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    if secret:
        headers[WEBHOOK_SIGNATURE_HEADER] = sign(secret, delivery_id, timestamp, body)
    return headers


def _post(target: Target, address: str, body: bytes, headers: dict[str, str]) -> Outcome:
    import urllib3  # which most programs do without

    seconds = MLFLOW_WEBHOOK_REQUEST_TIMEOUT.get()
    deadline = time.monotonic() + seconds
    path = target.url.path or "/"
    where = f"{path}?{target.url.query}" if target.url.query else path
    try:
        with _pool(target, address, seconds) as pool:
            answer = pool.urlopen(
                "POST",
                where,
                body=body,
                headers=headers,
                redirect=False,
                retries=False,
                preload_content=False,
                assert_same_host=False,
            )
            try:
                text = _beginning(answer, deadline)
            finally:
                answer.close()
    except (urllib3.exceptions.HTTPError, OSError) as exc:
        return Outcome(error=f"{target.url.scheme}://{target.host}:{target.port} cannot be reached: {exc}", again=True)
    if 300 <= answer.status < 400:
        place = answer.headers.get("Location", "")
        leads = f"The receiver answered {answer.status} and leads to '{place}'; point the webhook there."
        return Outcome(answer.status, text, leads)
    error = None if answer.status < 300 else f"The receiver answered {answer.status}."
    return Outcome(answer.status, text, error, answer.status in _TRANSIENT)


def _pool(target: Target, address: str, seconds: float) -> Any:
    """One connection to an address, which proves by its certificate that it is the host."""
    import urllib3

    timeout = urllib3.Timeout(total=seconds)
    if target.url.scheme == "http":
        return urllib3.HTTPConnectionPool(address, target.port, timeout=timeout, maxsize=1)
    if target.url.scheme != "https":
        raise MlflowException(f"Webhooks cannot be sent by '{target.url.scheme}'; use https.")
    return urllib3.HTTPSConnectionPool(
        address,
        target.port,
        timeout=timeout,
        maxsize=1,
        ssl_context=ssl.create_default_context(),
        server_hostname=target.host,
        assert_hostname=target.host,
    )


def _beginning(answer: Any, deadline: float) -> str:
    held = b""
    while len(held) < _MOST_READ and time.monotonic() < deadline:
        block = answer.read1(_MOST_READ - len(held)) if hasattr(answer, "read1") else answer.read(_MOST_READ)
        if not block:
            break
        held += block
    return held.decode("utf-8", "replace")
