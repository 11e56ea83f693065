"""Series as the tables hold them: segments, and summaries of those that have a single point."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.sql.series.outline import encode_outline
from mlflow.sql.series.points import Batch, Points
from mlflow.sql.series.segment import decode_segment, encode_segment
from mlflow.sql.series.summary import Summary
from mlflow.sql.tables import segments, summaries

__all__ = [
    "Extent",
    "SeriesId",
    "each_segment",
    "lone_rows",
    "only_point",
    "read_extents",
    "read_outlines",
    "read_points",
    "read_summaries",
    "segment_row",
    "summary_row",
]

_MOST_KEYS = 5000  # in one condition; with more, all keys of the runs are read
_CHUNK = 256  # segments read by one statement, 8 MiB
_RUNS: sa.BindParameter[list[int]] = sa.bindparam("runs", expanding=True)
_KEYS: sa.BindParameter[list[int]] = sa.bindparam("keys", expanding=True)


Place = tuple[int, ...]


class SeriesId(NamedTuple):
    """Whose points: the number of a run and of a metric's key."""

    run: int
    key_id: int


class Extent(NamedTuple):
    """A segment but for its points; `point` is there when the series is one point alone and has no segment."""

    series: SeriesId
    ordinal: int
    n: int
    min_step: int
    max_step: int
    min_timestamp: int
    max_timestamp: int
    point: Points | None = None


_EXTENTS = (
    sa.select(
        segments.c.run,
        segments.c.key_id,
        segments.c.ordinal,
        segments.c.n,
        segments.c.min_step,
        segments.c.max_step,
        segments.c.min_timestamp,
        segments.c.max_timestamp,
    )
    .where(segments.c.run.in_(_RUNS))
    .order_by(segments.c.run, segments.c.key_id, segments.c.ordinal)
)
_PLACE = sa.tuple_(segments.c.run, segments.c.key_id, segments.c.ordinal)
_IN_PLACES = _PLACE.in_(sa.bindparam("places", expanding=True))
_DATA, _OUTLINES = (
    sa.select(segments.c.run, segments.c.key_id, segments.c.ordinal, column).where(_IN_PLACES)
    for column in (segments.c.data, segments.c.outline)
)
_SUMMARIES = sa.select(summaries).where(summaries.c.run.in_(_RUNS)).order_by(summaries.c.run, summaries.c.key_id)
_COLUMNS = Summary.__struct_fields__
_MAYBE_NAN = ("latest_value", "first_value")


def read_summaries(
    connection: Connection, runs: Sequence[int], key_ids: Sequence[int] | None
) -> dict[SeriesId, Summary]:
    """The summaries of series; of all keys for None."""
    chosen, values = _with_keys(_SUMMARIES, summaries.c.key_id, runs, key_ids)
    return {SeriesId(row.run, row.key_id): _summary(row) for row in connection.execute(chosen, values)}


def read_extents(
    connection: Connection, runs: Sequence[int], key_ids: Sequence[int] | None
) -> dict[SeriesId, list[Extent]]:
    """Where the points of series are, in storage order; series that have none are left out."""
    found: dict[SeriesId, list[Extent]] = {}
    chosen, values = _with_keys(_EXTENTS, segments.c.key_id, runs, key_ids)
    for run, key, *extent in connection.execute(chosen, values):
        series = SeriesId(run, key)
        found.setdefault(series, []).append(Extent(series, *extent))
    chosen, values = _with_keys(_SUMMARIES.where(summaries.c.count == 1), summaries.c.key_id, runs, key_ids)
    for row in connection.execute(chosen, values):
        series, step, time = SeriesId(row.run, row.key_id), row.latest_step, row.latest_timestamp
        found[series] = [Extent(series, 0, 1, step, step, time, time, only_point(_summary(row)))]
    return found


