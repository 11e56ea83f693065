"""Comparisons of a column with a value, which mean the same on every database."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from mlflow.contract.search import Comparison, Operator

__all__ = ["compare"]

_Column = sa.ColumnElement[Any]
_GLOB = str.maketrans({"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"})
_OPERATORS: dict[Operator, Callable[[_Column, Any], sa.ColumnElement[bool]]] = {
    Operator.EQ: lambda column, value: column == value,
    Operator.NE: lambda column, value: column != value,
    Operator.LT: lambda column, value: column < value,
    Operator.LE: lambda column, value: column <= value,
    Operator.GT: lambda column, value: column > value,
    Operator.GE: lambda column, value: column >= value,
    Operator.IN: lambda column, value: column.in_(value),
    Operator.NOT_IN: lambda column, value: column.not_in(value),
    Operator.IS_NULL: lambda column, _: column.is_(None),
    Operator.IS_NOT_NULL: lambda column, _: column.is_not(None),
}


def compare(column: _Column, comparison: Comparison, dialect: str, nullable: bool = False) -> sa.ColumnElement[bool]:
    """The condition that a column stands so to the comparison's value.

    Args:
        column: what is compared.
        comparison: the operator and the value.
        dialect: sqlite, postgresql or mysql.
        nullable: the column may be NULL; the condition is then false, not NULL, so that its complement holds.
    """
    operator, value = comparison.operator, comparison.value
    if isinstance(value, float) and math.isinf(value):  # which MySQL does not know
        return column.is_not(None) if _holds_of_finite(operator, value) else sa.false()
    if operator in (Operator.LIKE, Operator.ILIKE):
        condition = _like(column, str(value), operator is Operator.LIKE, dialect)
    else:
        condition = _OPERATORS[operator](column, value)
    guarded = nullable and operator not in (Operator.IS_NULL, Operator.IS_NOT_NULL)
    return sa.and_(column.is_not(None), condition) if guarded else condition


def _holds_of_finite(operator: Operator, infinity: float) -> bool:
    below = (Operator.LT, Operator.LE)
    return operator is Operator.NE or (operator in below if infinity > 0 else operator in (Operator.GT, Operator.GE))


def _like(column: _Column, pattern: str, case_sensitive: bool, dialect: str) -> sa.ColumnElement[bool]:
    """`%` is any text, `_` any character, all else itself."""
    if dialect == "sqlite":  # whose LIKE ignores the case of ASCII letters, and of no others
        if case_sensitive:
            return column.op("GLOB", is_comparison=True)(pattern.translate(_GLOB))
        return sa.func.unicode_lower(column).op("GLOB", is_comparison=True)(pattern.lower().translate(_GLOB))
    literal = pattern.replace("\\", "\\\\")
    if case_sensitive:
        return column.like(literal)
    if dialect == "postgresql":  # where the collation "C" knows the case of ASCII letters only
        return column.collate("default").ilike(sa.literal(literal, sa.String()))
    return sa.func.lower(column).like(literal.lower())
