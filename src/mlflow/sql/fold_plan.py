"""What folding some blocks will change, worked out from what is stored without holding a lock.

A plan counts only while its runs' versions are what it saw: whoever changes segments or summaries raises them. New
points that all follow a series' greatest (step, timestamp) are joined to its last segment, and the others are not read;
any others are compared with the segments they may lie in, so that a point that was there already counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy import Connection, Row

from mlflow._numpy import np
from mlflow.sql.overlaps import merge_overlap
from mlflow.sql.series.block import decode_block
from mlflow.sql.series.merge import split, union
from mlflow.sql.series.points import Batch, Points
from mlflow.sql.series.segment import SEALED, decode_segment
from mlflow.sql.series.summary import Summary, summaries_by_key
from mlflow.sql.stored_series import SeriesId, lone_rows, only_point, read_summaries, segment_row, summary_row
from mlflow.sql.tables import blocks, runs, segments

__all__ = ["Plan", "make_plan"]

_MOST_POINTS = 1 << 17
_MOST_BLOCKS = 2000
_ROWS_AT_ONCE = 5000
_NUMBERS: sa.BindParameter[list[int]] = sa.bindparam("numbers", expanding=True)
_KEYS: sa.BindParameter[list[int]] = sa.bindparam("keys", expanding=True)
_VERSIONS = sa.select(runs.c.id, runs.c.version, runs.c.experiment_id).where(runs.c.id.in_(_NUMBERS))
_BLOCKS = (
    sa.select(blocks.c.id, blocks.c.run, blocks.c.n, blocks.c.data)
    .where(blocks.c.run.in_(_NUMBERS), blocks.c.id <= sa.bindparam("last"))
    .order_by(blocks.c.run, blocks.c.id)
    .limit(_MOST_BLOCKS)
)
_ENDS = (
    sa.select(segments.c.run, segments.c.key_id, sa.func.max(segments.c.ordinal).label("ordinal"))
    .where(segments.c.run.in_(_NUMBERS), segments.c.key_id.in_(_KEYS))
    .group_by(segments.c.run, segments.c.key_id)
    .subquery()
)
_TAILS = sa.select(
    segments.c.run,
    segments.c.key_id,
    segments.c.ordinal,
    sa.case((segments.c.n < SEALED, segments.c.data)).label("data"),
).join(
    _ENDS,
    sa.and_(*(segments.c[name] == _ENDS.c[name] for name in ("run", "key_id", "ordinal"))),
)


class Beginnings(NamedTuple):
    """Points of a run that begin a series each, and are all it has."""

    run: int
    experiment_id: int
    batch: Batch

    def rows(self) -> Iterator[list[dict[str, Any]]]:
        """The rows of their summaries, some at a time: they take a hundred times the room of the points."""
        keys, points = self.batch.keys, self.batch.points
        for start in range(0, len(keys), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            yield list(lone_rows(self.run, self.experiment_id, Batch(keys[part], points[part])))


class Plan(Struct, frozen=True):
    """What to write.

    Attributes:
        versions: of the runs, as they were seen.
        blocks: the numbers of those that will be in the segments.
        segments: rows to insert or overwrite.
        summaries: rows to insert or overwrite.
        alone: points whose summaries are to be inserted.
    """

    versions: dict[int, int]
    blocks: list[int]
    segments: list[dict[str, Any]]
    summaries: list[dict[str, Any]]
    alone: list[Beginnings]


def make_plan(connection: Connection, numbers: Sequence[int], last: int) -> Plan | None:
    """Plan the folding of the oldest blocks of some runs.

    Args:
        connection: in a transaction.
        numbers: of the runs, few enough for one condition.
        last: blocks with a greater number are left alone.

    Returns:
        A plan for some blocks, not always all; None when there are none.
    """
    # versions first: what is read afterwards may be newer, and then the plan does not count
    found = {row.id: row for row in connection.execute(_VERSIONS, {"numbers": numbers})}
    rows = _oldest(connection.execute(_BLOCKS, {"numbers": list(found), "last": last}))
    if not rows:
        return None
    folding = _Folding(connection, dict(_by_run(rows)))
    changed = [
        summary_row(series, found[series.run].experiment_id, summary) for series, summary in folding.summaries.items()
    ]
    alone = [Beginnings(run, found[run].experiment_id, batch) for run, batch in folding.alone.items()]
    versions = {number: found[number].version for number in sorted({row.run for row in rows})}
    return Plan(versions, [row.id for row in rows], folding.segments, changed, alone)


def _oldest(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """The first rows, up to the number of points that one plan folds."""
    chosen: list[Row[Any]] = []
    points = 0
    for row in rows:
        points += row.n
        if chosen and points > _MOST_POINTS:
            break
        chosen.append(row)
    return chosen


def _by_run(rows: Sequence[Row[Any]]) -> Iterator[tuple[int, Batch]]:
    """The points of blocks, which are ordered by run, of each run."""
    for run, own in groupby(rows, key=lambda row: int(row.run)):
        yield run, Batch.joined([decode_block(row.data) for row in own])


class _Folding:
    """New points brought together with what is stored of their series.

    Attributes:
        segments: rows that change.
        summaries: of the series that change, but for those in `alone`.
        alone: of each run the points that begin a series, and are all it has.
    """

    def __init__(self, connection: Connection, arrived: Mapping[int, Batch]) -> None:
        self.segments: list[dict[str, Any]] = []
        self.alone: dict[int, Batch] = {}
        self._connection = connection
        numbers = sorted(arrived)
        keys: list[int] = np.unique(np.concatenate([batch.keys for batch in arrived.values()])).tolist()
        self._stored = read_summaries(connection, numbers, keys)
        several = any(summary.count > 1 for summary in self._stored.values())
        self._tails = _read_tails(connection, numbers, keys) if several else {}
        fresh = [(series, self._fold(series, points)) for series, points in self._set_alone_apart(arrived)]
        self.summaries = {
            series: self._stored[series].merge(summary) if series in self._stored else summary
            for series, summary in _summed([(series, points) for series, points in fresh if len(points)])
        }

    def _set_alone_apart(self, arrived: Mapping[int, Batch]) -> Iterator[tuple[SeriesId, Points]]:
        """Note the points that are alone, thousands of them at once, and answer the distinct others by series."""
        stored: dict[int, list[int]] = {}
        for series in self._stored:
            stored.setdefault(series.run, []).append(series.key_id)
        for run, batch in arrived.items():
            keys, starts, points = batch.grouped()
            ends = np.append(starts[1:], len(points))
            alone = (ends - starts == 1) & ~np.isin(keys, stored.get(run, ()))
            if alone.any():
                self.alone[run] = Batch(keys[alone], points[starts[alone]])
            for key, start, end in zip(keys[~alone].tolist(), starts[~alone], ends[~alone], strict=True):
                yield SeriesId(run, key), points[start:end].distinct()

    def _fold(self, series: SeriesId, new: Points) -> Points:
        """Write a series' segments anew where they change, and answer the points that it did not have."""
        stored = self._stored.get(series)
        if stored is None:
            if len(new) > 1:  # of several that were equal one is left, and a point alone is its summary
                self._add(series, 0, new)
            return new
        if (int(new.steps[0]), int(new.timestamps[0])) > (stored.latest_step, stored.latest_timestamp):
            ordinal, tail = self._tail(series, stored)
            self._add(series, ordinal, Points.joined((tail, new)))
            return new
        if stored.count > 1:
            rows, fresh = merge_overlap(self._connection, series, new)
            self.segments += rows
            return fresh
        merged, fresh = union(only_point(stored), new)
        if len(fresh):
            self._add(series, 0, merged)
        return fresh

    def _tail(self, series: SeriesId, stored: Summary) -> tuple[int, Points]:
        """Where new points go on: an ordinal, and the points that are in that segment already."""
        if stored.count == 1:
            return 0, only_point(stored)
        row = self._tails[series]
        return (row.ordinal + 1, Points.joined(())) if row.data is None else (row.ordinal, decode_segment(row.data))

    def _add(self, series: SeriesId, ordinal: int, points: Points) -> None:
        self.segments += [segment_row(series, at, piece) for at, piece in enumerate(split(points), ordinal)]


def _read_tails(connection: Connection, numbers: list[int], keys: list[int]) -> dict[SeriesId, Row[Any]]:
    rows: Iterable[Row[Any]] = connection.execute(_TAILS, {"numbers": numbers, "keys": keys})
    return {SeriesId(row.run, row.key_id): row for row in rows}


def _summed(fresh: Sequence[tuple[SeriesId, Points]]) -> Iterator[tuple[SeriesId, Summary]]:
    """The summary of each series' points, all worked out at once."""
    codes = np.repeat(np.arange(len(fresh), dtype=np.int32), [len(points) for _, points in fresh])
    summed = summaries_by_key(Batch(codes, Points.joined(points for _, points in fresh)))
    return ((fresh[code][0], summary) for code, summary in summed.items())
