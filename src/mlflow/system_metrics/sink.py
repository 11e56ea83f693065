"""Where points of system metrics go when nobody else takes them: to the run, through a client."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["ClientSink", "Log"]

Log = Callable[[dict[str, float], int, int], None]


class ClientSink:
    """Logs to a run synchronously: the monitor's thread is not the one that trains."""

    def __init__(self, run_id: str, tracking_uri: str | None = None) -> None:
        self._run_id = run_id
        self._tracking_uri = tracking_uri

    def log(self, metrics: dict[str, float], step: int, timestamp: int) -> None:
        """Log one point of each metric in one request; `timestamp` in milliseconds since the epoch."""
        from mlflow.entities.metric import Metric
        from mlflow.tracking.client import MlflowClient

        points = [Metric(name, value, timestamp, step) for name, value in metrics.items()]
        MlflowClient(self._tracking_uri).log_batch(self._run_id, points, synchronous=True)

    def next_step(self, prefix: str) -> int:
        """One more than the greatest latest step among the run's metrics with this prefix; 0 without any."""
        from mlflow.tracking.client import MlflowClient

        latest = MlflowClient(self._tracking_uri).get_run(self._run_id).data.latest_metrics
        return max((metric.step + 1 for metric in latest if metric.key.startswith(prefix)), default=0)
