"""Whole histories of metrics, in the fastest way the store has."""

from __future__ import annotations

from itertools import repeat

from mlflow.contract.caller import EVERYONE
from mlflow.contract.metrics import MetricColumns
from mlflow.entities import Metric
from mlflow.stores import Backend

__all__ = ["metric_history"]

_PAGE = 25000  # points a request, from servers without packed columns


def metric_history(backend: Backend, run_id: str, key: str) -> list[Metric]:
    """Every point of a metric, ordered by timestamp, step, value."""
    if backend.extensions:
        return _unpacked(key, backend.store.metrics.get_metric_columns(EVERYONE, run_id, key))
    return _paged(backend, run_id, key)


def _unpacked(key: str, columns: MetricColumns) -> list[Metric]:
    steps = memoryview(columns.steps).cast("q")
    timestamps = memoryview(columns.timestamps).cast("q")
    values = memoryview(columns.values).cast("d")
    return list(map(Metric, repeat(key, columns.count), values, timestamps, steps))


def _paged(backend: Backend, run_id: str, key: str) -> list[Metric]:
    page = backend.store.metrics.get_metric_history(EVERYONE, run_id, key, "", _PAGE)
    points = list(page)
    while page.token:
        page = backend.store.metrics.get_metric_history(EVERYONE, run_id, key, page.token, _PAGE)
        points += page
    return points
