"""From the processes that answer requests to the one that looks at them: samples there, findings back.

Whoever answers is never held up: what does not fit into the queue is dropped, and counted.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable
from multiprocessing.connection import Client, Connection
from queue import Full, Queue
from random import random

import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge

from mlflow.serving.monitoring.monitor import Report
from mlflow.serving.monitoring.samples import Sample
from mlflow.serving.monitoring.settings import Address
from mlflow.serving.traffic.observations import Observation
from mlflow.types import Schema

__all__ = ["Link"]

_LOG = logging.getLogger(__name__)
_SAMPLES = 1_000
_BYTES = 64 << 20  # of bodies and answers that wait
_LARGEST = 8 << 20  # of one
_CLOSING = 5.0  # seconds


class Link:
    """One process's end.

    Args:
        address: of the monitor.
        registry: where what it found is shown as measures.
    """

    def __init__(self, address: Address, registry: CollectorRegistry) -> None:
        self._address = address
        self._waiting: Queue[Observation | None] = Queue(_SAMPLES)
        self._size, self._sizing = 0, threading.Lock()
        self._closed = False
        self._schemas: dict[int, tuple[Schema | None, str]] = {}
        self._measures = _Measures(registry)
        self._thread = threading.Thread(target=self._run, name="mlflow-monitoring", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def observe(self, observation: Observation) -> None:
        """Take an answered request, or pass it over; microseconds."""
        if random() >= self._address.sample_rate:
            return
        size = len(observation.body) + len(observation.answer)
        if size > _LARGEST:
            self._measures.count("too large")
        elif self._size + size > _BYTES:
            self._measures.count("dropped")
        else:
            try:
                self._waiting.put_nowait(observation)
            except Full:
                self._measures.count("dropped")
            else:
                self._resize(size)

    def close(self) -> None:
        """Send what waits, for some seconds at most."""
        self._closed = True
        with contextlib.suppress(Full):
            self._waiting.put(None, timeout=_CLOSING)
        self._thread.join(_CLOSING)

    def _resize(self, by: int) -> None:
        with self._sizing:
            self._size += by

    def _run(self) -> None:
        cause = "it closed the connection"
        try:
            with Client(self._address.place, authkey=self._address.key) as connection:
                threading.Thread(target=self._listen, args=(connection,), daemon=True).start()
                self._send(connection.send_bytes)
                _shut(connection)
        except (OSError, EOFError) as exc:
            cause = str(exc)
        if not self._closed:
            _LOG.warning("The monitor is gone (%s); requests are answered, and no longer looked at.", cause)
            self._discard()

    def _send(self, send: Callable[[bytes], None]) -> None:
        while (one := self._waiting.get()) is not None:
            self._resize(-len(one.body) - len(one.answer))
            send(msgspec.msgpack.encode(self._sample(one)))
            self._measures.count("taken")

    def _discard(self) -> None:
        while (one := self._waiting.get()) is not None or not self._closed:
            if one is not None:
                self._resize(-len(one.body) - len(one.answer))
                self._measures.count("dropped")

    def _sample(self, one: Observation) -> Sample:
        told = one.status == 200  # what is in a body that failed cannot be told apart
        return Sample(
            request_id=one.request_id,
            at=one.at,
            variant=one.variant,
            version=one.version,
            seconds=one.seconds,
            status=one.status,
            failed=one.failed,
            media_type=one.media_type,
            body=one.body if told else b"",
            answer=one.answer if told else b"",
            schema_json=self._schema_json(one.schema),
        )

    def _schema_json(self, schema: Schema | None) -> str:
        found = self._schemas.get(id(schema))
        if found is None or found[0] is not schema:
            found = schema, schema.to_json() if schema is not None else ""
            self._schemas = {**dict(list(self._schemas.items())[-15:]), id(schema): found}
        return found[1]

    def _listen(self, connection: Connection) -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                self._measures.show(msgspec.msgpack.decode(connection.recv_bytes(), type=Report))
        with contextlib.suppress(Full):  # or else sending fails
            self._waiting.put_nowait(None)


def _shut(connection: Connection) -> None:
    """Tell the other end that nothing follows: closing alone does not, as long as a thread reads here."""
    if os.name != "nt":
        with socket.socket(fileno=os.dup(connection.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)


class _Measures:
    """What /metrics tells of monitoring."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._samples = Counter(
            "mlflow_monitoring_samples",
            "Sampled requests: taken, dropped as the monitor was behind, or too large.",
            ("outcome",),
            registry=registry,
        )
        self._values, self._limits, self._alerts = (
            Gauge(f"mlflow_monitoring_{name}", doc, ("metric",), registry=registry, multiprocess_mode="mostrecent")
            for name, doc in (
                ("value", "Metrics of the last window."),
                ("limit", "Limits of metrics."),
                ("alert", "1 where a metric of the last window is beyond its limit."),
            )
        )

    def count(self, outcome: str) -> None:
        self._samples.labels(outcome).inc()

    def show(self, report: Report) -> None:
        for name, value in report.values.items():
            self._values.labels(name).set(value)
        for name, limit in report.limits.items():
            self._limits.labels(name).set(limit)
            self._alerts.labels(name).set(name in report.broken)
