"""The endpoints of the open inference protocol."""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import msgspec

from mlflow.asgi.bodies import ClientGone, read_body
from mlflow.asgi.responses import Receive, Scope, Send, send_bytes, send_json
from mlflow.asgi.threads import Threads
from mlflow.exceptions import DeadlineExceeded, MlflowException, ResourceDoesNotExist
from mlflow.serving.inference.conversion import describe_schema, to_model_input, to_tensors
from mlflow.serving.inference.messages import HEADER_LENGTH, read_inference, write_inference
from mlflow.serving.scorer import Scorer
from mlflow.version import VERSION

__all__ = ["PROBES", "NamedModel", "OpenInference"]

_LOG = logging.getLogger(__name__)
PROBES = frozenset({"/v2/health/live", "/v2/health/ready"})
"""Paths that need no token."""

_BYTES = b"application/octet-stream"
_SERVER = {"name": "mlflow", "version": VERSION, "extensions": ["binary_tensor_data", "model_repository"]}

Handler = Callable[[Scope, Receive, Send], Awaitable[None]]
Watch = Callable[[str, float], None]


class NamedModel(msgspec.Struct, frozen=True, eq=False):
    """A model that answers now.

    Attributes:
        scorer: the model.
        version: that callers may ask for.
    """

    scorer: Scorer
    version: str


class Mount(Protocol):
    """Has a handler answer at a path."""

    def __call__(self, path: str, methods: list[str], handler: Handler) -> None: ...


class OpenInference:
    """Answers below `/v2`.

    Args:
        models: those that are loaded, by name; asked at each request, so that they may change.
        threads: where predictions run.
        timeout: seconds a request may take.
        max_bytes: of a request's body.
        watch: told rows, and seconds of queue, reading, prediction and writing.
    """

    def __init__(
        self,
        models: Callable[[], Mapping[str, NamedModel]],
        threads: Threads,
        *,
        timeout: float,
        max_bytes: int,
        watch: Watch,
    ) -> None:
        self._models, self._threads = models, threads
        self._timeout, self._max_bytes, self._watch = timeout, max_bytes, watch

    def mount(self, mount: Mount) -> None:
        """Mount all endpoints."""
        mount("/v2", ["GET"], _answering("/v2", _server))
        mount("/v2/health/live", ["GET"], _answering("/v2/health/live", _live))
        mount("/v2/health/ready", ["GET"], _answering("/v2/health/ready", _ready))
        mount("/v2/repository/index", ["POST"], _answering("/v2/repository/index", self._index))
        for path in ("/v2/models/{name}", "/v2/models/{name}/versions/{version}"):
            mount(path, ["GET"], _answering(path, self._describe))
            mount(f"{path}/ready", ["GET"], _answering(f"{path}/ready", self._model_ready))
            mount(f"{path}/infer", ["POST"], _answering(f"{path}/infer", self._infer))

    def _find(self, scope: Scope) -> tuple[str, NamedModel]:
        """The model that a path names.

        Raises:
            ResourceDoesNotExist: it is not here.
        """
        models, arguments = self._models(), scope["arguments"]
        name, version = arguments["name"], arguments.get("version")
        found = models.get(name)
        if found is None:
            raise ResourceDoesNotExist(f"There is no model '{name[:200]}' here. Ask for {' or '.join(models)}.")
        if version is not None and version != found.version:
            raise ResourceDoesNotExist(
                f"Model '{name}' has no version '{version[:200]}' here. Ask for '{found.version}', or for none."
            )
        return name, found

    async def _index(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = [{"name": name, "version": model.version, "state": "READY"} for name, model in self._models().items()]
        await _send(send, found)

    async def _model_ready(self, scope: Scope, receive: Receive, send: Send) -> None:
        name, _ = self._find(scope)
        await _send(send, {"name": name, "ready": True})

    async def _describe(self, scope: Scope, receive: Receive, send: Send) -> None:
        name, found = self._find(scope)
        manifest = found.scorer.model.metadata
        await _send(
            send,
            {
                "name": name,
                "versions": [found.version],
                "platform": "mlflow",
                "inputs": describe_schema(manifest.get_input_schema()),
                "outputs": describe_schema(manifest.get_output_schema()),
            },
        )

    async def _infer(self, scope: Scope, receive: Receive, send: Send) -> None:
        name, found = self._find(scope)
        length = dict(scope["headers"]).get(HEADER_LENGTH)
        try:
            async with asyncio.timeout(self._timeout):
                body = await read_body(receive, self._max_bytes)
                answered = functools.partial(self._answer, name, found, body, length, time.perf_counter())
                answer, json_bytes = await self._threads.run(answered)
        except TimeoutError as exc:
            raise DeadlineExceeded(
                f"The request took longer than {self._timeout:g} s. Send less in one request, or start the server "
                "with a larger --timeout."
            ) from exc
        if json_bytes is None:
            await send_json(send, 200, answer)
        else:
            await send_bytes(send, 200, answer, _BYTES, ((HEADER_LENGTH, b"%d" % json_bytes),))

    def _answer(
        self, name: str, found: NamedModel, body: bytes, length: bytes | None, asked: float
    ) -> tuple[bytes, int | None]:
        began = time.perf_counter()
        self._watch("queue", began - asked)
        manifest = found.scorer.model.metadata
        request = read_inference(body, length)
        given = to_model_input(request, manifest.get_input_schema(), manifest.get_params_schema())
        read = time.perf_counter()
        self._watch("read", read - began)
        predictions = found.scorer.predict(given)
        predicted = time.perf_counter()
        self._watch("predict", predicted - read)
        answer = write_inference(request, to_tensors(predictions, manifest.get_output_schema()), name, found.version)
        self._watch("write", time.perf_counter() - predicted)
        return answer


def _answering(path: str, handler: Handler) -> Handler:
    """A handler whose failures have the protocol's form, counted under its path."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        scope["endpoint"] = path
        try:
            await handler(scope, receive, send)
        except ClientGone:
            raise
        except MlflowException as exc:
            await _send(send, {"error": exc.message}, exc.get_http_status_code())
        except Exception as exc:  # noqa: BLE001 - the edge: the server goes on
            _LOG.exception("A request failed.")
            await _send(send, {"error": f"The server failed: {type(exc).__name__}. Its log has the cause."}, 500)

    return answer


async def _server(scope: Scope, receive: Receive, send: Send) -> None:
    await _send(send, _SERVER)


async def _live(scope: Scope, receive: Receive, send: Send) -> None:
    await _send(send, {"live": True})


async def _ready(scope: Scope, receive: Receive, send: Send) -> None:
    await _send(send, {"ready": True})


async def _send(send: Send, content: Any, status: int = 200) -> None:
    await send_json(send, status, json.dumps(content).encode())
