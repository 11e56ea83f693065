"""The endpoints of an experiment, for the OpenAPI document of its server."""

from __future__ import annotations

from typing import Any

from mlflow.serving.requests import JSON

__all__ = ["experiment_paths"]

_REWARD = {
    "type": "object",
    "properties": {
        "request_id": {"type": "string", "description": "X-Request-Id of the answer."},
        "reward": {"type": "number", "description": "What it turned out to be worth; more is better."},
    },
    "required": ["request_id", "reward"],
}
_IDS = {"type": "array", "items": {"type": "string"}}
_JOINED = {
    "type": "object",
    "properties": {"counted": {"type": "integer"}, "repeated": _IDS, "unknown": _IDS},
    "required": ["counted", "repeated", "unknown"],
}
_ASKED = {
    "type": "object",
    "properties": {
        "verb": {"enum": ["start", "stop", "promote", "rollback"]},
        "variant": {"type": "string"},
        "reason": {"type": "string"},
    },
    "required": ["verb"],
}


def experiment_paths() -> dict[str, Any]:
    """`/rewards` and `/ab`, as OpenAPI describes paths."""
    many = {"type": "array", "items": _REWARD}
    listed = {"type": "object", "properties": {"rewards": many}, "required": ["rewards"]}
    return {
        "/rewards": {"post": _operation("Join outcomes to answers.", _JOINED, {"oneOf": [_REWARD, many, listed]})},
        "/ab": {
            "get": _operation("How the A/B test stands.", {"type": "object"}),
            "post": _operation("Drive the A/B test.", {"type": "object"}, _ASKED),
        },
    }


def _operation(summary: str, answer: dict[str, Any], body: dict[str, Any] | None = None) -> dict[str, Any]:
    failure = {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}
    operation: dict[str, Any] = {
        "summary": summary,
        "responses": {
            "200": {"description": "As asked.", "content": {JSON: {"schema": answer}}},
            "400": {"description": "The body makes no sense here.", "content": failure},
            "401": {"description": "The token is missing or wrong.", "content": failure},
        },
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": body}}}
    return operation
