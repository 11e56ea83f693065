"""Names of the headers of a delivery."""

from __future__ import annotations

__all__ = [
    "WEBHOOK_DELIVERY_ID_HEADER",
    "WEBHOOK_SIGNATURE_HEADER",
    "WEBHOOK_SIGNATURE_VERSION",
    "WEBHOOK_TIMESTAMP_HEADER",
]

WEBHOOK_SIGNATURE_HEADER = "X-MLflow-Signature"
WEBHOOK_TIMESTAMP_HEADER = "X-MLflow-Timestamp"
WEBHOOK_DELIVERY_ID_HEADER = "X-MLflow-Delivery-Id"
WEBHOOK_SIGNATURE_VERSION = "v1"
