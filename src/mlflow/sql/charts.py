"""Charts of series: a range of an axis in buckets, read from outlines wherever the points themselves would not show."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sqlalchemy import Connection

from mlflow._numpy import np
from mlflow.contract.metrics import SampledSeries
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.chart_range import ChartRange
from mlflow.sql.keys import Keys
from mlflow.sql.metric_axis import read_over
from mlflow.sql.run_rows import RunRow
from mlflow.sql.series.points import Integers, Points, Reals
from mlflow.sql.series.segment import SEALED
from mlflow.sql.series.zoom import Axis, Zoom
from mlflow.sql.stored_series import Extent, SeriesId, read_extents, read_outlines, read_points, read_summaries

__all__ = ["rounded", "sample", "spanned"]

MAX_SERIES = 10_000
_OF_VALUE, _OF_SPAN = 4, 4  # digits
_READ_UP_TO = 4 * SEALED
"""Points up to which a range is read rather than summed up: it may turn out to be shown point by point."""


def sample(
    connection: Connection,
    keys: Keys,
    runs: Sequence[RunRow],
    names: Sequence[str],
    chart: ChartRange,
    *,
    is_rounded: bool = False,
) -> list[SampledSeries]:
    """The chart of each series that has points in the range, run by run, in the order of the names.

    Args:
        connection: to read with.
        keys: the numbers of keys.
        runs: whose series.
        names: of metrics.
        chart: the range.
        is_rounded: whether joined values need only be as exact as a chart can show them.

    Raises:
        InvalidParameterValue: these are too many series.
    """
    if len(runs) * len(names) > MAX_SERIES:
        raise InvalidParameterValue(
            f"{len(runs)} runs and {len(names)} keys are more than {MAX_SERIES} series; ask for fewer."
        )
    if chart.metric is not None:
        return read_over(connection, keys, runs, names, chart)
    numbers = keys.find(connection, "metric", names)
    found = read_extents(connection, [run.id for run in runs], list(numbers.values()))
    charts = [
        _Chart(run, name, chart, found.get(SeriesId(run.id, numbers[name]), []))
        for run in runs
        for name in dict.fromkeys(names)
        if name in numbers
    ]
    return _drawn(connection, [chart for chart in charts if chart.touched], is_rounded)


def spanned(
    connection: Connection, keys: Keys, runs: Sequence[RunRow], names: Sequence[str], chart: ChartRange
) -> ChartRange | None:
    """The same chart with both ends, so that all runs fall into the same buckets; None where there are no points.

    A short range of steps has one bucket a step.
    """
    if chart.metric is not None:
        return _spanned_over(connection, keys, runs, chart, chart.metric)
    numbers = keys.find(connection, "metric", names)
    by_number = {run.id: run for run in runs}
    extents = [
        (by_number[series.run], extent)
        for series, found in read_extents(connection, list(by_number), list(numbers.values())).items()
        for extent in found
    ]
    if not extents:
        return None
    low, high = ("min_step", "max_step") if chart.axis is Axis.STEP else ("min_timestamp", "max_timestamp")
    least = min(getattr(extent, low) - chart.origin(run) for run, extent in extents)
    most = max(getattr(extent, high) - chart.origin(run) for run, extent in extents)
    start = math.ceil(least if chart.start is None else chart.start)
    end = math.floor(most if chart.end is None else chart.end)
    if start > end:
        return None
    return ChartRange(chart.x, start, end, min(chart.buckets, end - start + 1))


def _spanned_over(
    connection: Connection, keys: Keys, runs: Sequence[RunRow], chart: ChartRange, metric: str
) -> ChartRange | None:
    numbers = keys.find(connection, "metric", [metric])
    found = read_summaries(connection, [run.id for run in runs], list(numbers.values())).values() if numbers else ()
    ends = [(one.min_value, one.max_value) for one in found if one.min_value is not None and one.max_value is not None]
    if not ends:
        return None
    start = min(low for low, _ in ends) if chart.start is None else chart.start
    end = max(high for _, high in ends) if chart.end is None else chart.end
    return ChartRange(chart.x, start, end, chart.buckets) if start <= end else None


def _drawn(connection: Connection, charts: Sequence[_Chart], is_rounded: bool) -> list[SampledSeries]:
    """Read outlines of all series, then the points they need, and draw."""
    outlined = [extent for chart in charts if chart.is_wide for extent in chart.touched]
    outlines = dict(zip(outlined, read_outlines(connection, outlined), strict=True))
    needed = [extent for chart in charts for extent in chart.need([outlines.get(e, b"") for e in chart.touched])]
    points = dict(zip(needed, read_points(connection, needed), strict=True))
    series = (chart.draw([points.get(extent) for extent in chart.touched], is_rounded) for chart in charts)
    return [one for one in series if one.count]


class _Chart:
    """One series' chart in the making.

    Attributes:
        touched: the segments that touch the range.
        is_wide: whether they hold so many points that outlines are to be read.
    """

    def __init__(self, run: RunRow, key: str, chart: ChartRange, extents: Sequence[Extent]) -> None:
        self._run, self._key, self._chart = run, key, chart
        self._start, self._end = chart.bounds(run)
        self.touched = [
            extent for extent in extents if self._low(extent) <= self._end and self._high(extent) >= self._start
        ]
        self.is_wide = sum(extent.n for extent in self.touched) > _READ_UP_TO
        if self.touched:
            self._start = max(self._start, min(map(self._low, self.touched))) if chart.start is None else self._start
            self._end = min(self._end, max(map(self._high, self.touched))) if chart.end is None else self._end

    def _low(self, extent: Extent) -> int:
        return extent.min_step if self._chart.axis is Axis.STEP else extent.min_timestamp

    def _high(self, extent: Extent) -> int:
        return extent.max_step if self._chart.axis is Axis.STEP else extent.max_timestamp

    def need(self, outlines: Sequence[bytes]) -> list[Extent]:
        """The segments whose points are to be read."""
        self._zoom = Zoom(self._chart.axis, self._start, self._end, self._chart.buckets, outlines)
        return [self.touched[index] for index in self._zoom.needed]

    def draw(self, loaded: Sequence[Points | None], is_rounded: bool) -> SampledSeries:
        """The chart, from the points of the segments that were needed."""
        if all(points is not None for points in loaded):
            inside = self._inside(Points.joined(points for points in loaded if points is not None))
            if len(inside) <= self._chart.buckets:
                return self._exact(inside)
        buckets = self._zoom.draw({index: points for index, points in enumerate(loaded) if points is not None})
        drawn = [buckets.last, buckets.min, buckets.max, buckets.mean]
        columns = [_listed(column) for column in (rounded(drawn) if is_rounded else drawn)]
        return self._series(int(buckets.count.sum()), False, self._x(buckets.high), *columns)

    def _inside(self, points: Points) -> Points:
        along = self._along(points)
        points = points[(along >= self._start) & (along <= self._end)]
        return points if self._chart.axis is Axis.STEP else points.by_time()

    def _exact(self, points: Points) -> SampledSeries:
        values = _listed(points.values)
        return self._series(len(points), True, self._x(self._along(points)), values, values, values, values)

    def _along(self, points: Points) -> Integers:
        return points.steps if self._chart.axis is Axis.STEP else points.timestamps

    def _x(self, along: Integers) -> list[float]:
        distances: list[float] = (along - np.int64(self._chart.origin(self._run))).astype(np.float64).tolist()
        return distances

    def _series(
        self,
        count: int,
        exact: bool,
        x: list[float],
        last: list[float | None],
        low: list[float | None],
        high: list[float | None],
        mean: list[float | None],
    ) -> SampledSeries:
        return SampledSeries(self._run.run_id, self._key, count, exact, x, last, low, high, mean)


def rounded(columns: Sequence[Reals]) -> list[Reals]:
    """Values as exact as a chart can show them, which makes an answer a third as long.

    Each keeps four digits of its own, and whatever is as large as 1/10,000 of what lies between the least and greatest.
    """
    every = np.concatenate([column[np.isfinite(column)] for column in columns])
    span = float(every.max() - every.min()) if len(every) else 0.0
    decimals = _OF_SPAN - math.floor(math.log10(span)) if 0 < span < math.inf else -math.inf
    return [_rounded(column, decimals) for column in columns]


def _rounded(values: Reals, decimals: float) -> Reals:
    with np.errstate(all="ignore"):  # zeros have no logarithm, and the smallest numbers no such power of ten
        own = _OF_VALUE - 1 - np.floor(np.log10(np.abs(values)))
        places = np.maximum(own, decimals)
        up, down = 10.0 ** np.maximum(places, 0), 10.0 ** np.maximum(-places, 0)  # whole, and so exact
        near = np.rint(values * up / down) / up * down
    return np.where(np.isfinite(near), near, values)


def _listed(values: Reals) -> list[float | None]:
    listed: list[float | None] = values.tolist()
    return [None if value != value else value for value in listed] if np.isnan(values).any() else listed
