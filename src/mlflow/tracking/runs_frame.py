"""Runs as a DataFrame, built column by column."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mlflow.entities import Run

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RunsFrame"]

_FACTS = ("run_id", "experiment_id", "status", "artifact_uri")
_TIMES = ("start_time", "end_time")


class RunsFrame:
    """Collects runs; equal texts are kept once, so many runs with few different values stay small."""

    def __init__(self) -> None:
        self._count = 0
        self._facts: dict[str, list[Any]] = {name: [] for name in (*_FACTS, *_TIMES)}
        self._metrics: dict[str, list[float]] = {}
        self._params: dict[str, list[str | None]] = {}
        self._tags: dict[str, list[str | None]] = {}
        self._texts: dict[str, str] = {}

    def add(self, runs: Iterable[Run]) -> None:
        """Append rows; a run's missing metrics are NaN, missing params and tags None."""
        intern = self._texts.setdefault
        for run in runs:
            info, data = run.info, run.data
            for name, column in self._facts.items():
                column.append(getattr(info, name))
            self._fill(self._metrics, data.metrics, math.nan)
            self._fill(self._params, {key: intern(text, text) for key, text in data.params.items()}, None)
            self._fill(self._tags, {key: intern(text, text) for key, text in data.tags.items()}, None)
            self._count += 1

    def build(self) -> pd.DataFrame:
        """The frame; times are in UTC."""
        import pandas as pd

        columns: dict[str, Any] = {name: self._facts[name] for name in _FACTS}
        times: dict[str, Any] = {name: self._facts[name] for name in _TIMES}
        if self._count:  # a frame without rows has columns without a type, as programs for MLflow expect
            times = {name: pd.to_datetime(column, unit="ms", utc=True) for name, column in times.items()}
        columns |= times
        for part, found, missing in (
            ("metrics", self._metrics, math.nan),
            ("params", self._params, None),
            ("tags", self._tags, None),
        ):
            for key, column in found.items():
                column.extend([missing] * (self._count - len(column)))  # type: ignore[list-item]  # of its own kind
                columns[f"{part}.{key}"] = column
        return pd.DataFrame(columns)

    def _fill(self, columns: dict[str, list[Any]], values: Mapping[str, Any], missing: Any) -> None:
        for key, value in values.items():
            column = columns.get(key)
            if column is None:
                column = columns[key] = []
            if len(column) < self._count:
                column.extend([missing] * (self._count - len(column)))
            column.append(value)
