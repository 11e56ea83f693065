"""Charts of series over another metric: a point's place is what that metric was last at or before the point's step.

So metrics that are logged together are paired, and one that is logged seldom, an epoch or a count of tokens, holds
until it is logged again. Points before its first number have no place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from mlflow._numpy import np, npt
from mlflow.contract.metrics import SampledSeries
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.chart_range import ChartRange
from mlflow.sql.keys import Keys
from mlflow.sql.run_rows import RunRow
from mlflow.sql.series.groups import Groups
from mlflow.sql.series.points import Points, Reals
from mlflow.sql.stored_series import Extent, SeriesId, read_extents, read_points

__all__ = ["joined", "read_over"]

_MOST_POINTS = 20_000_000
"""In one request: outlines say nothing of which values belong together, so all points are read."""
_AT_ONCE = 1_000_000  # points in memory


def read_over(
    connection: Connection, keys: Keys, runs: Sequence[RunRow], names: Sequence[str], chart: ChartRange
) -> list[SampledSeries]:
    """The chart of each series that has points in the range, run by run, in the order of the names.

    Raises:
        InvalidParameterValue: these are too many points.
    """
    axis = chart.metric or ""
    numbers = keys.find(connection, "metric", [axis, *names])
    found = read_extents(connection, [run.id for run in runs], list(numbers.values()))
    if (total := sum(extent.n for extents in found.values() for extent in extents)) > _MOST_POINTS:
        raise InvalidParameterValue(
            f"These series have {total} points; over another metric {_MOST_POINTS} are drawn at most. Show fewer runs."
        )
    by_run = {run.id: run.run_id for run in runs}
    drawn: list[SampledSeries] = []
    for part in _parts(found, list(by_run)):
        extents = [extent for series in part for extent in found[series]]
        points = dict(zip(extents, read_points(connection, extents), strict=True))
        whole = {series: Points.joined(points[extent] for extent in found[series]) for series in part}
        for run in dict.fromkeys(series.run for series in part):
            for name in dict.fromkeys(names):
                along = whole.get(SeriesId(run, numbers.get(axis, 0)))
                values = whole.get(SeriesId(run, numbers.get(name, 0)))
                if along is not None and values is not None:
                    drawn.append(joined(by_run[run], name, values, along, chart))
    return [series for series in drawn if series.count]


def _parts(found: Mapping[SeriesId, Sequence[Extent]], runs: Sequence[int]) -> Iterator[list[SeriesId]]:
    """Series of whole runs, in the order of the runs, so many that their points fit into memory."""
    of_run: dict[int, list[SeriesId]] = {}
    for series in found:
        of_run.setdefault(series.run, []).append(series)
    part: list[SeriesId] = []
    size = 0
    for run in runs:
        more = of_run.get(run, [])
        points = sum(extent.n for series in more for extent in found[series])
        if part and size + points > _AT_ONCE:
            yield part
            part, size = [], 0
        part = [*part, *more]
        size += points
    if part:
        yield part


def joined(run_id: str, key: str, points: Points, along: Points, chart: ChartRange) -> SampledSeries:
    """The chart of one series over another one; both are in storage order."""
    along = along[~np.isnan(along.values)]
    before = np.searchsorted(along.steps, points.steps, "right") - 1
    placed, x = points[before >= 0], along.values[before[before >= 0]]
    order = np.argsort(x, kind="stable")
    placed, x = placed[order], x[order]
    low = 0 if chart.start is None else int(np.searchsorted(x, chart.start))
    high = len(x) if chart.end is None else int(np.searchsorted(x, chart.end, "right"))
    placed, x = placed[low:high], x[low:high]
    exact = len(x) <= chart.buckets and bool((x[1:] > x[:-1]).all())
    if exact:
        values = _listed(placed.values)
        return SampledSeries(run_id, key, len(x), True, x.tolist(), values, values, values, values)
    start, end = x[0] if chart.start is None else chart.start, x[-1] if chart.end is None else chart.end
    bucket = _bucket(x, float(start), float(end), chart.buckets)
    starts = np.flatnonzero(np.diff(bucket, prepend=-1))
    groups = Groups(starts, placed)
    columns = [_listed(column) for column in (groups.last(), groups.least(), groups.greatest(), groups.mean())]
    return SampledSeries(run_id, key, len(x), False, np.maximum.reduceat(x, starts).tolist(), *columns)


def _bucket(x: Reals, start: float, end: float, count: int) -> npt.NDArray[np.int64]:
    """Which of the equal intervals each place is in; halves keep the greatest doubles from overflowing."""
    span = (end / 2 - start / 2) or 1.0
    return np.clip(np.floor((x / 2 - start / 2) / span * count), 0, count - 1).astype(np.int64)


def _listed(values: Reals) -> list[float | None]:
    listed: list[float | None] = values.tolist()
    return [None if value != value else value for value in listed]
