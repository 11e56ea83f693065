"""Filters of runs as conditions on the table `runs`.

Each clause on a metric, param or tag is an EXISTS of its own, so the attribute tables are never joined with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.search import Aggregate, And, Comparison, Field, Kind, Node, Not, Operator, Or
from mlflow.sql.comparisons import compare
from mlflow.sql.keys import Keys
from mlflow.sql.run_fields import ATTRIBUTES, KEY_KINDS, TABLES, is_there, may_lack, value_column
from mlflow.sql.tables import VALUE_HEAD, datasets, input_tags, inputs, runs

__all__ = ["Filters", "Start", "one_of"]

_CONTEXT_TAG = "mlflow.data.context"
_NEGATIVE = (Operator.NE, Operator.NOT_IN)
_RANGED = (Operator.EQ, Operator.IN, Operator.LT, Operator.LE, Operator.GT, Operator.GE)


class Start(NamedTuple):
    """Rows of a key, at most one a run, that an index finds for a clause.

    Attributes:
        table: where they are.
        condition: which ones.
        clause: what they are found for.
        exact: whether they are all that match and no others.
    """

    table: sa.FromClause
    condition: sa.ColumnElement[bool]
    clause: Comparison
    exact: bool


class Filters:
    """Translates filters for one connection."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys
        self._dialect = connection.dialect.name

    def condition(self, node: Node, run: sa.ColumnElement[int] = runs.c.id) -> sa.ColumnElement[bool]:
        """The condition that a row of `runs` matches, never NULL.

        Args:
            node: the filter.
            run: the run's number, of the table that is read first: many rows of `runs` need not be read then.
        """
        if isinstance(node, And):
            return sa.and_(*(self.condition(item, run) for item in node.items))
        if isinstance(node, Or):
            return sa.or_(*(self.condition(item, run) for item in node.items))
        if isinstance(node, Not):
            return sa.not_(self.condition(node.item, run))
        if node.field.kind is Kind.ATTRIBUTE:
            column = ATTRIBUTES[node.field.key]
            return compare(column, node, self._dialect, nullable=may_lack(node.field.key))
        return self._dataset(node, run) if node.field.kind is Kind.DATASET else self._keyed(node, run)

    def key_id(self, kind: Kind, key: str) -> int | None:
        """The number of a metric's, param's or tag's key; None when no run has it."""
        return self._keys.find(self._connection, KEY_KINDS[kind], [key]).get(key)

    def start(self, comparison: Comparison) -> Start | None:
        """Where to start from for a clause.

        None when no index helps: the clause may match runs without the key, or is about something else.
        """
        field, operator = comparison.field, comparison.operator
        if field.kind not in TABLES or operator in (*_NEGATIVE, Operator.IS_NULL):
            return None
        key = self.key_id(field.kind, field.key)
        if key is None:
            return None
        table = TABLES[field.kind].alias("start")
        mine = table.c.key_id == key
        exact = operator in _RANGED and _is_indexed(field)
        condition = sa.and_(mine, self._value(comparison, table)) if exact else mine
        return Start(table, condition, comparison, exact)

    def _keyed(self, comparison: Comparison, run: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        field, table = comparison.field, TABLES[comparison.field.kind]
        absent = comparison.operator is Operator.IS_NULL
        key = self.key_id(field.kind, field.key)
        if key is None:
            return sa.true() if absent else sa.false()
        rows = sa.select(table.c.run).where(table.c.run == run, table.c.key_id == key)
        if absent:
            return ~rows.where(is_there(field, table)).exists()
        return rows.where(self._value(comparison, table)).exists()

    def _value(self, comparison: Comparison, table: sa.FromClause) -> sa.ColumnElement[bool]:
        field, operator, value = comparison.field, comparison.operator, comparison.value
        column = value_column(field, table)
        if operator is Operator.IS_NOT_NULL:
            return is_there(field, table)
        condition = compare(column, comparison, self._dialect)
        if field.kind is Kind.METRIC and operator in _NEGATIVE:
            return sa.and_(is_there(field, table), sa.or_(condition, column.is_(None)))  # NaN differs from any number
        if operator in (Operator.EQ, Operator.IN) and not field.numeric:
            return _equal(table, value if isinstance(value, tuple) else (value,))
        return condition

    def _dataset(self, comparison: Comparison, run: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        uses = sa.select(inputs.c.run).where(inputs.c.run == run)
        if comparison.field.key == "context":
            uses = uses.join(input_tags, input_tags.c.input == inputs.c.id).where(input_tags.c.name == _CONTEXT_TAG)
            return uses.where(compare(input_tags.c.value, comparison, self._dialect)).exists()
        column = datasets.c[comparison.field.key]
        uses = uses.join(datasets, datasets.c.id == inputs.c.dataset)
        return uses.where(compare(column, comparison, self._dialect)).exists()


def _is_indexed(field: Field) -> bool:
    return field.kind is not Kind.METRIC or field.aggregate in (None, Aggregate.LAST)


def _equal(table: sa.FromClause, values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Equality by the index on heads; the whole value is looked at only where a head may not be all of it."""
    by_head = one_of(table.c.head, [value[:VALUE_HEAD] for value in values])
    short = all(len(value) < VALUE_HEAD for value in values)
    return by_head if short else sa.and_(by_head, one_of(table.c.value, values))


def one_of(column: sa.ColumnElement[Any], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """The condition that a column has one of the values; for a single one in the form that keeps an index's order."""
    return column == values[0] if len(values) == 1 else column.in_(values)
