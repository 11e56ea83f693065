"""AMD GPUs, through the package pyrsmi."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from mlflow.system_metrics.metrics.base_metrics_monitor import BaseMetricsMonitor

__all__ = ["ROCMMonitor"]

_GB = 1e9


class ROCMMonitor(BaseMetricsMonitor):
    """Memory, utilisation and power of each AMD GPU.

    Raises:
        ImportError: pyrsmi is not installed.
        RuntimeError: there is no ROCm driver.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rocml = import_module("pyrsmi.rocml")
        try:
            self._rocml.smi_initialize()
            self._count = int(self.raise_error(self._rocml.smi_get_device_count))
        except Exception as exc:  # pyrsmi's errors share no class of their own
            raise RuntimeError(f"AMD GPUs are not monitored: {exc}.") from exc

    @staticmethod
    def raise_error(func: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function of pyrsmi, which tells failure by the value -1.

        Raises:
            RuntimeError: it failed.
        """
        result = func(*args, **kwargs)
        if result == -1:
            raise RuntimeError(f"{func.__name__} of pyrsmi failed for {args or 'all GPUs'}")
        return result

    def collect_metrics(self) -> None:
        for index in range(self._count):
            for name, value in self._values(index).items():
                self._metrics[f"gpu_{index}_{name}"].append(value)

    def _values(self, index: int) -> dict[str, float]:
        rocml = self._rocml
        used = self.raise_error(rocml.smi_get_device_memory_used, index)
        total = self.raise_error(rocml.smi_get_device_memory_total, index)
        return {
            "memory_usage_percentage": used / total * 100,
            "memory_usage_gigabytes": used / _GB,
            "memory_busy_time_percent": self.raise_error(rocml.smi_get_device_memory_busy, index),
            "utilization_percentage": self.raise_error(rocml.smi_get_device_utilization, index),
            "power_usage_watts": self.raise_error(rocml.smi_get_device_average_power, index),
        }
