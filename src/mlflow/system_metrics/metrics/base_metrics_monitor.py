"""What every monitor of a part of the machine does: collect samples, then reduce them to one value a metric."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from statistics import fmean

__all__ = ["BaseMetricsMonitor"]


class BaseMetricsMonitor(ABC):
    """Samples of some metrics since they were last cleared."""

    def __init__(self) -> None:
        self._metrics: dict[str, list[float]] = defaultdict(list)

    @abstractmethod
    def collect_metrics(self) -> None:
        """Take one sample of each metric."""

    def aggregate_metrics(self) -> dict[str, float]:
        """The mean of each metric's samples, to one decimal; nothing where there are no samples."""
        return {name: round(fmean(samples), 1) for name, samples in self._metrics.items()}

    @property
    def metrics(self) -> dict[str, list[float]]:
        """The samples by name of the metric, without the prefix `system/`."""
        return self._metrics

    def clear_metrics(self) -> None:
        """Forget the samples."""
        self._metrics.clear()
