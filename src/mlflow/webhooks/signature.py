"""Signatures of deliveries: `v1,` and the base64 of HMAC-SHA256 over `<delivery id>.<timestamp>.<raw body>`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

from mlflow.webhooks.constants import (
    WEBHOOK_DELIVERY_ID_HEADER,
    WEBHOOK_SIGNATURE_HEADER,
    WEBHOOK_SIGNATURE_VERSION,
    WEBHOOK_TIMESTAMP_HEADER,
)

__all__ = ["sign", "verify"]

_TOLERANCE = 300.0  # seconds; an older delivery may be somebody's who listened


def sign(secret: str, delivery_id: str, timestamp: str, body: bytes) -> str:
    """The signature of a delivery; `timestamp` is in unix seconds."""
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return f"{WEBHOOK_SIGNATURE_VERSION},{base64.b64encode(digest).decode()}"


def verify(secret: str, headers: Mapping[str, str], body: bytes, tolerance: float = _TOLERANCE) -> bool:
    """Whether a received request was sent by who knows the secret, not long ago.

    Args:
        secret: of the webhook.
        headers: of the request, in any case.
        body: as it was received.
        tolerance: how old the delivery may be, in seconds.
    """
    given = {name.lower(): value for name, value in headers.items()}
    delivery_id = given.get(WEBHOOK_DELIVERY_ID_HEADER.lower(), "")
    timestamp = given.get(WEBHOOK_TIMESTAMP_HEADER.lower(), "")
    signature = given.get(WEBHOOK_SIGNATURE_HEADER.lower(), "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > tolerance:
        return False
    return hmac.compare_digest(sign(secret, delivery_id, timestamp, body), signature)
