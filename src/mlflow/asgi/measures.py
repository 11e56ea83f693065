"""What the server counts of itself, in Prometheus' text format."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from mlflow.asgi.responses import Message, Receive, Scope, Send

__all__ = ["METRICS_TYPE", "SECONDS", "Measures"]

App = Callable[[Scope, Receive, Send], Awaitable[None]]

_SHARED = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's variable: where worker processes add up
METRICS_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
"""The content type of `Measures.text`."""

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Bounds of a histogram of times."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER = "other"


class Measures:
    """Counts and times requests by endpoint; unknown paths count together, so that they cannot fill the memory.

    Attributes:
        registry: where an application's further measures register.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._common: list[Collector] = []
        requests = Counter(
            "mlflow_http_requests", "Requests answered.", ("method", "endpoint", "status"), registry=self.registry
        )
        seconds = Histogram(
            "mlflow_http_request_seconds",
            "Time from a request's head to the end of its answer.",
            ("endpoint",),
            registry=self.registry,
            buckets=SECONDS,
        )
        self._active = Gauge(
            "mlflow_http_requests_active",
            "Requests being answered.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        ProcessCollector(registry=self.registry)
        # looking up a child by its labels takes prometheus_client 2 µs
        self._counter = lru_cache(4096)(requests.labels)
        self._timer = lru_cache(1024)(seconds.labels)

    def around(self, app: App) -> App:
        """The application, measured."""

        async def measured(scope: Scope, receive: Receive, send: Send) -> None:
            started, status = time.perf_counter(), 499

            async def sending(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            self._active.inc()
            try:
                await app(scope, receive, sending)
            finally:
                self._active.dec()
                endpoint, method = scope.get("endpoint", _OTHER), scope["method"]
                self._counter(method if method in _METHODS else _OTHER, endpoint, status).inc()
                self._timer(endpoint).observe(time.perf_counter() - started)

        return measured

    def share(self, collector: Collector) -> None:
        """Add measures that every process tells alike, as they are of what processes share."""
        self._common.append(collector)

    def close(self) -> None:
        """Stop counting this process among those that are alive."""
        if _SHARED in os.environ:
            mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]  # the library annotates it in part

    def text(self) -> bytes:
        """All measures, those of the other worker processes included."""
        common = CollectorRegistry()
        for collector in self._common:
            common.register(collector)
        if _SHARED not in os.environ:
            return generate_latest(self.registry) + generate_latest(common)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]  # the library annotates it in part
        return generate_latest(shared) + generate_latest(common)
