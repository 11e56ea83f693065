"""The member `data` of each kind of event; `<Class>.example()` gives a sample of it."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeAlias, TypedDict

from mlflow.entities.webhook import WebhookEvent

__all__ = [
    "SAMPLES",
    "ModelVersionAliasCreatedPayload",
    "ModelVersionAliasDeletedPayload",
    "ModelVersionCreatedPayload",
    "ModelVersionTagDeletedPayload",
    "ModelVersionTagSetPayload",
    "RegisteredModelCreatedPayload",
    "WebhookPayload",
    "get_example_payload_for_event",
    "get_payload_class_for_event",
]


class RegisteredModelCreatedPayload(TypedDict):
    """A registered model was created."""

    name: str
    tags: dict[str, str]
    description: str | None


class ModelVersionCreatedPayload(TypedDict):
    """A version was created; its number is a text."""

    name: str
    version: str
    source: str
    run_id: str | None
    tags: dict[str, str]
    description: str | None


class ModelVersionTagSetPayload(TypedDict):
    """A tag of a version was set."""

    name: str
    version: str
    key: str
    value: str


class ModelVersionTagDeletedPayload(TypedDict):
    """A tag of a version was deleted."""

    name: str
    version: str
    key: str


class ModelVersionAliasCreatedPayload(TypedDict):
    """An alias points to a version now."""

    name: str
    alias: str
    version: str


class ModelVersionAliasDeletedPayload(TypedDict):
    """An alias was deleted."""

    name: str
    alias: str


WebhookPayload: TypeAlias = (
    RegisteredModelCreatedPayload
    | ModelVersionCreatedPayload
    | ModelVersionTagSetPayload
    | ModelVersionTagDeletedPayload
    | ModelVersionAliasCreatedPayload
    | ModelVersionAliasDeletedPayload
)

_TAGS = {"example_key": "example_value"}
_MODEL = {"name": "example_model", "version": "1"}
_PROMPT = {"name": "example_prompt", "version": "1"}
_PAIR = {"key": "example_key", "value": "example_value"}

SAMPLES: dict[str, dict[str, Any]] = {
    "registered_model.created": {
        "name": "example_model",
        "tags": _TAGS,
        "description": "An example registered model",
    },
    "model_version.created": {
        **_MODEL,
        "source": "models:/123",
        "run_id": "abcd1234abcd5678",
        "tags": _TAGS,
        "description": "An example model version",
    },
    "model_version_tag.set": {**_MODEL, **_PAIR},
    "model_version_tag.deleted": {**_MODEL, "key": "example_key"},
    "model_version_alias.created": {"name": "example_model", "alias": "example_alias", "version": "1"},
    "model_version_alias.deleted": {"name": "example_model", "alias": "example_alias"},
    "prompt.created": {"name": "example_prompt", "tags": _TAGS, "description": "An example prompt"},
    "prompt_version.created": {
        **_PROMPT,
        "template": "Hello {{name}}!",
        "tags": _TAGS,
        "description": "An example prompt version",
    },
    "prompt_tag.set": {"name": "example_prompt", **_PAIR},
    "prompt_tag.deleted": {"name": "example_prompt", "key": "example_key"},
    "prompt_version_tag.set": {**_PROMPT, **_PAIR},
    "prompt_version_tag.deleted": {**_PROMPT, "key": "example_key"},
    "prompt_alias.created": {"name": "example_prompt", "alias": "example_alias", "version": "1"},
    "prompt_alias.deleted": {"name": "example_prompt", "alias": "example_alias"},
    "budget_policy.exceeded": {"budget_policy_id": "example_policy"},
}
"""What a test delivers, by event."""

_CLASSES: dict[str, Any] = {
    "registered_model.created": RegisteredModelCreatedPayload,
    "model_version.created": ModelVersionCreatedPayload,
    "model_version_tag.set": ModelVersionTagSetPayload,
    "model_version_tag.deleted": ModelVersionTagDeletedPayload,
    "model_version_alias.created": ModelVersionAliasCreatedPayload,
    "model_version_alias.deleted": ModelVersionAliasDeletedPayload,
}

for _event, _shape in _CLASSES.items():  # a TypedDict may not define methods in its body
    _shape.example = staticmethod(partial(dict, SAMPLES[_event]))


def get_example_payload_for_event(event: WebhookEvent) -> dict[str, Any]:
    """What a test of a webhook delivers as an event's `data`."""
    return dict(SAMPLES[str(event)])


def get_payload_class_for_event(event: WebhookEvent) -> Any:
    """The shape of an event's `data`; None for events of the tier for generative applications."""
    return _CLASSES.get(str(event))
