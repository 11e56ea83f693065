"""order_by to sort keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from mlflow.contract.search.failure import FilterError
from mlflow.contract.search.grammar import Grammar
from mlflow.contract.search.reader import Reader
from mlflow.contract.search.tokens import Shape
from mlflow.contract.search.tree import Field, Kind, OrderBy
from mlflow.exceptions import ErrorCode

MAX_SORT_KEYS: Final = 100


def parse_order_by(items: Sequence[str] | None, grammar: Grammar) -> tuple[OrderBy, ...]:
    """Read order_by.

    Args:
        items: each `identifier [ASC|DESC]`, the most significant first.
        grammar: the entity's language, one of `GRAMMARS`.

    Returns:
        The sort keys without the entity's own tie-breakers; a key that is repeated where that is allowed counts once.

    Raises:
        FilterError: an item cannot be read; with the code INTERNAL_ERROR, as from MLflow, when one key stands twice.
    """
    if not items:
        return ()
    if len(items) > MAX_SORT_KEYS:
        raise FilterError(f"order_by has {len(items)} keys; at most {MAX_SORT_KEYS} are read. Leave out the last ones.")
    keys: dict[Field, OrderBy] = {}
    for item in items:
        key = _cached(item, grammar)
        if key.field in keys and not grammar.repeats:
            raise FilterError(
                f"order_by {list(items)!r} names {item!r} twice. Name each key once.",
                ErrorCode.INTERNAL_ERROR,
                end=len(item),
            )
        keys.setdefault(key.field, key)
    return tuple(keys.values())


def logged_model_order(field_name: str, grammar: Grammar, *, descending: bool = False) -> OrderBy:
    """Read the `field_name` of a logged-model sort key: an attribute, or `metrics.` and a key taken verbatim.

    Raises:
        FilterError: it is neither.
    """
    if field_name.startswith("metrics.") and len(field_name) > len("metrics."):
        return OrderBy(Field(Kind.METRIC, field_name.removeprefix("metrics."), None, True), descending)
    key = grammar.canonical_attribute(field_name)
    if key is None or key not in grammar.sortable():
        expected = [*grammar.sortable(), "metrics.<key>"]
        raise FilterError(
            f"Invalid order_by field name {field_name!r}. Order by one of {', '.join(expected)}.",
            end=len(field_name),
            expected=expected,
        )
    return OrderBy(Field(Kind.ATTRIBUTE, key, None, grammar.attributes[key].numeric), descending)


@lru_cache(maxsize=1024)
def _cached(text: str, grammar: Grammar) -> OrderBy:
    reader = Reader(text, grammar, "order_by")
    field = reader.field(ordering=True)
    descending = reader.token.upper == "DESC"
    if descending or reader.token.upper == "ASC":
        reader.advance()
    if not reader.at(Shape.END):
        remedy = "Give each key as an item of its own." if reader.at(Shape.COMMA) else ""
        raise reader.error(["ASC", "DESC", "the end"], remedy)
    return OrderBy(field, descending)
