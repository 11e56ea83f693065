"""Webhooks: requests that the server sends elsewhere when something happens to registered models."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

import msgspec

from mlflow.entities._record import DEFAULT_WORKSPACE, Entity, Record
from mlflow.exceptions import InvalidParameterValue

__all__ = [
    "Webhook",
    "WebhookAction",
    "WebhookDelivery",
    "WebhookEntity",
    "WebhookEvent",
    "WebhookStatus",
    "WebhookTestResult",
]


class WebhookStatus(StrEnum):
    """Whether a webhook is served."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"

    def is_active(self) -> bool:
        """Whether events are delivered."""
        return self is WebhookStatus.ACTIVE

    def to_proto(self) -> int:
        """The number of this state, as protobuf messages hold it."""
        return list(WebhookStatus).index(self) + 1

    @classmethod
    def from_proto(cls, proto: int) -> WebhookStatus:
        """The state of such a number."""
        if not 1 <= proto <= len(cls):
            raise InvalidParameterValue(f"Unknown status number '{proto}' of a webhook; use 1 to {len(cls)}.")
        return list(cls)[proto - 1]


class WebhookEntity(StrEnum):
    """What events are about."""

    REGISTERED_MODEL = "registered_model"
    MODEL_VERSION = "model_version"
    MODEL_VERSION_TAG = "model_version_tag"
    MODEL_VERSION_ALIAS = "model_version_alias"
    PROMPT = "prompt"
    PROMPT_VERSION = "prompt_version"
    PROMPT_TAG = "prompt_tag"
    PROMPT_VERSION_TAG = "prompt_version_tag"
    PROMPT_ALIAS = "prompt_alias"
    BUDGET_POLICY = "budget_policy"


class WebhookAction(StrEnum):
    """What happened to it."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    SET = "set"
    EXCEEDED = "exceeded"


_TAG = (WebhookAction.SET, WebhookAction.DELETED)
_ALIAS = (WebhookAction.CREATED, WebhookAction.DELETED)


class WebhookEvent(Entity):
    """A kind of event, such as `model_version.created`.

    Raises:
        InvalidParameterValue: there is no such entity or action, or they do not go together.
    """

    __slots__ = ("action", "entity")

    VALID: ClassVar[dict[WebhookEntity, tuple[WebhookAction, ...]]] = {
        WebhookEntity.REGISTERED_MODEL: (WebhookAction.CREATED,),
        WebhookEntity.MODEL_VERSION: (WebhookAction.CREATED,),
        WebhookEntity.MODEL_VERSION_TAG: _TAG,
        WebhookEntity.MODEL_VERSION_ALIAS: _ALIAS,
        WebhookEntity.PROMPT: (WebhookAction.CREATED,),
        WebhookEntity.PROMPT_VERSION: (WebhookAction.CREATED,),
        WebhookEntity.PROMPT_TAG: _TAG,
        WebhookEntity.PROMPT_VERSION_TAG: _TAG,
        WebhookEntity.PROMPT_ALIAS: _ALIAS,
        WebhookEntity.BUDGET_POLICY: (WebhookAction.EXCEEDED,),
    }

    def __init__(self, entity: str | WebhookEntity, action: str | WebhookAction) -> None:
        try:
            self.entity = WebhookEntity(entity)
            self.action = WebhookAction(action)
        except ValueError as exc:
            known = ", ".join(f"{kind}.{done}" for kind, all_done in self.VALID.items() for done in all_done)
            raise InvalidParameterValue(f"Unknown webhook event '{entity}.{action}'; use one of {known}.") from exc
        if self.action not in self.VALID[self.entity]:
            raise InvalidParameterValue(
                f"Invalid action '{action}' for entity '{entity}'. Valid actions are: "
                f"{[str(valid) for valid in self.VALID[self.entity]]}"
            )

    @classmethod
    def from_str(cls, event_str: str) -> WebhookEvent:
        """The event of a text such as `model_version_tag.set`."""
        entity, dot, action = event_str.partition(".")
        if not dot:
            raise InvalidParameterValue(
                f"Invalid webhook event '{event_str}'; write it as <entity>.<action>, such as model_version.created."
            )
        return cls(entity, action)

    def __str__(self) -> str:
        return f"{self.entity}.{self.action}"

    def __repr__(self) -> str:
        return f"WebhookEvent(entity={self.entity}, action={self.action})"


class Webhook(Entity):
    """A webhook; times are UTC milliseconds. The secret is never told by a server."""

    __slots__ = (
        "creation_timestamp",
        "description",
        "events",
        "last_updated_timestamp",
        "name",
        "secret",
        "status",
        "url",
        "webhook_id",
        "workspace",
    )

    def __init__(
        self,
        webhook_id: str,
        name: str,
        url: str,
        events: Iterable[WebhookEvent],
        creation_timestamp: int,
        last_updated_timestamp: int,
        description: str | None = None,
        status: str | WebhookStatus = WebhookStatus.ACTIVE,
        secret: str | None = None,
        workspace: str | None = None,
    ) -> None:
        self.webhook_id = webhook_id
        self.name = name
        self.url = url
        self.events = list(events)
        self.creation_timestamp = creation_timestamp
        self.last_updated_timestamp = last_updated_timestamp
        self.description = description
        self.status = WebhookStatus(status)
        self.secret = secret
        self.workspace = workspace or DEFAULT_WORKSPACE

    def __repr__(self) -> str:
        """Without the secret."""
        told = f"webhook_id={self.webhook_id!r}, name={self.name!r}, url={self.url!r}, status={str(self.status)!r}"
        told += f", workspace={self.workspace!r}, events={self.events!r}"
        times = f"{self.creation_timestamp}, last_updated_timestamp={self.last_updated_timestamp}"
        return f"Webhook({told}, creation_timestamp={times})"


class WebhookTestResult(Record, frozen=True):
    """What a webhook answered to a sample, or why it could not be asked."""

    success: bool
    response_status: int | None = None
    response_body: str | None = None
    error_message: str | None = None

    def __repr__(self) -> str:
        return f"WebhookTestResult({', '.join(f'{name}={value!r}' for name, value in self)})"


class WebhookDelivery(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One event on its way to a webhook, or past it; times are UTC milliseconds.

    `state` is PENDING while it is tried, DELIVERED or FAILED afterwards; `next_attempt` is set while it is PENDING.
    """

    delivery_id: str
    event: str
    state: str
    attempts: int
    created: int
    finished: int | None = None
    next_attempt: int | None = None
    response_status: int | None = None
    response_body: str | None = None
    error: str | None = None
    body: str | None = None
