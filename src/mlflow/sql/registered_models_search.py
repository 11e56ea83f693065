"""Searching registered models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller
from mlflow.contract.limits import MAX_PAGE_OF_MODELS
from mlflow.contract.pages import Cursor, Offset, Page, decode_token, encode_token, query_digest
from mlflow.contract.search import (
    REGISTERED_MODELS,
    Comparison,
    Kind,
    Node,
    Not,
    Operator,
    OrderBy,
    parse_filter,
    parse_order_by,
)
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.access import visible_models
from mlflow.sql.keyset import Sort, after, ordering
from mlflow.sql.registry_filters import Entity
from mlflow.sql.registry_tables import registered_model_tags, registered_models

__all__ = ["matching", "search", "sorts_of"]

_PROMPT = "mlflow.prompt.is_prompt"
_COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "name": registered_models.c.name,
    "last_updated_timestamp": registered_models.c.last_updated_time,
}


class _Models(Entity):
    """Registered models; what a filter says of the tag of prompts, other than that it is `true`, means: no prompts.

    Published clients ask for `!= 'true'`, which models without the tag must match.
    """

    def _tagged(self, comparison: Comparison, dialect: str) -> sa.ColumnElement[bool]:
        if comparison.field.key == _PROMPT and not _asks_for_prompts(comparison):
            return ~self.tagged(_PROMPT, "true")
        return super()._tagged(comparison, dialect)


_MODELS = _Models(registered_models.c.id, _COLUMNS, registered_model_tags, registered_model_tags.c.model)


def search(
    connection: Connection,
    caller: Caller,
    filter: str,
    max_results: int,
    order_by: Sequence[str],
    page_token: str,
) -> Page[Row[Any]]:
    """A page of rows of registered models; prompts, which are models with a tag, only where the filter names that."""
    if not 0 <= max_results <= MAX_PAGE_OF_MODELS:
        raise InvalidParameterValue(
            f"Invalid value '{max_results}' for parameter 'max_results' supplied: ask for 1 to {MAX_PAGE_OF_MODELS}."
        )
    tree, order = parse_filter(filter, REGISTERED_MODELS), parse_order_by(order_by, REGISTERED_MODELS)
    sorts = sorts_of(order)
    digest = query_digest("registered models", caller.workspace, tree, order)
    position = decode_token(page_token, digest, len(sorts))
    conditions = [
        *matching(caller, tree, connection.dialect.name),
        *([after(sorts, position.values)] if isinstance(position, Cursor) else []),
    ]
    chosen = sa.select(registered_models).where(*conditions).order_by(*ordering(sorts)).limit(max_results + 1)
    if isinstance(position, Offset):
        chosen = chosen.offset(position.offset)
    return _page(connection.execute(chosen).all(), max_results, sorts, digest)


def matching(caller: Caller, tree: Node | None, dialect: str) -> list[sa.ColumnElement[bool]]:
    """The conditions that a registered model fulfils a filter and is the caller's to read."""
    return [
        registered_models.c.workspace == caller.workspace,
        visible_models(caller, registered_models.c.name),
        *([] if tree is None else [_MODELS.condition(tree, dialect)]),
        *([] if _names_prompts(tree) else [~_MODELS.tagged(_PROMPT, "true")]),
    ]


def sorts_of(order: Sequence[OrderBy]) -> list[Sort]:
    """The sort keys of an order, down to the name."""
    named = [Sort(_COLUMNS[key.field.key], key.descending) for key in order]
    by_name = any(key.field.key == "name" for key in order)
    return named if by_name else [*named, Sort(registered_models.c.name)]


def _page(rows: Sequence[Row[Any]], size: int, sorts: Sequence[Sort], digest: bytes) -> Page[Row[Any]]:
    if len(rows) <= size or not size:
        return Page(rows[:size])
    last = rows[size - 1]
    return Page(rows[:size], encode_token([last._mapping[sort.column] for sort in sorts], last.id, digest))


def _names_prompts(node: Node | None) -> bool:
    """Whether a filter asks for prompts."""
    if node is None:
        return False
    if isinstance(node, Comparison):
        return node.field.kind is Kind.TAG and node.field.key == _PROMPT and _asks_for_prompts(node)
    return _names_prompts(node.item) if isinstance(node, Not) else any(map(_names_prompts, node.items))


def _asks_for_prompts(comparison: Comparison) -> bool:
    return comparison.operator is Operator.EQ and comparison.value == "true"
