"""All network interfaces together."""

from __future__ import annotations

from typing import Any

from mlflow.system_metrics.metrics.base_metrics_monitor import BaseMetricsMonitor

__all__ = ["NetworkMonitor"]

_MB = 1e6


class NetworkMonitor(BaseMetricsMonitor):
    """Bytes received and sent since this monitor was made."""

    def __init__(self) -> None:
        super().__init__()
        self._received, self._sent = self._counters()

    @staticmethod
    def _counters() -> tuple[int, int]:
        import psutil

        counters: Any = psutil.net_io_counters()
        return (counters.bytes_recv, counters.bytes_sent) if counters else (0, 0)  # None without any interface

    def collect_metrics(self) -> None:
        received, sent = self._counters()
        self._metrics["network_receive_megabytes"] = [(received - self._received) / _MB]
        self._metrics["network_transmit_megabytes"] = [(sent - self._sent) / _MB]

    def aggregate_metrics(self) -> dict[str, float]:
        """The latest sums, unrounded: a mean would lag behind."""
        return {name: samples[-1] for name, samples in self._metrics.items()}