def each_segment(connection: Connection, extents: Sequence[Extent]) -> Iterator[tuple[int, Points]]:
    """The index and the points of each segment, in any order, one at a time, for those who keep few of many."""
    places = {_place(extent): index for index, extent in enumerate(extents) if extent.point is None}
    for *place, data in _read(connection, _DATA, list(places)):
        yield places[tuple(place)], decode_segment(data)
    yield from ((index, extent.point) for index, extent in enumerate(extents) if extent.point is not None)


def read_points(connection: Connection, extents: Sequence[Extent]) -> list[Points]:
    """The points of each segment, in storage order."""
    found = dict(each_segment(connection, extents))
    return [found[index] for index in range(len(extents))]


def read_outlines(connection: Connection, extents: Sequence[Extent]) -> list[bytes]:
    """The outline of each segment; b"" where it has none."""
    places = [_place(extent) for extent in extents]
    outlines = {tuple(place): outline for *place, outline in _read(connection, _OUTLINES, places)}
    return [outlines.get(place, b"") for place in places]


def only_point(summary: Summary) -> Points:
    """The point of a series that has one."""
    return Points.of([summary.latest_step], [summary.latest_timestamp], [summary.latest_value])


def segment_row(series: SeriesId, ordinal: int, points: Points) -> dict[str, Any]:
    """The row of a segment of points in storage order."""
    return {
        "run": series.run,
        "key_id": series.key_id,
        "ordinal": ordinal,
        "n": len(points),
        "min_step": int(points.steps[0]),
        "max_step": int(points.steps[-1]),
        "min_timestamp": int(points.timestamps.min()),
        "max_timestamp": int(points.timestamps.max()),
        "outline": encode_outline(points),
        "data": encode_segment(points),
    }


def summary_row(series: SeriesId, experiment_id: int, summary: Summary) -> dict[str, Any]:
    """The row of a summary."""
    row = msgspec.structs.asdict(summary)
    for name in _MAYBE_NAN:
        if math.isnan(row[name]):
            row[name] = None
    return row | {"run": series.run, "key_id": series.key_id, "experiment_id": experiment_id}


def lone_rows(run: int, experiment_id: int, batch: Batch) -> Iterator[dict[str, Any]]:
    """The rows of the summaries of a run's series that have one point each."""
    columns = batch.keys.tolist(), batch.points.steps.tolist(), batch.points.timestamps.tolist()
    for key, step, time, value in zip(*columns, batch.points.values.tolist(), strict=True):
        missing = math.isnan(value)
        known = None if missing else value
        known_step = None if missing else step
        yield {
            "count": 1,
            "nan_count": int(missing),
            "latest_value": known,
            "latest_step": step,
            "latest_timestamp": time,
            "first_value": known,
            "first_step": step,
            "first_timestamp": time,
            "min_value": known,
            "min_step": known_step,
            "max_value": known,
            "max_step": known_step,
            "mean": known,
            "mean_residue": 0.0,
            "last_timestamp": time,
            "run": run,
            "key_id": key,
            "experiment_id": experiment_id,
        }


def _summary(row: Row[Any]) -> Summary:
    columns = {name: getattr(row, name) for name in _COLUMNS}
    for name in _MAYBE_NAN:
        if columns[name] is None:
            columns[name] = math.nan
    return Summary(**columns)


def _place(extent: Extent) -> Place:
    """The key of a segment's row."""
    return (*extent.series, extent.ordinal)


def _read(connection: Connection, chosen: sa.Select[Any], places: Sequence[Place]) -> Iterator[Any]:
    for start in range(0, len(places), _CHUNK):
        yield from connection.execute(chosen, {"places": places[start : start + _CHUNK]})


def _with_keys(
    chosen: sa.Select[Any], column: sa.ColumnElement[int], runs: Sequence[int], key_ids: Sequence[int] | None
) -> tuple[sa.Select[Any], dict[str, Sequence[int]]]:
    if key_ids is None or len(key_ids) > _MOST_KEYS:
        return chosen, {"runs": runs}
    return chosen.where(column.in_(_KEYS)), {"runs": runs, "keys": key_ids}
