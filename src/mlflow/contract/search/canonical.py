"""Trees back to text: the shortest spelling that reads as the same tree."""

from __future__ import annotations

import math
import re

from mlflow.contract.search.tokens import Shape, next_token
from mlflow.contract.search.tree import (
    Aggregate,
    And,
    Comparison,
    Field,
    Kind,
    Node,
    Not,
    Number,
    Operator,
    Or,
    OrderBy,
)

_PREFIXES = {
    Kind.METRIC: "metrics.",
    Kind.PARAM: "params.",
    Kind.TAG: "tags.",
    Kind.ATTRIBUTE: "",
    Kind.DATASET: "dataset.",
}
_BARE = re.compile(r"[\w./:\-]+")


def canonical(node: Node | None) -> str:
    """Spell a tree; `parse_filter` reads an equal tree from the text. None gives the empty text.

    Raises:
        ValueError: a value or key holds every kind of quote, or is NaN; no parsed tree does.
    """
    if node is None:
        return ""
    if isinstance(node, Comparison):
        return _comparison(node)
    if isinstance(node, Not):
        return f"NOT {_enclosed(node.item, (And, Or))}"
    if isinstance(node, And):
        return " AND ".join(_enclosed(item, (Or,)) for item in node.items)
    return " OR ".join(canonical(item) for item in node.items)


def canonical_order(key: OrderBy) -> str:
    """Spell a sort key."""
    return f"{canonical_field(key.field)}{' DESC' if key.descending else ''}"


def canonical_field(field: Field) -> str:
    """Spell a field."""
    name = f"{_PREFIXES[field.kind]}{_key(field.key)}"
    if field.numeric and field.kind in (Kind.PARAM, Kind.TAG):
        return f"number({name})"
    return name if field.aggregate in (None, Aggregate.LAST) else f"{field.aggregate}({name})"


def _enclosed(node: Node, types: tuple[type[Node], ...]) -> str:
    return f"({canonical(node)})" if isinstance(node, types) else canonical(node)


def _comparison(node: Comparison) -> str:
    left = f"{canonical_field(node.field)} {node.operator}"
    if node.operator in (Operator.IS_NULL, Operator.IS_NOT_NULL):
        return left
    return f"{left} {_list(node.value) if isinstance(node.value, tuple) else _value(node.value)}"


def _value(value: str | Number | None) -> str:
    if isinstance(value, str):
        return _quoted(value, "'\"")
    assert value is not None
    return _number(value)


def _list(items: tuple[str, ...] | tuple[Number, ...]) -> str:
    return f"({', '.join(_literal(item) if isinstance(item, str) else _number(item) for item in items)})"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _number(value: Number) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        if math.isnan(value):
            raise ValueError("NaN has no spelling in a filter; compare with IS NULL or a number.")
        return "1e999" if value > 0 else "-1e999"
    return repr(value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key, "`\"'")


def _quoted(text: str, quotes: str) -> str:
    shapes = {"'": Shape.SINGLE, '"': Shape.DOUBLE, "`": Shape.TICK}
    for quote in quotes:
        quoted = f"{quote}{text}{quote}"
        token = next_token(quoted, 0)
        if token.shape is shapes[quote] and token.end == len(quoted):
            return quoted
    raise ValueError(f"{text!r} cannot be quoted in a filter; use IN with a list of one, where escapes work.")
