"""A point of a metric."""

from __future__ import annotations

from typing import Any

from mlflow.entities._record import Record

__all__ = ["Metric", "MetricWithRunId"]


class Metric(Record, frozen=True, gc=False):
    """One measurement: `value` at `step`, taken at `timestamp` (UTC milliseconds).

    The model and dataset it belongs to are optional; `run_id` is set on metrics of logged models.
    """

    key: str
    value: float
    timestamp: int
    step: int = 0
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None
    run_id: str | None = None


class MetricWithRunId:
    """A point together with the run it belongs to, as bulk histories answer it."""

    __slots__ = ("_metric", "run_id")

    def __init__(self, metric: Metric, run_id: str) -> None:
        self._metric = metric
        self.run_id = run_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._metric, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MetricWithRunId) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self._metric, self.run_id))

    def __repr__(self) -> str:
        return f"MetricWithRunId(metric={self._metric!r}, run_id={self.run_id!r})"

    def to_dict(self) -> dict[str, Any]:
        """Key, value, timestamp, step and run id by name."""
        point = self._metric
        return {
            "key": point.key,
            "value": point.value,
            "timestamp": point.timestamp,
            "step": point.step,
            "run_id": self.run_id,
        }
