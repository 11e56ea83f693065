"""The typed tree a filter is read into: what the SQL floor compiles and the UI draws."""

from __future__ import annotations

import enum
from typing import TypeAlias

import msgspec


class Kind(enum.StrEnum):
    """Where a field's values live."""

    METRIC = "metric"
    PARAM = "param"
    TAG = "tag"
    ATTRIBUTE = "attribute"
    DATASET = "dataset"


class Aggregate(enum.StrEnum):
    """Which number of a metric's history is meant; NaN points are left out of MIN, MAX and MEAN."""

    LAST = "last"
    MIN = "min"
    MAX = "max"
    FIRST = "first"
    MEAN = "mean"


class Operator(enum.StrEnum):
    """A comparison, spelt as in canonical text.

    All but IS NULL are false where the key is missing: `!=` and `NOT IN` too.
    """

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    LIKE = "LIKE"
    ILIKE = "ILIKE"
    IN = "IN"
    NOT_IN = "NOT IN"
    IS_NULL = "IS NULL"
    IS_NOT_NULL = "IS NOT NULL"


Number: TypeAlias = int | float
Value: TypeAlias = str | Number | tuple[str, ...] | tuple[Number, ...] | None


class Field(msgspec.Struct, frozen=True):
    """One side of a comparison, or a sort key.

    Attributes:
        kind: where the values live.
        key: the name without prefix, quotes or alias: `created` is read as `start_time`.
        aggregate: for metrics of runs always set (`metrics.a` is `last(metrics.a)`), else None.
        numeric: compared as a number; a param or tag only when wrapped in `number(…)`, which leaves out text that is
            not a number.
    """

    kind: Kind
    key: str
    aggregate: Aggregate | None = None
    numeric: bool = False


class Comparison(msgspec.Struct, frozen=True, tag="comparison"):
    """`field operator value`.

    `value` is a tuple for IN and NOT IN, None for IS NULL and IS NOT NULL, a number when the field is numeric
    (a float for metrics; infinities are possible, NaN is not), else a string.
    """

    field: Field
    operator: Operator
    value: Value = None


class And(msgspec.Struct, frozen=True, tag="and"):
    """True where all items are; two items at least, none of them an `And`."""

    items: tuple[Node, ...]


class Or(msgspec.Struct, frozen=True, tag="or"):
    """True where any item is; two items at least, none of them an `Or`."""

    items: tuple[Node, ...]


class Not(msgspec.Struct, frozen=True, tag="not"):
    """The complement: true wherever the item is not, which includes a missing key."""

    item: Node


Node: TypeAlias = And | Or | Not | Comparison


class OrderBy(msgspec.Struct, frozen=True):
    """One sort key. Missing values come last in both directions; for metrics NaN stands just before them."""

    field: Field
    descending: bool = False


def all_of(items: list[Node]) -> Node:
    """The items joined by AND, flat; a single item as it is."""
    flat = [part for item in items for part in (item.items if isinstance(item, And) else (item,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(items: list[Node]) -> Node:
    """The items joined by OR, flat; a single item as it is."""
    flat = [part for item in items for part in (item.items if isinstance(item, Or) else (item,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))
