"""Models of the older kind, which a run notes in a tag."""

from __future__ import annotations

from typing import Any

import msgspec

from mlflow.exceptions import InvalidParameterValue

__all__ = ["HISTORY_TAG", "extended_history", "read_model"]

HISTORY_TAG = "mlflow.log-model.history"

_REQUIRED = ("artifact_path", "flavors", "utc_time_created", "run_id")


def read_model(model_json: str, run_id: str) -> dict[str, Any]:
    """A model's record from its JSON.

    Raises:
        InvalidParameterValue: it is no JSON object, lacks a member, or names another run.
    """
    try:
        model = msgspec.json.decode(model_json)
    except msgspec.DecodeError as exc:
        raise InvalidParameterValue(f"Malformed model info: {exc}. Send the model as JSON.") from exc
    if not isinstance(model, dict):
        raise InvalidParameterValue("Malformed model info: it is no JSON object. Send the model as a JSON object.")
    missing = [name for name in _REQUIRED if name not in model]
    if missing:
        raise InvalidParameterValue(f"Model json is missing mandatory fields: {missing}. Add them.")
    if model["run_id"] != run_id:
        raise InvalidParameterValue(f"The model names run '{model['run_id']}', not '{run_id}'. Log it to its own run.")
    return model


def extended_history(history: str | None, model: dict[str, Any]) -> str:
    """The tag's value with one more model."""
    models = msgspec.json.decode(history) if history else []
    return msgspec.json.encode([*models, model]).decode()
