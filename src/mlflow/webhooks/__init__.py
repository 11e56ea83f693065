"""What receivers of webhooks work with: names of headers, shapes of payloads, the check of a signature."""

from __future__ import annotations

from mlflow.webhooks.constants import WEBHOOK_SIGNATURE_HEADER
from mlflow.webhooks.payloads import (
    ModelVersionAliasCreatedPayload,
    ModelVersionAliasDeletedPayload,
    ModelVersionCreatedPayload,
    ModelVersionTagDeletedPayload,
    ModelVersionTagSetPayload,
    RegisteredModelCreatedPayload,
    WebhookPayload,
)
from mlflow.webhooks.signature import sign, verify

__all__ = [
    "WEBHOOK_SIGNATURE_HEADER",
    "ModelVersionAliasCreatedPayload",
    "ModelVersionAliasDeletedPayload",
    "ModelVersionCreatedPayload",
    "ModelVersionTagDeletedPayload",
    "ModelVersionTagSetPayload",
    "RegisteredModelCreatedPayload",
    "WebhookPayload",
    "sign",
    "verify",
]
