"""Ordered pages that go on after the last row sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from mlflow.contract.limits import MAX_PAGE
from mlflow.contract.pages import SortValue
from mlflow.exceptions import InvalidParameterValue

__all__ = ["Sort", "after", "check_page_size", "ordering"]


class Sort(NamedTuple):
    """A sort key; rows without a value come last in both directions."""

    column: sa.ColumnElement[Any]
    descending: bool = False
    nullable: bool = False


def ordering(sorts: Sequence[Sort]) -> list[sa.ColumnElement[Any]]:
    """The ORDER BY of sort keys."""
    terms: list[sa.ColumnElement[Any]] = []
    for sort in sorts:
        if sort.nullable:
            terms.append(sa.case((sort.column.is_(None), 1), else_=0))
        terms.append(sort.column.desc() if sort.descending else sort.column)
    return terms


def after(sorts: Sequence[Sort], values: Sequence[SortValue]) -> sa.ColumnElement[bool]:
    """The condition that a row comes after the one with these values of the sort keys, which tell all rows apart."""
    alternatives: list[sa.ColumnElement[bool]] = []
    equal: list[sa.ColumnElement[bool]] = []
    for sort, value in zip(sorts, values, strict=True):
        alternatives.append(sa.and_(*equal, _beyond(sort, value)))
        equal.append(sort.column.is_(None) if value is None else sort.column == value)
    # where the index that gives the order can begin, which the database does not see in the alternatives
    return sa.and_(_not_before(sorts[0], values[0]), sa.or_(*alternatives))


def _not_before(sort: Sort, value: SortValue) -> sa.ColumnElement[bool]:
    if sort.nullable or value is None:
        return sa.true()
    return sort.column <= value if sort.descending else sort.column >= value


def check_page_size(max_results: int) -> None:
    """Raise unless a page may have so many rows."""
    if not 1 <= max_results <= MAX_PAGE:
        raise InvalidParameterValue(
            f"Invalid value '{max_results}' for parameter 'max_results'; ask for 1 to {MAX_PAGE}."
        )


def _beyond(sort: Sort, value: SortValue) -> sa.ColumnElement[bool]:
    if value is None:
        return sa.false()
    beyond = sort.column < value if sort.descending else sort.column > value
    return sa.or_(beyond, sort.column.is_(None)) if sort.nullable else beyond
