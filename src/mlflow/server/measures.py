"""What the server counts of itself, in Prometheus' text format."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from mlflow.server.context import Context
from mlflow.server.responses import Message, Receive, Scope, Send, send_bytes

__all__ = ["Measures"]

App = Callable[[Scope, Receive, Send], Awaitable[None]]

_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_OTHER = "other"


class Measures:
    """Counts and times requests by endpoint; unknown paths count together, so that they cannot fill the memory."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "endpoint", "status")
        self._requests = Counter("mlflow_http_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "mlflow_http_request_seconds",
            "Time from a request's head to the end of its answer.",
            ("endpoint",),
            registry=self._registry,
            buckets=_BUCKETS,
        )
        self._active = Gauge("mlflow_http_requests_active", "Requests being answered.", registry=self._registry)
        ProcessCollector(registry=self._registry)

    def around(self, app: App) -> App:
        """The application, measured."""

        async def measured(scope: Scope, receive: Receive, send: Send) -> None:
            started, status = time.perf_counter(), "499"

            async def sending(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = str(message["status"])
                await send(message)

            self._active.inc()
            try:
                await app(scope, receive, sending)
            finally:
                self._active.dec()
                endpoint = scope.get("endpoint", _OTHER)
                self._requests.labels(scope["method"], endpoint, status).inc()
                self._seconds.labels(endpoint).observe(time.perf_counter() - started)

        return measured

    async def handle(self, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with all measures."""
        await send_bytes(send, 200, generate_latest(self._registry), _TYPE)
