"""Sampled requests: as worker processes hand them to the monitor, and as it stores them where it may."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any

import msgspec

from mlflow.models.json_values import to_plain
from mlflow.models.serving_input import ServingInput
from mlflow.serving.answers import to_lists
from mlflow.serving.forms import form_of
from mlflow.serving.wire import Schemas
from mlflow.types import Schema

__all__ = ["REDACTED", "Sample", "record_line"]

REDACTED = "[redacted]"
"""What stands in place of a value that is not to be stored."""


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One answered request.

    Attributes:
        request_id: as the caller got it.
        at: when it was answered, in milliseconds of UTC.
        variant: who answered.
        version: of its model.
        seconds: from the whole body to the answer.
        status: of the answer.
        failed: whether the variant is to blame.
        media_type: the kind of the body's form.
        body: as it came; empty after a failure.
        answer: as it went; empty after a failure.
        schema_json: the schema of the model's inputs; empty where there is none.
    """

    request_id: str
    at: int
    variant: str
    version: str
    seconds: float
    status: int
    failed: bool
    media_type: str
    body: bytes
    answer: bytes
    schema_json: str = ""

    def inputs(self) -> ServingInput:
        """What the model was called with, and the parameters."""
        return form_of(self.media_type).read(self.body, Schemas(_schema(self.schema_json))).input

    def predictions(self) -> Any:
        """What the caller got; of chat models all of it."""
        return form_of(self.media_type).predictions(self.answer)


def record_line(sample: Sample, redacted: Collection[str]) -> str:
    """A sample as a line of JSON, without the values of redacted columns, members and parameters.

    Of a request that failed there is no body, as what is in it cannot be told apart.
    """
    record: dict[str, Any] = {
        name: getattr(sample, name) for name in ("request_id", "at", "variant", "version", "seconds", "status")
    }
    if sample.status == 200:
        given = sample.inputs()
        record["inputs"] = given.data if isinstance(given.data, dict) else to_lists(given.data)
        record["params"], record["predictions"] = given.params, sample.predictions()
    plain = json.loads(json.dumps(record, default=to_plain))
    for name in ("inputs", "params", "predictions"):
        if name in plain:
            plain[name] = _without(plain[name], redacted)
    return json.dumps(plain) + "\n"


@lru_cache(16)
def _schema(text: str) -> Schema | None:
    return Schema.from_json(text) if text else None


def _without(value: Any, redacted: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {name: REDACTED if name in redacted else _without(item, redacted) for name, item in value.items()}
    if isinstance(value, list):
        return [_without(item, redacted) for item in value]
    return value
