"""The ASGI application of a scoring server."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
from collections.abc import Awaitable, Callable

from mlflow.asgi.bodies import ClientGone, read_body
from mlflow.asgi.measures import METRICS_TYPE
from mlflow.asgi.responses import Header, Receive, Scope, Send, send_bytes, send_failure, send_json
from mlflow.asgi.router import Router, WrongMethod
from mlflow.asgi.threads import Threads
from mlflow.exceptions import DeadlineExceeded, EndpointNotFound, MlflowException, Unauthenticated
from mlflow.serving.document import describe
from mlflow.serving.inference.endpoints import PROBES, NamedModel, OpenInference
from mlflow.serving.inference.names import served_name
from mlflow.serving.measures import ScoringMeasures
from mlflow.serving.requests import UnsupportedMediaType, media_type
from mlflow.serving.scorer import Scorer
from mlflow.serving.settings import ServingSettings
from mlflow.version import VERSION

__all__ = ["Application"]

_LOG = logging.getLogger(__name__)
_TEXT = b"text/plain; charset=utf-8"
_CHALLENGE: Header = (b"www-authenticate", b"Bearer")
_FREE = frozenset({"/ping", "/health"}) | PROBES  # probes of load balancers carry no token

Handler = Callable[[Scope, Receive, Send], Awaitable[None]]


class Application:
    """Answers with one model.

    Predictions run in a bounded pool of threads, so that the event loop never waits for one.

    Args:
        settings: limits, and the token that callers need.
        scorer: the loaded model.
    """

    def __init__(self, settings: ServingSettings, scorer: Scorer) -> None:
        self._settings, self._scorer = settings, scorer
        self._threads, self._measures = Threads(settings.threads), ScoringMeasures()
        self._expected = f"Bearer {settings.token}".encode() if settings.token else None
        self._document = json.dumps(describe(scorer.model.metadata, secured=settings.token is not None)).encode()
        self._router: Router[Handler] = Router()
        self._router.mount("/ping", ["GET"], _alive)
        self._router.mount("/health", ["GET"], _alive)
        self._router.mount("/version", ["GET"], _version)
        self._router.mount("/metrics", ["GET"], self._metrics)
        self._router.mount("/openapi.json", ["GET"], self._describe)
        self._router.mount("/invocations", ["POST"], self._invoke)
        models = {served_name(settings.model_uri): NamedModel(scorer, "1")}
        OpenInference(
            lambda: models,
            self._threads,
            timeout=settings.timeout,
            max_bytes=settings.max_bytes,
            watch=self._measures.watch,
        ).mount(self._router.mount)
        self._answering = self._measures.around(self._answer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's scope."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._answering(scope, receive, send)

    async def leave(self) -> None:
        """Nothing here goes on for ever: requests have a time limit."""

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.get_running_loop().run_in_executor(None, self._threads.close, self._settings.timeout)
        self._measures.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        try:
            handler, arguments = self._router.find(path, scope["method"])
            scope["endpoint"], scope["arguments"] = path, arguments
            if path not in _FREE:
                self._admit(scope)
            await handler(scope, receive, send)
        except ClientGone:
            pass
        except WrongMethod as exc:
            allow = (b"allow", ", ".join(exc.allowed).encode())
            await send_json(send, 405, b'{"detail":"Method Not Allowed"}', (allow,))
        except EndpointNotFound:
            await send_json(send, 404, b'{"detail":"Not Found"}')
        except MlflowException as exc:
            await self._fail(send, exc)
        except Exception as exc:  # noqa: BLE001 - the edge: the server goes on
            _LOG.exception("A request failed.")
            await self._fail(send, MlflowException(f"The server failed: {type(exc).__name__}. Its log has the cause."))

    def _admit(self, scope: Scope) -> None:
        """Let nobody in without the token, where there is one."""
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        if self._expected is not None and not hmac.compare_digest(given, self._expected):
            raise Unauthenticated(
                "The request has no valid token. Send the one that the server was started with, as the header "
                "'Authorization: Bearer …'."
            )

    async def _fail(self, send: Send, failure: MlflowException) -> None:
        self._measures.failed(failure.error_code)
        if isinstance(failure, UnsupportedMediaType):
            await send_bytes(send, failure.get_http_status_code(), failure.message.encode("utf-8", "replace"), _TEXT)
        elif isinstance(failure, Unauthenticated):
            await send_json(send, 401, failure.serialize_as_json().encode(), (_CHALLENGE,))
        else:
            await send_failure(send, failure)

    async def _invoke(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        kind = media_type(headers.get(b"content-type"))
        limit = self._settings.timeout
        try:
            async with asyncio.timeout(limit):
                body = await read_body(receive, self._settings.max_bytes)
                self._measures.received.observe(len(body))
                answer = await self._threads.run(self._score, kind, body, time.perf_counter())
        except TimeoutError as exc:
            raise DeadlineExceeded(
                f"The request took longer than {limit:g} s. Send less in one request, or start the server with a "
                "larger --timeout."
            ) from exc
        self._measures.sent.observe(len(answer))
        await send_json(send, 200, answer)

    def _score(self, kind: str, body: bytes, asked: float) -> bytes:
        self._measures.watch("queue", time.perf_counter() - asked)
        return self._scorer.answer(kind, body, self._measures.watch)

    async def _metrics(self, scope: Scope, receive: Receive, send: Send) -> None:
        text = await asyncio.get_running_loop().run_in_executor(None, self._measures.text)  # not behind predictions
        await send_bytes(send, 200, text, METRICS_TYPE)

    async def _describe(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_json(send, 200, self._document)


async def _alive(scope: Scope, receive: Receive, send: Send) -> None:
    await send_json(send, 200, b"\n")


async def _version(scope: Scope, receive: Receive, send: Send) -> None:
    await send_bytes(send, 200, VERSION.encode(), _TEXT)
