"""Searching versions of registered models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller
from mlflow.contract.limits import MAX_PAGE_OF_VERSIONS
from mlflow.contract.pages import Cursor, Offset, Page, decode_token, encode_token, query_digest
from mlflow.contract.search import (
    MODEL_VERSIONS,
    And,
    Comparison,
    Kind,
    Node,
    Operator,
    OrderBy,
    parse_filter,
    parse_order_by,
)
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.access import visible_models
from mlflow.sql.column_types import Name
from mlflow.sql.keyset import Sort, after, ordering
from mlflow.sql.registry_filters import Entity
from mlflow.sql.registry_tables import model_version_tags, model_versions

__all__ = ["search"]

_COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "name": model_versions.c.name,
    "run_id": model_versions.c.run_id,
    "source_path": model_versions.c.source,
    "version_number": model_versions.c.version,
    "creation_timestamp": model_versions.c.creation_time,
    "last_updated_timestamp": model_versions.c.last_updated_time,
}
_VERSIONS = Entity(
    model_versions.c.id,
    _COLUMNS,
    model_version_tags,
    model_version_tags.c.version_id,
    {"source_path": model_versions.c.source_head},
)
_NEWEST_FIRST = (Sort(model_versions.c.last_updated_time, descending=True),)
_TIES = (("name", Sort(model_versions.c.name)), ("version_number", Sort(model_versions.c.version, descending=True)))


def search(
    connection: Connection,
    caller: Caller,
    filter: str,
    max_results: int,
    order_by: Sequence[str],
    page_token: str,
) -> Page[Row[Any]]:
    """A page of rows of versions."""
    if not 1 <= max_results <= MAX_PAGE_OF_VERSIONS:
        raise InvalidParameterValue(
            "Invalid value for max_results. It must be a positive integer of at most "
            f"{MAX_PAGE_OF_VERSIONS}, but got {max_results}."
        )
    tree, order = parse_filter(filter, MODEL_VERSIONS), parse_order_by(order_by, MODEL_VERSIONS)
    sorts = _sorts(order)
    digest = query_digest("model versions", caller.workspace, tree, order)
    position = decode_token(page_token, digest, len(sorts))
    conditions = [
        model_versions.c.workspace == caller.workspace,
        visible_models(caller, model_versions.c.name),
        *([] if tree is None else [_VERSIONS.condition(tree, connection.dialect.name)]),
        *([after(sorts, position.values)] if isinstance(position, Cursor) else []),
    ]
    terms = ordering(sorts)
    if _is_narrow(tree):  # without statistics SQLite would rather walk all versions in the order asked for
        terms[0] = _unindexed(sorts[0])
    chosen = sa.select(model_versions).where(*conditions).order_by(*terms).limit(max_results + 1)
    if isinstance(position, Offset):
        chosen = chosen.offset(position.offset)
    return _page(connection.execute(chosen).all(), max_results, sorts, digest)


def _sorts(order: Sequence[OrderBy]) -> list[Sort]:
    named = [Sort(_COLUMNS[key.field.key], key.descending) for key in order]
    sorted_by = {key.field.key for key in order}
    return [*(named or _NEWEST_FIRST), *(sort for name, sort in _TIES if name not in sorted_by)]


def _is_narrow(node: Node | None) -> bool:
    """Whether a filter names a few models, runs or sources, so that few versions are left to be sorted."""
    if isinstance(node, And):
        return any(map(_is_narrow, node.items))
    if not isinstance(node, Comparison) or node.field.kind is not Kind.ATTRIBUTE:
        return False
    return node.field.key in ("name", "run_id", "source_path") and node.operator in (Operator.EQ, Operator.IN)


def _unindexed(sort: Sort) -> sa.ColumnElement[Any]:
    """The order of a sort key, spelt so that no index gives it."""
    column = sort.column + ("" if isinstance(sort.column.type, Name) else 0)
    return column.desc() if sort.descending else column


def _page(rows: Sequence[Row[Any]], size: int, sorts: Sequence[Sort], digest: bytes) -> Page[Row[Any]]:
    if len(rows) <= size:
        return Page(rows)
    last = rows[size - 1]
    return Page(rows[:size], encode_token([last._mapping[sort.column] for sort in sorts], last.id, digest))
