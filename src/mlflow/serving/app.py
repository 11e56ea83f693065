"""The ASGI application of a scoring server."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from mlflow.asgi.bodies import ClientGone
from mlflow.asgi.measures import METRICS_TYPE
from mlflow.asgi.responses import Receive, Scope, Send, send_bytes, send_json
from mlflow.asgi.router import Router, WrongMethod
from mlflow.exceptions import EndpointNotFound, MlflowException, Unauthenticated
from mlflow.serving.ab.description import experiment_paths
from mlflow.serving.control import Control
from mlflow.serving.document import describe
from mlflow.serving.exchanges import Exchanges
from mlflow.serving.inference.endpoints import PROBES, OpenInference
from mlflow.serving.inference.models import NamedModels
from mlflow.serving.measures import ScoringMeasures
from mlflow.serving.refusals import PLAIN, send_scoring_failure
from mlflow.serving.reload import Followers
from mlflow.serving.scoring import ScoringWire
from mlflow.serving.settings import ServingSettings
from mlflow.serving.traffic.traffic import Traffic
from mlflow.serving.variants import Variant
from mlflow.version import VERSION

__all__ = ["Application", "Handler"]

_LOG = logging.getLogger(__name__)
_FREE = frozenset({"/ping", "/health"}) | PROBES  # probes of load balancers carry no token
_VARIANT_PATH = "/variants/{variant}/invocations"
_TO_ALL = ScoringWire()

Handler = Callable[[Scope, Receive, Send], Awaitable[None]]


class Companion(Protocol):
    """What begins and ends with a server."""

    def start(self) -> None: ...

    def close(self) -> None: ...


class Application:
    """Answers with one model, or with several among which traffic is divided.

    Args:
        settings: limits, and the token that callers need.
        traffic: who answers whom.
        variants: the loaded models, by the names of their routes.

    Attributes:
        beside: what begins and ends with the server, such as an experiment on its traffic.
        measures: what is counted.
        traffic: who answers whom, and the seam for whoever watches.
        variants: the loaded models, by the names of their routes.
    """

    def __init__(self, settings: ServingSettings, traffic: Traffic, variants: Mapping[str, Variant]) -> None:
        self._settings, self.traffic, self.variants = settings, traffic, variants
        self.measures = ScoringMeasures()
        self.beside: list[Companion] = []
        self._exchanges = Exchanges(settings, traffic, variants, self.measures)
        self._followers = Followers(variants.values(), traffic.state, self.measures, settings.reload_interval)
        for variant in variants.values():
            self.measures.loaded(variant.name, None, variant.loaded.version)
        self._expected = f"Bearer {settings.token}".encode() if settings.token else None
        self._router: Router[Handler] = Router()
        self._mount()
        self._answering = self.measures.around(self._answer)
        self._is_leaving = False
        if settings.start:
            traffic.every_tick(self._leave_if_stuck)

    def _mount(self) -> None:
        control = Control(self.traffic, self.variants)
        self._router.mount("/ping", ["GET"], self._alive)
        self._router.mount("/health", ["GET"], self._alive)
        self._router.mount("/version", ["GET"], _version)
        self._router.mount("/metrics", ["GET"], self._metrics)
        self._router.mount("/openapi.json", ["GET"], self._describe)
        self._router.mount("/invocations", ["POST"], self._invoke)
        self._router.mount(_VARIANT_PATH, ["POST"], self._invoke_variant)
        self._router.mount("/traffic", ["GET"], control.show)
        self._router.mount("/traffic/weights", ["POST"], control.weigh)
        self._router.mount("/traffic/ramp", ["POST"], control.climb)
        OpenInference(NamedModels(self.traffic, self.variants), self._exchanges).mount(self._router.mount)

    def mount(self, path: str, methods: list[str], handler: Handler) -> None:
        """Let something else answer at a further path; it needs the token like all but probes.

        Raises:
            TypeError: something answers there already.
        """
        self._router.mount(path, methods, handler)

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
        self.traffic.start()
        self._followers.start()
        for one in self.beside:
            one.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.get_running_loop().run_in_executor(None, self.close)
        await send({"type": "lifespan.shutdown.complete"})

    def close(self) -> None:
        """Let predictions under way finish, and keep what was counted."""
        self._followers.close()
        self._exchanges.close()
        for one in self.beside:
            one.close()
        self.traffic.close()
        self.measures.close()

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
        self.measures.failed("", failure.error_code)
        await send_scoring_failure(send, failure)

    async def _invoke(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._exchanges.answer(scope, receive, send, _TO_ALL)

    async def _invoke_variant(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["endpoint"] = _VARIANT_PATH
        await self._exchanges.answer(scope, receive, send, ScoringWire(scope["arguments"]["variant"]))

    async def _alive(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._exchanges.is_stuck:
            await send_json(send, 503, b'{"detail":"All threads are in predictions that do not end."}')
        else:
            await send_json(send, 200, b"\n")

    def _leave_if_stuck(self) -> None:
        """End this process, where another takes its place, once no thread is left that could predict anything."""
        if self._exchanges.is_stuck and not self._is_leaving:
            self._is_leaving = True
            _LOG.error("All threads are in predictions that do not end, so this process ends; another takes its place.")
            os.kill(os.getpid(), signal.SIGTERM)

    async def _metrics(self, scope: Scope, receive: Receive, send: Send) -> None:
        routing = self.traffic.routing
        for name in routing.weights:
            self.measures.weights.labels(name).set(routing.split.share(name))
        text = await asyncio.get_running_loop().run_in_executor(None, self.measures.text)  # not behind predictions
        await send_bytes(send, 200, text, METRICS_TYPE)

    async def _describe(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell of the model that gets most of the traffic."""
        routing = self.traffic.routing
        name = max(routing.weights, key=lambda name: routing.weights[name])
        metadata = self.variants[name].loaded.scorer.model.metadata
        document = describe(metadata, secured=self._settings.token is not None)
        if self._settings.plan is not None:
            document["paths"] |= experiment_paths()
        await send_json(send, 200, json.dumps(document).encode())


async def _version(scope: Scope, receive: Receive, send: Send) -> None:
    await send_bytes(send, 200, VERSION.encode(), PLAIN)
