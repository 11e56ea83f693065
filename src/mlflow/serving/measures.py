"""What a scoring server counts beyond its requests: the stages of each, sizes, and failures."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from mlflow.asgi.measures import SECONDS, Measures

__all__ = ["ScoringMeasures"]

_BYTES = tuple(float(4**power) for power in range(3, 15))  # 64 B to 256 MiB
_ROWS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000)


class ScoringMeasures(Measures):
    """Requests, and what happens inside of those to `/invocations`."""

    def __init__(self) -> None:
        super().__init__()
        self._stages = Histogram(
            "mlflow_scoring_stage_seconds",
            "Time of each stage of a scoring request; queue is the wait for a thread.",
            ("stage",),
            registry=self.registry,
            buckets=SECONDS,
        )
        self.received = self._sizes("mlflow_scoring_request_bytes", "Size of request bodies.")
        self.sent = self._sizes("mlflow_scoring_answer_bytes", "Size of answers.")
        self._rows = Histogram("mlflow_scoring_rows", "Rows in a request.", registry=self.registry, buckets=_ROWS)
        self._failures = Counter(
            "mlflow_scoring_failures", "Requests that failed.", ("error_code",), registry=self.registry
        )
        self._timers = {stage: self._stages.labels(stage) for stage in ("queue", "read", "predict", "write")}

    def watch(self, name: str, value: float) -> None:
        """Note the rows of a request, or the seconds of a stage; from any thread."""
        (self._rows if name == "rows" else self._timers[name]).observe(value)

    def failed(self, error_code: str) -> None:
        """Note a failure."""
        self._failures.labels(error_code).inc()

    def _sizes(self, name: str, doc: str) -> Histogram:
        return Histogram(name, doc, registry=self.registry, buckets=_BYTES)
