"""One request of the open inference protocol."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mlflow.asgi.responses import Header, Send, send_bytes, send_json
from mlflow.exceptions import MlflowException, ResourceDoesNotExist
from mlflow.serving.inference.form import InferenceForm
from mlflow.serving.inference.messages import HEADER_LENGTH, json_length
from mlflow.serving.inference.models import NamedModels
from mlflow.serving.scoring import VARIANT
from mlflow.serving.wire import Address

__all__ = ["InferenceWire", "send_content"]

_BYTES = b"application/octet-stream"


class InferenceWire:
    """A request for predictions.

    Args:
        models: those that callers may name.
        model: the one that the path names.
        version: that the path names; None when it names none.
    """

    def __init__(self, models: NamedModels, model: str, version: str | None) -> None:
        self._models, self._model, self._version = models, model, version

    def address(self, headers: Mapping[bytes, bytes]) -> Address:
        """Who answers for the model, or which of them a header names."""
        found = self._models.find(self._model).address(self._version)
        wanted = headers.get(VARIANT, b"").decode("latin-1")
        if not wanted or found.among is None:
            return found
        if wanted not in found.among:
            raise ResourceDoesNotExist(
                f"There is no variant '{wanted[:200]}' of model '{self._model}'. It has {', '.join(found.among)}."
            )
        return Address(wanted)

    def form(self, headers: Mapping[bytes, bytes]) -> InferenceForm:
        """JSON, or bytes of tensors behind it."""
        return InferenceForm(headers.get(HEADER_LENGTH), self._model)

    async def send(self, send: Send, answer: bytes, marks: tuple[Header, ...]) -> None:
        """Send an answer."""
        length = json_length(answer)
        if length is None:
            await send_json(send, 200, answer, marks)
        else:
            await send_bytes(send, 200, answer, _BYTES, (*marks, (HEADER_LENGTH, b"%d" % length)))

    async def fail(self, send: Send, failure: MlflowException, marks: tuple[Header, ...]) -> bytes:
        """Send a failure."""
        return await send_content(send, {"error": failure.message}, failure.get_http_status_code(), marks)


async def send_content(send: Send, content: Any, status: int = 200, marks: tuple[Header, ...] = ()) -> bytes:
    """Send what JSON can hold, and return the body."""
    body = json.dumps(content).encode()
    await send_json(send, status, body, marks)
    return body
