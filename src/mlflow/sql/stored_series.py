"""Series as the tables hold them: segments, and summaries of those that have a single point."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.sql.series.outline import encode_outline
from mlflow.sql.series.points import Points
from mlflow.sql.series.segment import decode_segment, encode_segment
from mlflow.sql.series.summary import Summary
from mlflow.sql.tables import segments, summaries

__all__ = [
    "Extent",
    "SeriesId",
    "read_extents",
    "read_points",
    "read_summaries",
    "segment_row",
    "summary_row",
]

_MOST_KEYS = 5000  # in one condition; with more, all keys of the runs are read
_CHUNK = 256  # segments read by one statement, 8 MiB
_RUNS: sa.BindParameter[list[int]] = sa.bindparam("runs", expanding=True)
_KEYS: sa.BindParameter[list[int]] = sa.bindparam("keys", expanding=True)
_ORDINALS: sa.BindParameter[list[int]] = sa.bindparam("ordinals", expanding=True)


class SeriesId(NamedTuple):
    """Whose points: the number of a run and of a metric's key."""

    run: int
    key_id: int


class Extent(NamedTuple):
    """A segment but for its points; `point` is there when the series is one point alone and has no segment."""

    ordinal: int
    n: int
    min_step: int
    max_step: int
    min_timestamp: int
    max_timestamp: int
    point: Points | None = None


_EXTENTS = sa.select(segments.c.run, segments.c.key_id, *(segments.c[name] for name in Extent._fields[:-1]))
_EXTENTS = _EXTENTS.where(segments.c.run.in_(_RUNS)).order_by(segments.c.run, segments.c.key_id, segments.c.ordinal)
_DATA = (
    sa.select(segments.c.ordinal, segments.c.data)
    .where(
        segments.c.run == sa.bindparam("run"),
        segments.c.key_id == sa.bindparam("key"),
        segments.c.ordinal.in_(_ORDINALS),
    )
    .order_by(segments.c.ordinal)
)
_SUMMARIES = sa.select(summaries).where(summaries.c.run.in_(_RUNS)).order_by(summaries.c.run, summaries.c.key_id)
_COLUMNS = Summary.__struct_fields__
_MAYBE_NAN = ("latest_value", "first_value")


def read_summaries(
    connection: Connection, runs: Sequence[int], key_ids: Sequence[int] | None
) -> dict[SeriesId, Summary]:
    """The summaries of series by run and key; of all keys for None."""
    chosen, values = _with_keys(_SUMMARIES, summaries.c.key_id, runs, key_ids)
    return {SeriesId(row.run, row.key_id): _summary(row) for row in connection.execute(chosen, values)}


def read_extents(
    connection: Connection, runs: Sequence[int], key_ids: Sequence[int] | None
) -> dict[SeriesId, list[Extent]]:
    """Where the points of series are, in storage order; series that have none are left out."""
    found: dict[SeriesId, list[Extent]] = {}
    chosen, values = _with_keys(_EXTENTS, segments.c.key_id, runs, key_ids)
    for run, key, *extent in connection.execute(chosen, values):
        found.setdefault(SeriesId(run, key), []).append(Extent(*extent))
    chosen, values = _with_keys(_SUMMARIES.where(summaries.c.count == 1), summaries.c.key_id, runs, key_ids)
    for row in connection.execute(chosen, values):
        step, time = row.latest_step, row.latest_timestamp
        found[SeriesId(row.run, row.key_id)] = [Extent(0, 1, step, step, time, time, only_point(_summary(row)))]
    return found


def read_points(connection: Connection, series: SeriesId, extents: Iterable[Extent]) -> Iterator[Points]:
    """The points of a series' segments, one after the other, in storage order."""
    wanted = list(extents)
    if wanted and wanted[0].point is not None:
        yield wanted[0].point
        return
    for start in range(0, len(wanted), _CHUNK):
        ordinals = [extent.ordinal for extent in wanted[start : start + _CHUNK]]
        values = {"run": series.run, "key": series.key_id, "ordinals": ordinals}
        for _, data in connection.execute(_DATA, values):
            yield decode_segment(data)


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


def _summary(row: Row[Any]) -> Summary:
    columns = {name: getattr(row, name) for name in _COLUMNS}
    for name in _MAYBE_NAN:
        if columns[name] is None:
            columns[name] = math.nan
    return Summary(**columns)


def _with_keys(
    chosen: sa.Select[Any], column: sa.ColumnElement[int], runs: Sequence[int], key_ids: Sequence[int] | None
) -> tuple[sa.Select[Any], dict[str, Sequence[int]]]:
    if key_ids is None or len(key_ids) > _MOST_KEYS:
        return chosen, {"runs": runs}
    return chosen.where(column.in_(_KEYS)), {"runs": runs, "keys": key_ids}
