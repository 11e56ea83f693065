"""The endpoints of the open inference protocol."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from mlflow.asgi.bodies import ClientGone
from mlflow.asgi.responses import Receive, Scope, Send
from mlflow.exceptions import MlflowException
from mlflow.serving.exchanges import Exchanges
from mlflow.serving.inference.conversion import describe_schema
from mlflow.serving.inference.models import NamedModel, NamedModels
from mlflow.serving.inference.wire import InferenceWire, send_content
from mlflow.serving.variants import Variant
from mlflow.version import VERSION

__all__ = ["PROBES", "OpenInference"]

_LOG = logging.getLogger(__name__)
PROBES = frozenset({"/v2/health/live", "/v2/health/ready"})
"""Paths that need no token."""

_SERVER = {"name": "mlflow", "version": VERSION, "extensions": ["binary_tensor_data", "model_repository"]}

Handler = Callable[[Scope, Receive, Send], Awaitable[None]]


class Mount(Protocol):
    """Has a handler answer at a path."""

    def __call__(self, path: str, methods: list[str], handler: Handler) -> None: ...


class OpenInference:
    """Answers below `/v2`.

    Args:
        models: those that callers may name.
        exchanges: what answers requests for predictions.
    """

    def __init__(self, models: NamedModels, exchanges: Exchanges) -> None:
        self._models, self._exchanges = models, exchanges

    def mount(self, mount: Mount) -> None:
        """Mount all endpoints."""
        mount("/v2", ["GET"], _answering("/v2", _server))
        mount("/v2/health/live", ["GET"], _answering("/v2/health/live", self._live))
        mount("/v2/health/ready", ["GET"], _answering("/v2/health/ready", self._ready))
        mount("/v2/repository/index", ["POST"], _answering("/v2/repository/index", self._index))
        for path in ("/v2/models/{name}", "/v2/models/{name}/versions/{version}"):
            mount(path, ["GET"], _answering(path, self._describe))
            mount(f"{path}/ready", ["GET"], _answering(f"{path}/ready", self._model_ready))
            mount(f"{path}/infer", ["POST"], _answering(f"{path}/infer", self._infer))

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._tell(send, "live")

    async def _ready(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._tell(send, "ready")

    async def _tell(self, send: Send, state: str) -> None:
        stuck = self._exchanges.is_stuck
        await send_content(send, {state: not stuck}, 503 if stuck else 200)

    def _foremost(self, scope: Scope) -> tuple[NamedModel, Variant]:
        """The model that a path names, and the variant that gets most of the requests to it.

        Raises:
            ResourceDoesNotExist: it is not here.
        """
        arguments = scope["arguments"]
        found = self._models.find(arguments["name"])
        return found, self._models.foremost(found, arguments.get("version"))

    async def _index(self, scope: Scope, receive: Receive, send: Send) -> None:
        pairs = [(model.name, version) for model in self._models for version in model.versions]
        await send_content(send, [{"name": name, "version": version, "state": "READY"} for name, version in pairs])

    async def _model_ready(self, scope: Scope, receive: Receive, send: Send) -> None:
        model, _ = self._foremost(scope)
        await send_content(send, {"name": model.name, "ready": True})

    async def _describe(self, scope: Scope, receive: Receive, send: Send) -> None:
        model, variant = self._foremost(scope)
        schemas = variant.loaded.scorer.schemas
        await send_content(
            send,
            {
                "name": model.name,
                "versions": model.versions,
                "platform": "mlflow",
                "inputs": describe_schema(schemas.inputs),
                "outputs": describe_schema(schemas.outputs),
            },
        )

    async def _infer(self, scope: Scope, receive: Receive, send: Send) -> None:
        arguments = scope["arguments"]
        wire = InferenceWire(self._models, arguments["name"], arguments.get("version"))
        await self._exchanges.answer(scope, receive, send, wire)


def _answering(path: str, handler: Handler) -> Handler:
    """A handler whose failures have the protocol's form, counted under its path."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        scope["endpoint"] = path
        try:
            await handler(scope, receive, send)
        except ClientGone:
            raise
        except MlflowException as exc:
            await send_content(send, {"error": exc.message}, exc.get_http_status_code())
        except Exception as exc:  # noqa: BLE001 - the edge: the server goes on
            _LOG.exception("A request failed.")
            await send_content(send, {"error": f"The server failed: {type(exc).__name__}. Its log has the cause."}, 500)

    return answer


async def _server(scope: Scope, receive: Receive, send: Send) -> None:
    await send_content(send, _SERVER)
