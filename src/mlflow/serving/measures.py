"""What a scoring server counts beyond its requests: for each variant the stages of each, sizes, and failures."""

from __future__ import annotations

from functools import lru_cache

from prometheus_client import Counter, Gauge, Histogram

from mlflow.asgi.measures import SECONDS, Measures

__all__ = ["ScoringMeasures", "VariantMeasures"]

_BYTES = tuple(float(4**power) for power in range(3, 15))  # 64 B to 256 MiB
_ROWS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000)
_TOGETHER = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_STAGES = ("queue", "read", "predict", "write")


class ScoringMeasures(Measures):
    """Requests, and what happens inside of those to `/invocations`."""

    def __init__(self) -> None:
        super().__init__()
        registry = self.registry
        self.stages = Histogram(
            "mlflow_scoring_stage_seconds",
            "Time of each stage of a scoring request; queue is the wait for a thread.",
            ("variant", "stage"),
            registry=registry,
            buckets=SECONDS,
        )
        self.seconds = Histogram(
            "mlflow_scoring_seconds",
            "Time from a request's body to its answer.",
            ("variant",),
            registry=registry,
            buckets=SECONDS,
        )
        self.received = self._sizes("mlflow_scoring_request_bytes", "Size of request bodies.")
        self.sent = self._sizes("mlflow_scoring_answer_bytes", "Size of answers.")
        self.rows = Histogram(
            "mlflow_scoring_rows", "Rows in a request.", ("variant",), registry=registry, buckets=_ROWS
        )
        self.batches = Histogram(
            "mlflow_scoring_batch_requests",
            "Requests that a call of the model answered, of models whose requests may be joined.",
            ("variant",),
            registry=registry,
            buckets=_TOGETHER,
        )
        self._failures = Counter(
            "mlflow_scoring_failures", "Requests that failed.", ("variant", "error_code"), registry=registry
        )
        self._answers = Counter(
            "mlflow_scoring_answers",
            "Answers of each version of each variant's model.",
            ("variant", "version", "status"),
            registry=registry,
        )
        self.copies = Counter(
            "mlflow_scoring_shadow_answers",
            "Answers of shadows, by how they compare with what callers got.",
            ("variant", "outcome"),
            registry=registry,
        )
        self.weights = Gauge(
            "mlflow_scoring_weight",
            "Share of the traffic that a variant is to get.",
            ("variant",),
            registry=registry,
            multiprocess_mode="mostrecent",
        )
        self.reloads = Counter(
            "mlflow_scoring_reloads",
            "Attempts to replace the model of a variant by the version that its URI leads to now.",
            ("variant", "outcome"),
            registry=registry,
        )
        self._loaded = Gauge(
            "mlflow_scoring_loaded",
            "Processes that answer with a version.",
            ("variant", "version"),
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.answers = lru_cache(1024)(self._answers.labels)  # the look-up costs prometheus_client 2 µs
        self.of = lru_cache(512)(self._of)

    def loaded(self, variant: str, before: str | None, version: str) -> None:
        """Note which version of a variant answers, in place of another one."""
        if before is not None:
            self._loaded.labels(variant, before).set(0)
        self._loaded.labels(variant, version).set(1)

    def failed(self, variant: str, error_code: str) -> None:
        """Note a failure; of no variant when none was chosen."""
        self._failures.labels(variant, error_code).inc()

    def _of(self, variant: str) -> VariantMeasures:
        return VariantMeasures(self, variant)

    def _sizes(self, name: str, doc: str) -> Histogram:
        return Histogram(name, doc, registry=self.registry, buckets=_BYTES)


class VariantMeasures:
    """What is measured of one variant.

    Attributes:
        seconds: from a request's body to its answer.
    """

    def __init__(self, measures: ScoringMeasures, variant: str) -> None:
        self.seconds = measures.seconds.labels(variant)
        self._watched = {stage: measures.stages.labels(variant, stage) for stage in _STAGES}
        self._watched |= {"rows": measures.rows.labels(variant), "requests": measures.batches.labels(variant)}

    def watch(self, name: str, value: float) -> None:
        """Note the rows of a request, the requests of a batch, or the seconds of a stage; from any thread."""
        self._watched[name].observe(value)
