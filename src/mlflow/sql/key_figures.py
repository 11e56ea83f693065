"""The keys that an experiment's runs have, and what is known of their values, without reading them all.

The indexes over (experiment, key, value) answer: from one key to the next, from one value to the next, and to both ends
of a key is one step each (loose index scan), about 5 µs. Only counting takes a step an entry, about 75 ns; so large
counts are kept, and estimated until they are there. MySQL and MariaDB take such steps in a query of their own only, so
there all figures are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.active_runs import active, any_deleted
from mlflow.sql.kept_figures import KeptFigures
from mlflow.sql.some_runs import SomeRuns
from mlflow.sql.tables import VALUE_HEAD, keys, runs, summaries
from mlflow.sql.values import as_number

__all__ = ["KeyFigures", "key_figures", "merged"]

_MOST_DISTINCT = 200
_LATEST = 5  # runs whose points are counted


class KeyFigures(NamedTuple):
    """What the active runs of an experiment have of one key.

    Attributes:
        name: of the key.
        runs: how many have it.
        numbers: whether all values are numbers.
        low: the smallest number.
        high: the greatest.
        heads: the first characters of each value, those of 201 where there are more than 200; of a metric none.
        points: the most that one of the latest runs has, of a metric.
    """

    name: str
    runs: int
    numbers: bool
    low: float | None
    high: float | None
    heads: frozenset[str] = frozenset()
    points: int | None = None

    @property
    def distinct(self) -> int | None:
        """How many different values there are, 201 for more than 200."""
        return min(len(self.heads), _MOST_DISTINCT + 1) or None


def merged(found: Iterable[KeyFigures]) -> list[KeyFigures]:
    """Figures of several experiments as one of each key."""
    by_name: dict[str, KeyFigures] = {}
    for one in found:
        other = by_name.get(one.name)
        by_name[one.name] = _sum(other, one) if other else one
    return list(by_name.values())


def _sum(one: KeyFigures, other: KeyFigures) -> KeyFigures:
    lows = [low for low in (one.low, other.low) if low is not None]
    highs = [high for high in (one.high, other.high) if high is not None]
    return KeyFigures(
        one.name,
        one.runs + other.runs,
        one.numbers and other.numbers,
        min(lows, default=None),
        max(highs, default=None),
        one.heads | other.heads,
        max(one.points or 0, other.points or 0) or None,
    )


def key_figures(
    connection: Connection, table: sa.Table, experiment_id: int, kept: KeptFigures, some: SomeRuns
) -> list[KeyFigures]:
    """The figures of each metric, param or tag that an active run of the experiment has.

    Args:
        connection: to read with.
        table: summaries, params or tags.
        experiment_id: the experiment.
        kept: figures of before.
        some: of the experiment's runs.
    """
    found = kept.of(connection, _KeyQuestion(table, experiment_id), some)
    figures = found.figures.figures
    if not found.is_current and not _is_stepwise(connection):
        figures = _Index(connection, table, experiment_id).figures(found.figures.counts, figures)
    return [one for one in figures if one.runs > 0]


class _Count(NamedTuple):
    """Entries of a key, and how many of them are numbers."""

    entries: int
    numbers: int


_NONE = _Count(0, 0)


class _Found(NamedTuple):
    counts: dict[int, _Count]
    figures: list[KeyFigures]


class _KeyQuestion(NamedTuple):
    """What runs have of each key; the answer counts entries of deleted runs apart."""

    table: sa.Table
    experiment_id: int

    @property
    def subject(self) -> str:
        return self.table.name

    @property
    def kind(self) -> type[_Found]:
        return _Found

    @property
    def of_metrics(self) -> bool:
        return self.table is summaries

    def find(self, connection: Connection) -> _Found:
        index = _Index(connection, self.table, self.experiment_id)
        counts = index.counts()
        return _Found(counts, index.figures(counts))

    def estimate(self, connection: Connection, some: SomeRuns, former: _Found | None) -> _Found:
        index = _Index(connection, self.table, self.experiment_id)
        counts = index.estimate(some) | (former.counts if former else {})
        return _Found(counts, index.figures(counts, former.figures if former else ()))

    def serves(self, connection: Connection, former: _Found) -> bool:
        return former.counts.keys() == set(_Index(connection, self.table, self.experiment_id).key_ids())


def _scaled(some: _Count | None, times: float, gone: _Count) -> _Count:
    """What all runs have where active ones have so many times as much; of a key that none of some has, one."""
    entries, numbers = (round(some.entries * times), round(some.numbers * times)) if some else (1, 0)
    return _Count(entries + gone.entries, numbers + gone.numbers)


class _Index:
    """The entries of one experiment in the indexes of a table."""

    def __init__(self, connection: Connection, table: sa.Table, experiment_id: int) -> None:
        self._connection = connection
        self._table = table
        self._experiment_id = experiment_id
        self._here = table.c.experiment_id == experiment_id
        self._stepwise = _is_stepwise(connection)

    @cached_property
    def _any_deleted(self) -> bool:
        return any_deleted(self._connection, [self._experiment_id])

    @cached_property
    def _active(self) -> list[sa.ColumnElement[bool]]:
        return [self._here, *([active(self._table)] if self._any_deleted else [])]

    def key_ids(self) -> Iterator[int]:
        """The keys of any run, deleted ones too, by a step from each to the next."""
        key_id = self._table.c.key_id
        if self._stepwise:
            step = sa.select(sa.func.min(key_id)).where(self._here, key_id > sa.bindparam("last"))
            last = 0
            while last := self._connection.scalar(step, {"last": last}) or 0:
                yield last
            return
        found = sa.select(_least(key_id, self._here)).cte("found", recursive=True)
        following = sa.select(_least(key_id, self._here, key_id > found.c.key_id))
        found = found.union_all(following.where(found.c.key_id.is_not(None)))
        yield from self._connection.scalars(sa.select(found.c.key_id).where(found.c.key_id.is_not(None)))

    def counts(self) -> dict[int, _Count]:
        """Entries of each key, those of deleted runs too; from two indexes, without the rows."""
        by_key = sa.select(self._table.c.key_id, sa.func.count()).where(self._here).group_by(self._table.c.key_id)
        entries = {row[0]: row[1] for row in self._connection.execute(by_key)}
        if self._table is summaries:
            return {key_id: _Count(count, count) for key_id, count in entries.items()}
        of_numbers = by_key.where(self._table.c.number.is_not(None))
        numbers = {row[0]: row[1] for row in self._connection.execute(of_numbers)}
        return {key_id: _Count(count, numbers.get(key_id, 0)) for key_id, count in entries.items()}

    def estimate(self, some: SomeRuns) -> dict[int, _Count]:
        """About as many entries of each key as `counts` tells, from those of some runs."""
        gone = self._counts_of_deleted() if self._any_deleted else {}
        found = self._counts_of(self._table.c.run.in_(some.numbers))
        return {key_id: _scaled(found.get(key_id), some.times, gone.get(key_id, _NONE)) for key_id in self.key_ids()}

    def figures(self, counts: Mapping[int, _Count], former: Iterable[KeyFigures] = ()) -> list[KeyFigures]:
        """What active runs have, where those are the entries of all runs; 201 values of before are not found again."""
        if not counts:
            return []
        number = self._table.c.latest_value if self._table is summaries else self._table.c.number
        own = (*self._active, self._table.c.key_id == keys.c.id, number.is_not(None))
        low = sa.select(number).where(*own).order_by(number).limit(1).scalar_subquery()
        high = sa.select(number).where(*own).order_by(number.desc()).limit(1).scalar_subquery()
        ends: sa.Select[Any] = sa.select(keys.c.id, keys.c.name, low.label("low"), high.label("high"))
        rows = self._connection.execute(ends.where(keys.c.id.in_(counts))).all()
        many = {one.name: one.heads for one in former if len(one.heads) > _MOST_DISTINCT}
        heads = {row.id: many[row.name] for row in rows if row.name in many}
        if self._table is not summaries:
            heads |= self._heads([row.id for row in rows if row.name not in many])
        points = self._points() if self._table is summaries else {}
        gone = self._counts_of_deleted() if self._any_deleted else {}
        return [
            _figures(row, heads.get(row.id), counts.get(row.id, _NONE), gone.get(row.id, _NONE), points.get(row.id))
            for row in rows
        ]

    def _points(self) -> dict[int, int]:
        latest = sa.select(runs.c.id).where(runs.c.experiment_id == self._experiment_id, runs.c.deleted == 0)
        latest = latest.order_by(runs.c.start_time.desc()).limit(_LATEST)
        some = summaries.c.run.in_(list(self._connection.scalars(latest)))
        most = sa.select(summaries.c.key_id, sa.func.max(summaries.c.count)).where(some).group_by(summaries.c.key_id)
        return {row[0]: row[1] for row in self._connection.execute(most)}

    def _counts_of_deleted(self) -> dict[int, _Count]:
        deleted = sa.select(runs.c.id).where(runs.c.experiment_id == self._experiment_id, runs.c.deleted == 1)
        return self._counts_of(self._table.c.run.in_(deleted))

    def _counts_of(self, these: sa.ColumnElement[bool]) -> dict[int, _Count]:
        """Entries of each key that some runs have."""
        number = self._table.c.run if self._table is summaries else self._table.c.number
        by_key = sa.select(self._table.c.key_id, sa.func.count(), sa.func.count(number)).where(these)
        rows = self._connection.execute(by_key.group_by(self._table.c.key_id))
        return {row[0]: _Count(row[1], row[2]) for row in rows}

    def _heads(self, key_ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
        """The first characters of the different values of each key."""
        key_id, head = self._table.c.key_id, self._table.c.head
        if self._stepwise:
            some = sa.select(head).where(*self._active, key_id == sa.bindparam("key")).distinct()
            some = some.limit(_MOST_DISTINCT + 1)
            return {key: frozenset(self._connection.scalars(some, {"key": key})) for key in key_ids}
        first = sa.select(keys.c.id, _least(head, *self._active, key_id == keys.c.id), sa.literal(0).label("place"))
        found = first.where(keys.c.id.in_(key_ids)).cte("found", recursive=True)
        beyond = (key_id == found.c.id, head > found.c.head)
        following = sa.select(found.c.id, _least(head, *self._active, *beyond), found.c.place + 1)
        found = found.union_all(following.where(found.c.head.is_not(None), found.c.place < _MOST_DISTINCT))
        heads = defaultdict[int, set[str]](set)
        for key, one in self._connection.execute(sa.select(found.c.id, found.c.head).where(found.c.head.is_not(None))):
            heads[key].add(one)
        return {key: frozenset(heads[key]) for key in key_ids}


def _is_stepwise(connection: Connection) -> bool:
    """Whether each step along an index needs a query of its own."""
    return connection.dialect.name in {"mysql", "mariadb"}


def _least(column: sa.Column[Any], *conditions: sa.ColumnElement[bool]) -> sa.Label[Any]:
    return sa.select(column).where(*conditions).order_by(column).limit(1).scalar_subquery().label(column.name)


def _figures(
    row: sa.Row[Any], heads: frozenset[str] | None, total: _Count, gone: _Count, points: int | None
) -> KeyFigures:
    entries, numbers = total.entries - gone.entries, total.numbers - gone.numbers
    if heads is None:
        return KeyFigures(row.name, entries, True, row.low, row.high, points=points)
    told = len(heads) <= _MOST_DISTINCT and all(len(head) < VALUE_HEAD for head in heads)
    numeric = all(as_number(head) is not None for head in heads) if told else numbers == entries
    return KeyFigures(row.name, entries, numeric, row.low, row.high, heads)
