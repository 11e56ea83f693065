"""The file system of the root folder."""

from __future__ import annotations

import os

from mlflow.system_metrics.metrics.base_metrics_monitor import BaseMetricsMonitor

__all__ = ["DiskMonitor"]

_MB = 1e6


class DiskMonitor(BaseMetricsMonitor):
    """Space used and left."""

    def collect_metrics(self) -> None:
        import psutil

        disk = psutil.disk_usage(os.sep)
        self._metrics["disk_usage_percentage"].append(disk.percent)
        self._metrics["disk_usage_megabytes"].append(disk.used / _MB)
        self._metrics["disk_available_megabytes"].append(disk.free / _MB)
