"""Filters of registered models and versions as conditions in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from mlflow.contract.search import And, Comparison, Kind, Node, Not, Operator, Or
from mlflow.sql.comparisons import compare
from mlflow.sql.tables import VALUE_HEAD

__all__ = ["Entity"]


class Entity:
    """What can be filtered: its number, its attributes, and the table of its tags.

    Args:
        number: the column that identifies a row.
        columns: attribute -> column.
        tags: the table of tags.
        owner: the column of that table which names the row.
        heads: attribute -> the column of its first characters, which has an index where the whole has none.
    """

    def __init__(
        self,
        number: sa.ColumnElement[int],
        columns: Mapping[str, sa.ColumnElement[Any]],
        tags: sa.Table,
        owner: sa.ColumnElement[int],
        heads: Mapping[str, sa.ColumnElement[str]] | None = None,
    ) -> None:
        self._number, self._columns, self._tags, self._owner = number, columns, tags, owner
        self._heads = heads or {}

    def condition(self, node: Node, dialect: str) -> sa.ColumnElement[bool]:
        """The condition that a row matches a filter's tree."""
        if isinstance(node, And):
            return sa.and_(*(self.condition(item, dialect) for item in node.items))
        if isinstance(node, Or):
            return sa.or_(*(self.condition(item, dialect) for item in node.items))
        if isinstance(node, Not):
            return sa.not_(self.condition(node.item, dialect))
        if node.field.kind is Kind.TAG:
            return self._tagged(node, dialect)
        column = self._columns[node.field.key]
        if node.operator in (Operator.IS_NULL, Operator.IS_NOT_NULL):
            column = sa.func.nullif(column, "")
        matches = compare(column, node, dialect, nullable=bool(getattr(column, "nullable", True)))
        if node.field.key not in self._heads or node.operator not in (Operator.EQ, Operator.IN):
            return matches
        head = self._heads[node.field.key]
        length = getattr(head.type, "length", None)
        return sa.and_(head.in_([value[:length] for value in _texts(node)]), matches)

    def tagged(self, key: str, value: str) -> sa.ColumnElement[bool]:
        """The condition that a row has this tag."""
        rows = sa.select(self._owner).where(self._tags.c.name == key, self._equal((value,)))
        return self._number.in_(rows)

    def _tagged(self, comparison: Comparison, dialect: str) -> sa.ColumnElement[bool]:
        rows = sa.select(self._owner).where(self._tags.c.name == comparison.field.key)
        if comparison.operator is Operator.IS_NULL:
            return self._number.not_in(rows)
        if comparison.operator in (Operator.EQ, Operator.IN):
            return self._number.in_(rows.where(self._equal(_texts(comparison))))
        return self._number.in_(rows.where(compare(self._tags.c.value, comparison, dialect)))

    def _equal(self, values: tuple[str, ...]) -> sa.ColumnElement[bool]:
        """Equality by the index on the values' heads; the whole is looked at only where a head may not be all of it."""
        by_head = self._tags.c.head.in_([value[:VALUE_HEAD] for value in values])
        short = all(len(value) < VALUE_HEAD for value in values)
        return by_head if short else sa.and_(by_head, self._tags.c.value.in_(values))


def _texts(comparison: Comparison) -> tuple[str, ...]:
    value = comparison.value
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)
