"""Requests for predictions: a variant is chosen, its model asked, the answer sent, and whoever watches is told.

How requests and answers are written is the business of the protocol that a request came by (`wire`).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

import msgspec

from mlflow.asgi.bodies import ClientGone, check_length, read_body
from mlflow.asgi.request_ids import REQUEST_ID, request_id_of
from mlflow.asgi.responses import Header, Receive, Scope, Send
from mlflow.asgi.threads import Threads
from mlflow.exceptions import DeadlineExceeded, MlflowException
from mlflow.serving.answers import AnswerNotEncodable
from mlflow.serving.batching import Batcher, Budget
from mlflow.serving.measures import ScoringMeasures
from mlflow.serving.requests import check_encoding
from mlflow.serving.room import LIGHT, Room
from mlflow.serving.scorer import ModelFailed, Scorer, Watch
from mlflow.serving.scoring import VARIANT
from mlflow.serving.settings import ServingSettings
from mlflow.serving.traffic.observations import Observation
from mlflow.serving.traffic.shadows import Shadows, Tell
from mlflow.serving.traffic.state import Routing, now_ms
from mlflow.serving.traffic.traffic import Traffic
from mlflow.serving.variants import Loaded, Variant
from mlflow.serving.wire import Address, Form, Wire

__all__ = ["Exchanges"]

_LOG = logging.getLogger(__name__)
_VERSION, _ID = b"x-model-version", REQUEST_ID
_JOINED = 16 << 10  # bytes of a body that may be answered with others; larger ones fill a call by themselves
_AT_ONCE = 64 << 10  # bytes of a body that are searched for a key in the event loop
_STUCK = 5.0  # times a request's limit: no prediction that takes so long will end, or be of use
_BLAMED = (ModelFailed, AnswerNotEncodable, DeadlineExceeded)


class _Exchange(msgspec.Struct, eq=False):
    """One request and what is known of it so far."""

    wire: Wire
    headers: dict[bytes, bytes]
    request_id: str
    address: Address = Address()
    form: Form | None = None
    body: bytes = b""
    key: str = ""
    variant: Variant | None = None
    loaded: Loaded | None = None
    began: float = 0.0
    routing: Routing | None = None
    room: int = 0

    def marks(self) -> tuple[Header, ...]:
        """What every answer carries."""
        own = (_ID, self.request_id.encode())
        if self.variant is None or self.loaded is None:
            return (own,)
        return own, (VARIANT, self.variant.name.encode()), (_VERSION, self.loaded.version.encode())


class Exchanges:
    """Answers requests for predictions.

    Predictions run in a bounded pool of threads, so that the event loop never waits for one.

    Args:
        settings: limits.
        traffic: who answers.
        variants: the models, by the names of their routes.
        measures: what is counted.

    Attributes:
        threads: where predictions run.
    """

    def __init__(
        self, settings: ServingSettings, traffic: Traffic, variants: Mapping[str, Variant], measures: ScoringMeasures
    ) -> None:
        self._settings, self._traffic, self._variants, self._measures = settings, traffic, variants, measures
        routes = traffic.routes
        self._sticky_header = routes.sticky_header.lower().encode() if routes.sticky_header else None
        self._sticky_key = routes.sticky_key
        self.threads, self._shadows = Threads(settings.threads), Shadows()
        self._room = Room(max(settings.max_buffered, settings.max_bytes))
        self._batchers = {name: self._batcher(name) for name in variants}

    def _batcher(self, variant: str) -> Batcher:
        settings = self._settings
        budget = Budget(settings.max_batch_size, settings.batch_latency)
        return Batcher(self.threads, settings.threads, budget, self._measures.of(variant).watch)

    @property
    def is_stuck(self) -> bool:
        """Whether nothing can be predicted: all threads are in predictions that nobody waits for any more."""
        return self.threads.all_since(_STUCK * self._settings.timeout)

    def close(self) -> None:
        """Let predictions under way finish."""
        self.threads.close(0.0 if self.is_stuck else self._settings.timeout)
        self._shadows.close(1.0)

    async def answer(self, scope: Scope, receive: Receive, send: Send, wire: Wire) -> None:
        """Answer one request."""
        headers = dict(scope["headers"])
        exchange = _Exchange(wire, headers, request_id_of(headers.get(_ID)))
        try:
            answer = await self._within_time(exchange, receive)
        except ClientGone:
            raise
        except MlflowException as exc:
            await self._fail(send, exchange, exc)
        except Exception as exc:  # noqa: BLE001 - the edge: the server goes on
            _LOG.exception("A request failed.")
            failure = MlflowException(f"The server failed: {type(exc).__name__}. Its log has the cause.")
            await self._fail(send, exchange, failure)
        else:
            seconds = time.perf_counter() - exchange.began
            self._measures.sent.observe(len(answer))
            await wire.send(send, answer, exchange.marks())
            self._done(exchange, seconds, 200, answer, failed=False)
            self._mirror(exchange, answer)
        finally:
            if exchange.room:
                self._room.give(exchange.room)

    async def _within_time(self, exchange: _Exchange, receive: Receive) -> bytes:
        limit = self._settings.timeout
        try:
            async with asyncio.timeout(limit):
                form = exchange.wire.form(exchange.headers)
                check_encoding(exchange.headers.get(b"content-encoding"))
                exchange.body = await self._read(exchange, receive)
                exchange.began = time.perf_counter()
                self._measures.received.observe(len(exchange.body))
                exchange.address = exchange.wire.address(exchange.headers)
                exchange.key = await self._key(exchange, form) or exchange.request_id
                exchange.routing = self._traffic.routing
                variant = self._variants[self._traffic.find(exchange.address, exchange.key)]
                loaded = variant.loaded
                exchange.variant, exchange.loaded, exchange.form = variant, loaded, form.answered_by(loaded.version)
                return await self._predict(variant.name, loaded.scorer, exchange.form, exchange.body)
        except TimeoutError as exc:
            raise DeadlineExceeded(
                f"The request took longer than {limit:g} s. Send less in one request, or start the server with a "
                "larger --timeout."
            ) from exc

    async def _read(self, exchange: _Exchange, receive: Receive) -> bytes:
        """The body, once there is room for it; of an unknown length, for the longest as soon as it is no light one."""
        limit, length = self._settings.max_bytes, exchange.headers.get(b"content-length")
        check_length(length, limit)
        if length is None:
            return await read_body(receive, limit, LIGHT, lambda: self._take(exchange, limit))
        if int(length) > LIGHT:
            await self._take(exchange, int(length))
        return await read_body(receive, limit)

    async def _take(self, exchange: _Exchange, size: int) -> None:
        await self._room.take(size)
        exchange.room = size

    async def _key(self, exchange: _Exchange, form: Form) -> str | None:
        if self._sticky_header is not None:
            return exchange.headers.get(self._sticky_header, b"").decode("latin-1") or None
        if self._sticky_key is None:
            return None
        if form.is_light and len(exchange.body) <= _AT_ONCE:
            return form.key(self._sticky_key, exchange.body)
        return await self.threads.run(form.key, self._sticky_key, exchange.body)

    async def _predict(self, variant: str, scorer: Scorer, form: Form, body: bytes) -> bytes:
        if scorer.joins and len(body) <= _JOINED and self._settings.max_batch_size > 1:
            return await self._batchers[variant].ask(scorer, scorer.glance(form, body))
        watch = self._measures.of(variant).watch
        return await self.threads.run(_score, scorer, form, body, watch, time.perf_counter())

    async def _fail(self, send: Send, exchange: _Exchange, failure: MlflowException) -> None:
        seconds = time.perf_counter() - exchange.began
        status = failure.get_http_status_code()
        self._measures.failed(exchange.variant.name if exchange.variant else "", failure.error_code)
        body = await exchange.wire.fail(send, failure, exchange.marks())
        self._done(exchange, seconds, status, body, failed=status >= 500 or isinstance(failure, _BLAMED))

    def _done(self, exchange: _Exchange, seconds: float, status: int, answer: bytes, *, failed: bool) -> None:
        variant, loaded, form = exchange.variant, exchange.loaded, exchange.form
        if variant is None or loaded is None or form is None:
            return
        self._measures.answers(variant.name, loaded.version, status).inc()
        self._measures.of(variant.name).seconds.observe(seconds)
        self._traffic.tell(
            Observation(
                request_id=exchange.request_id,
                variant=variant.name,
                version=loaded.version,
                seconds=seconds,
                status=status,
                failed=failed,
                at=now_ms(),
                key=exchange.key,
                addressed=not self._traffic.divides(exchange.address),
                media_type=form.kind,
                body=exchange.body,
                answer=answer,
                schema=loaded.scorer.schemas.inputs,
                routing=exchange.routing,
            )
        )

    def _mirror(self, exchange: _Exchange, answer: bytes) -> None:
        for route in self._traffic.shadows:
            if exchange.form is None or exchange.address.variant == route.name:
                continue
            loaded = self._variants[route.name].loaded
            form = exchange.form.answered_by(loaded.version)
            self._shadows.mirror(
                loaded.scorer.answer, self._teller(route.name, loaded.version), form, exchange.body, answer
            )

    def _teller(self, name: str, version: str) -> Tell:
        def tell(outcome: str, largest: float) -> None:
            self._measures.copies.labels(name, outcome).inc()
            finite = {"difference": largest} if 0 < largest < float("inf") else {}
            self._traffic.count(name, version, **{f"shadow_{outcome}": 1}, **finite)

        return tell


def _score(scorer: Scorer, form: Form, body: bytes, watch: Watch, asked: float) -> bytes:
    watch("queue", time.perf_counter() - asked)
    return scorer.answer(form, body, watch)
