"""The order of runs: one or several queries whose results follow each other.

Runs that lack the first sort key come last, and a metric's NaN before them. An index can give each of these three
groups in order, but not all at once; so each group is a phase with a query of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from mlflow.contract.search import Kind, OrderBy
from mlflow.sql.keyset import Sort
from mlflow.sql.run_fields import ATTRIBUTES, TABLES, is_there, may_lack, value_column
from mlflow.sql.run_filters import Filters, Start, one_of
from mlflow.sql.tables import runs

__all__ = ["Phase", "phases"]

_TIES = (Sort(runs.c.start_time, descending=True), Sort(runs.c.run_id))


class Phase(NamedTuple):
    """One group of the result.

    Attributes:
        source: `runs`, perhaps joined with what it is ordered by.
        conditions: which runs are in the group.
        sorts: the order within, down to the run id, which tells all runs apart.
        experiment_id: the column by which an index finds the group.
    """

    source: sa.FromClause
    conditions: tuple[sa.ColumnElement[bool], ...]
    sorts: tuple[Sort, ...]
    experiment_id: sa.ColumnElement[int] = runs.c.experiment_id

    def started_from(self, starts: Sequence[Start], experiment_ids: Sequence[int]) -> Phase:
        """The same group, found from rows of keys that its runs must have."""
        first = starts[0].table.c
        sets = [
            first.run.in_(
                sa.select(start.table.c.run).where(one_of(start.table.c.experiment_id, experiment_ids), start.condition)
            )
            for start in starts[1:]
        ]
        return self._replace(
            source=self.source.join(starts[0].table, first.run == runs.c.id),
            conditions=(*self.conditions, starts[0].condition, *sets),
            experiment_id=first.experiment_id,
        )


def phases(order: Sequence[OrderBy], filters: Filters) -> list[Phase]:
    """The groups of a result in their order; keys that no run has are left out."""
    known = [key for key in order if key.field.kind is Kind.ATTRIBUTE or filters.key_id(key.field.kind, key.field.key)]
    rest, joins = _later_keys(known[1:] if known else [], filters)
    if not known or known[0].field.kind is Kind.ATTRIBUTE:
        first = [_attribute(known[0])] if known else []
        return [Phase(_joined(runs, joins), (), _until_unique([*first, *rest]))]
    return list(_phases_of_key(known[0], rest, joins, filters))


def _phases_of_key(key: OrderBy, rest: Sequence[Sort], joins: Sequence[_Join], filters: Filters) -> Iterator[Phase]:
    field = key.field
    table = TABLES[field.kind].alias("first_key")
    mine = table.c.key_id == filters.key_id(field.kind, field.key)
    source = _joined(table.join(runs, runs.c.id == table.c.run), joins)
    column = value_column(field, table)
    by_value = [Sort(column, key.descending)]
    if field.kind is not Kind.METRIC and not field.numeric:
        by_value.insert(0, Sort(table.c.head, key.descending))
    yield Phase(source, (mine, column.is_not(None)), _until_unique([*by_value, *rest]), table.c.experiment_id)
    if field.kind is Kind.METRIC:
        yield Phase(
            source, (mine, column.is_(None), is_there(field, table)), _until_unique(rest), table.c.experiment_id
        )
    there = sa.select(table.c.run).where(table.c.run == runs.c.id, mine, is_there(field, table))
    yield Phase(_joined(runs, joins), (~there.exists(),), _until_unique(rest))


class _Join(NamedTuple):
    table: sa.FromClause
    on: sa.ColumnElement[bool]


def _later_keys(order: Sequence[OrderBy], filters: Filters) -> tuple[list[Sort], list[_Join]]:
    """Sort keys after the first: each keyed one looks its value up, one row a run."""
    sorts: list[Sort] = []
    joins: list[_Join] = []
    for number, key in enumerate(order):
        if key.field.kind is Kind.ATTRIBUTE:
            sorts.append(_attribute(key))
            continue
        table = TABLES[key.field.kind].alias(f"later_key_{number}")
        mine = table.c.key_id == filters.key_id(key.field.kind, key.field.key)
        joins.append(_Join(table, (table.c.run == runs.c.id) & mine))
        column = value_column(key.field, table)
        if key.field.kind is Kind.METRIC:
            sorts.append(Sort(sa.case((table.c.run.is_(None), 2), (column.is_(None), 1), else_=0)))
        sorts.append(Sort(column, key.descending, nullable=True))
    return sorts, joins


def _joined(source: sa.FromClause, joins: Sequence[_Join]) -> sa.FromClause:
    for join in joins:
        source = source.outerjoin(join.table, join.on)
    return source


def _attribute(key: OrderBy) -> Sort:
    column = ATTRIBUTES[key.field.key]
    return Sort(column, key.descending, nullable=may_lack(key.field.key))


def _until_unique(sorts: Sequence[Sort]) -> tuple[Sort, ...]:
    """Sort keys and tie-breakers, ending with the run's id, after which no other matters."""
    named: list[Sort] = []
    for sort in (*sorts, *_TIES):
        if all(sort.column is not earlier.column for earlier in named):
            named.append(sort)
    ids = [index for index, sort in enumerate(named) if sort.column is runs.c.run_id]
    return tuple(named[: ids[0] + 1])
