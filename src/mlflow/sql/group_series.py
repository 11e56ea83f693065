"""Series of many runs joined: at each place the mean of a group's runs, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from mlflow._numpy import np, npt
from mlflow.contract.columns import GroupSeries, Matrix
from mlflow.contract.metrics import SampledSeries
from mlflow.sql.chart_range import ChartRange
from mlflow.sql.importance import members_of

__all__ = ["group_series"]

Reals: TypeAlias = "npt.NDArray[np.float64]"


def group_series(
    matrix: Matrix, keys: Sequence[str], series: Sequence[SampledSeries], chart: ChartRange
) -> list[GroupSeries]:
    """The runs of the matrix joined where they are alike in all of its columns.

    Args:
        matrix: the columns that runs are grouped by.
        keys: metrics, in the order of the answer.
        series: of those runs and metrics, drawn for `chart`.
        chart: has both ends.
    """
    found = {(one.run_id, one.key): one for one in series}
    joined: list[GroupSeries] = []
    for values, rows in members_of(matrix.values, len(matrix.run_ids)):
        for key in dict.fromkeys(keys):
            own = [one for row in rows if (one := found.get((matrix.run_ids[row], key))) is not None]
            lines = [line for one in own if (line := _Line(one, chart)).places.size]
            if lines:
                joined.append(_join(list(values), key, lines, chart))
    return joined


class _Line:
    """One run: the mean of its points in each bucket that has some."""

    def __init__(self, series: SampledSeries, chart: ChartRange) -> None:
        kept = [(x, y) for x, y in zip(series.x, series.mean, strict=True) if y is not None and np.isfinite(y)]
        x, y = np.array(kept, np.float64).reshape(-1, 2).T
        bucket = _bucket(x, chart)
        self.places, inverse, counts = np.unique(bucket, return_inverse=True, return_counts=True)
        self.values: Reals = np.bincount(inverse, weights=y, minlength=len(self.places)) / np.maximum(counts, 1)


def _bucket(x: Reals, chart: ChartRange) -> npt.NDArray[np.int64]:
    start, span = _span(chart)
    # the last x of a bucket may stand for points just before its edge
    return np.clip(np.floor((x - start) * chart.buckets / span), 0, chart.buckets - 1).astype(np.int64)


def _span(chart: ChartRange) -> tuple[float, float]:
    start, end = chart.start or 0.0, chart.end or 0.0
    return start, (end - start or 1.0) if chart.metric is not None else end - start + 1


def _join(values: list[str | None], key: str, lines: Sequence[_Line], chart: ChartRange) -> GroupSeries:
    places = np.unique(np.concatenate([line.places for line in lines]))
    table = np.array([np.interp(places, line.places, line.values, np.nan, np.nan) for line in lines])
    n = np.count_nonzero(~np.isnan(table), axis=0)
    mean = np.nansum(table, axis=0) / n
    spread = np.nansum((table - mean) ** 2, axis=0) / np.maximum(n - 1, 1)
    start, span = _span(chart)
    ends = (places + 1) * span / chart.buckets
    x = start + (ends if chart.metric is not None else np.ceil(ends) - 1)
    columns = (mean, np.sqrt(spread), np.nanmin(table, axis=0), np.nanmax(table, axis=0))
    return GroupSeries(values, key, len(lines), x.tolist(), n.tolist(), *(column.tolist() for column in columns))
