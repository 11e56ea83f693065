"""What a run logged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mlflow.entities._record import Entity
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag

__all__ = ["RunData"]


class RunData(Entity):
    """The latest value of each metric, and the params and tags, each by key."""

    __slots__ = ("_metric_objs", "metrics", "params", "tags")

    def __init__(
        self,
        metrics: Iterable[Metric] | None = None,
        params: Iterable[Param] | None = None,
        tags: Iterable[RunTag] | None = None,
    ) -> None:
        self._metric_objs = list(metrics or ())
        self.metrics: dict[str, float] = {metric.key: metric.value for metric in self._metric_objs}
        self.params: dict[str, str] = {param.key: param.value for param in params or ()}
        self.tags: dict[str, str] = {tag.key: tag.value for tag in tags or ()}

    @property
    def latest_metrics(self) -> list[Metric]:
        """The latest point of each metric, with its step and timestamp."""
        return self._metric_objs

    def to_dictionary(self) -> dict[str, Any]:
        """Metrics, params and tags by name."""
        return {"metrics": self.metrics, "params": self.params, "tags": self.tags}

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> RunData:
        """The data from three dictionaries named metrics, params and tags; metrics get step and time 0."""
        return cls(
            [Metric(key, value, 0, 0) for key, value in (the_dict.get("metrics") or {}).items()],
            [Param(key, value) for key, value in (the_dict.get("params") or {}).items()],
            [RunTag(key, value) for key, value in (the_dict.get("tags") or {}).items()],
        )
