"""NVIDIA GPUs, through the package nvidia-ml-py."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from mlflow.system_metrics.metrics.base_metrics_monitor import BaseMetricsMonitor

__all__ = ["GPUMonitor"]

_MB = 1e6


class GPUMonitor(BaseMetricsMonitor):
    """Memory, utilisation and power of each NVIDIA GPU, numbered as the driver numbers them.

    What a GPU does not measure, as a MIG slice its utilisation, is left out.

    Raises:
        ImportError: nvidia-ml-py is not installed.
        RuntimeError: there is no NVIDIA driver.
    """

    def __init__(self) -> None:
        super().__init__()
        self._nvml = import_module("pynvml")
        try:
            self._nvml.nvmlInit()
            count = self._nvml.nvmlDeviceGetCount()
            self._gpus = [self._nvml.nvmlDeviceGetHandleByIndex(index) for index in range(count)]
        except self._nvml.NVMLError as exc:
            raise RuntimeError(f"NVIDIA GPUs are not monitored: {exc}.") from exc

    def collect_metrics(self) -> None:
        for index, gpu in enumerate(self._gpus):
            for measure in (self._memory, self._utilization, self._power):
                self._sample(index, measure, gpu)

    def _sample(self, index: int, measure: Callable[[Any], dict[str, float]], gpu: Any) -> None:
        try:
            values = measure(gpu)
        except self._nvml.NVMLError_NotSupported:
            return
        for name, value in values.items():
            self._metrics[f"gpu_{index}_{name}"].append(value)

    def _memory(self, gpu: Any) -> dict[str, float]:
        memory = self._nvml.nvmlDeviceGetMemoryInfo(gpu)
        return {
            "memory_usage_percentage": memory.used / memory.total * 100,
            "memory_usage_megabytes": memory.used / _MB,
        }

    def _utilization(self, gpu: Any) -> dict[str, float]:
        return {"utilization_percentage": self._nvml.nvmlDeviceGetUtilizationRates(gpu).gpu}

    def _power(self, gpu: Any) -> dict[str, float]:
        milliwatts = self._nvml.nvmlDeviceGetPowerUsage(gpu)
        limit = self._nvml.nvmlDeviceGetEnforcedPowerLimit(gpu)
        return {"power_usage_watts": milliwatts / 1000, "power_usage_percentage": milliwatts / limit * 100}
