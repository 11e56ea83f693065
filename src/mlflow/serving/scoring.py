"""MLflow's scoring protocol: bodies by their media type, answers in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import msgspec

from mlflow.asgi.responses import Header, Send, send_json
from mlflow.exceptions import MlflowException
from mlflow.serving.answers import encode_answer
from mlflow.serving.refusals import send_scoring_failure
from mlflow.serving.requests import JSON, media_type, read_request
from mlflow.serving.traffic.keys import key_in_body
from mlflow.serving.wire import Address, Given, Schemas

__all__ = ["VARIANT", "ScoringForm", "ScoringWire"]

VARIANT = b"x-model-variant"
"""The header by which callers name a variant, and answers tell it."""


class ScoringForm(msgspec.Struct, frozen=True):
    """Bodies of one media type."""

    kind: str

    @property
    def is_light(self) -> bool:
        """Whether `key` takes microseconds for a small body."""
        return self.kind == JSON

    def answered_by(self, version: str) -> ScoringForm:
        """The same: answers tell the version by a header alone."""
        return self

    def read(self, body: bytes, schemas: Schemas) -> Given:
        """Read a request."""
        found = read_request(self.kind, body, schemas.inputs)
        return Given(found, partial(encode_answer, bare=found.is_chat))

    def key(self, name: str, body: bytes) -> str | None:
        """A parameter, a further key beside the data, or the first value of a column."""
        return key_in_body(name, self.kind, body)

    def predictions(self, answer: bytes) -> Any:
        """What the model returned; of chat models all of it."""
        content = json.loads(answer)
        return content["predictions"] if isinstance(content, dict) and content.keys() == {"predictions"} else content


class ScoringWire:
    """A request to `/invocations`, or to a variant that its path names."""

    def __init__(self, variant: str | None = None) -> None:
        self._variant = variant

    def address(self, headers: Mapping[bytes, bytes]) -> Address:
        """The variant of the path, or of a header."""
        return Address(
            self._variant if self._variant is not None else headers.get(VARIANT, b"").decode("latin-1") or None
        )

    def form(self, headers: Mapping[bytes, bytes]) -> ScoringForm:
        """That of the Content-Type."""
        return _form(headers.get(b"content-type"))

    async def send(self, send: Send, answer: bytes, marks: tuple[Header, ...]) -> None:
        """Send an answer."""
        await send_json(send, 200, answer, marks)

    async def fail(self, send: Send, failure: MlflowException, marks: tuple[Header, ...]) -> bytes:
        """Send a failure."""
        return await send_scoring_failure(send, failure, marks)


@lru_cache(64)
def _form(header: bytes | None) -> ScoringForm:
    return ScoringForm(media_type(header))
