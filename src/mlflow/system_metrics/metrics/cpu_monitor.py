"""Processors and memory."""

from __future__ import annotations

from mlflow.system_metrics.metrics.base_metrics_monitor import BaseMetricsMonitor

__all__ = ["CPUMonitor"]

_MB = 1e6


class CPUMonitor(BaseMetricsMonitor):
    """Utilisation of all processors since the sample before, and memory in use, of the whole machine."""

    def __init__(self) -> None:
        import psutil

        super().__init__()
        psutil.cpu_percent()  # the first call has nothing to compare with and answers 0

    def collect_metrics(self) -> None:
        import psutil

        memory = psutil.virtual_memory()
        self._metrics["cpu_utilization_percentage"].append(psutil.cpu_percent())
        self._metrics["system_memory_usage_megabytes"].append(memory.used / _MB)
        self._metrics["system_memory_usage_percentage"].append(memory.used / memory.total * 100)
