"""Entities as MLflow's protobuf messages, and back; a message has the members of the entity's JSON."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from mlflow.contract.message_classes import message_class, protobuf
from mlflow.contract.wire.answers import ExperimentWire, RunWire, encode_json
from mlflow.contract.wire.logged_models import LoggedModelWire
from mlflow.contract.wire.registry import ModelVersionWire, RegisteredModelWire
from mlflow.contract.wire.webhooks import WebhookWire
from mlflow.entities import (
    Experiment,
    LoggedModel,
    LoggedModelInput,
    LoggedModelOutput,
    Run,
    RunData,
    RunInfo,
    Webhook,
    WebhookEvent,
)
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.exceptions import InvalidParameterValue

__all__ = ["from_message", "to_message"]

_NAMES: dict[type, str] = {LoggedModelInput: "ModelInput", LoggedModelOutput: "ModelOutput"}
_WIRES: dict[type, Any] = {
    Experiment: ExperimentWire,
    LoggedModel: LoggedModelWire,
    ModelVersion: ModelVersionWire,
    RegisteredModel: RegisteredModelWire,
    Run: RunWire,
    Webhook: WebhookWire,
}


def to_message(entity: Any) -> Any:
    """The message of an entity.

    Raises:
        InvalidParameterValue: MLflow has no message of this kind.
        ProtobufMissing: protobuf is not installed.
    """
    made = _of(type(entity))()
    protobuf("json_format").ParseDict(_members(entity), made, ignore_unknown_fields=True)
    return made


def from_message(kind: type, message: Any) -> Any:
    """The entity of this kind that a message holds, of this project's classes or of MLflow's.

    Raises:
        InvalidParameterValue: MLflow has no message of this kind, or the message lacks what the entity needs.
        ProtobufMissing: protobuf is not installed.
    """
    _of(kind)
    told = protobuf("json_format").MessageToDict(message, preserving_proto_field_name=True)
    try:
        return _entity(kind, told)
    except msgspec.ValidationError as exc:
        raise InvalidParameterValue(
            f"Message '{type(message).__name__}' holds no {kind.__name__}: {exc}. Fill in these fields."
        ) from exc


def _members(entity: Any) -> Any:
    """The members of an entity's JSON; of parts that have none of their own, those within a whole."""
    if isinstance(entity, RunData):
        return _members(Run(RunInfo(""), entity))["data"]
    if isinstance(entity, WebhookEvent):
        return _members(Webhook("", "", "", [entity], 0, 0))["events"][0]
    told = json.loads(encode_json(entity))
    if isinstance(entity, LoggedModel):  # whose JSON has empty texts for what a message leaves out
        told["info"] = {name: value for name, value in told["info"].items() if value != ""}
    return told


def _entity(kind: type, told: dict[str, Any]) -> Any:
    if issubclass(kind, RunData):
        return _entity(Run, {"info": {"run_id": ""}, "data": told}).data
    if issubclass(kind, WebhookEvent):
        return kind(*(str(told.get(name, "")).lower() for name in ("entity", "action")))
    wire = next((wire for known, wire in _WIRES.items() if issubclass(kind, known)), None)
    if wire is None:
        return msgspec.convert(told, kind, strict=False)
    return msgspec.convert(told, wire, strict=False).entity()


def _of(kind: type) -> Any:
    """The message's class for a kind of entity, or for what it derives from."""
    for known in kind.__mro__:
        name = _NAMES.get(known, known.__name__)
        if (found := message_class(name)) is not None:
            return found
    raise InvalidParameterValue(f"'{kind.__name__}' has no protobuf message in MLflow. Use to_dictionary() instead.")
