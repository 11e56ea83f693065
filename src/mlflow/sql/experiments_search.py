"""Searching experiments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller
from mlflow.contract.pages import Cursor, Offset, Page, decode_token, encode_token, query_digest
from mlflow.contract.search import (
    EXPERIMENTS,
    And,
    Comparison,
    Kind,
    Node,
    Not,
    Operator,
    Or,
    OrderBy,
    parse_filter,
    parse_order_by,
)
from mlflow.sql.access import visible
from mlflow.sql.comparisons import compare
from mlflow.sql.ids import to_id
from mlflow.sql.keyset import Sort, after, check_page_size, ordering
from mlflow.sql.tables import experiment_tags, experiments, runs

__all__ = ["deleted_stages", "search"]

_STAGES = {"ACTIVE_ONLY": (0,), "DELETED_ONLY": (1,), "ALL": (0, 1)}
_LATEST_RUN = (
    sa.select(runs.c.start_time)
    .where(runs.c.experiment_id == experiments.c.id, runs.c.deleted == experiments.c.deleted)
    .order_by(runs.c.start_time.desc())
    .limit(1)
    .scalar_subquery()
)
_LAST_RUN_TIME = sa.func.coalesce(_LATEST_RUN, experiments.c.creation_time)  # that of one without runs
_COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "name": experiments.c.name,
    "experiment_id": experiments.c.id,
    "creation_time": experiments.c.creation_time,
    "last_update_time": experiments.c.last_update_time,
    "last_run_time": _LAST_RUN_TIME,
}
_DESCRIPTION = "mlflow.note.content"
_NEWEST_FIRST = (Sort(experiments.c.creation_time, descending=True),)


def deleted_stages(view_type: str) -> tuple[int, ...]:
    """The values of a `deleted` column that a view shows."""
    return _STAGES[view_type]


def search(
    connection: Connection,
    caller: Caller,
    max_results: int,
    page_token: str,
    filter: str,
    order_by: Sequence[str],
    view_type: str,
) -> Page[Row[Any]]:
    """A page of rows of experiments."""
    check_page_size(max_results)
    tree, order = parse_filter(filter, EXPERIMENTS), parse_order_by(order_by, EXPERIMENTS)
    sorts = _sorts(order)
    digest = query_digest("experiments", caller.workspace, tree, order, view_type)
    position = decode_token(page_token, digest, len(sorts))
    conditions = [
        experiments.c.workspace == caller.workspace,
        experiments.c.deleted.in_(deleted_stages(view_type)),
        visible(caller),
        *([] if tree is None else [_condition(tree, connection.dialect.name)]),
        *([after(sorts, position.values)] if isinstance(position, Cursor) else []),
    ]
    columns = [sort.column.label(f"sort_{at}") for at, sort in enumerate(sorts)]
    chosen = sa.select(experiments, *columns).where(*conditions).order_by(*ordering(sorts)).limit(max_results + 1)
    if isinstance(position, Offset):
        chosen = chosen.offset(position.offset)
    return _page(connection.execute(chosen).all(), max_results, sorts, digest)


def _sorts(order: Sequence[OrderBy]) -> list[Sort]:
    named = [Sort(_COLUMNS[key.field.key], key.descending) for key in order]
    return [*(named or _NEWEST_FIRST), Sort(experiments.c.id)]


def _page(rows: Sequence[Row[Any]], size: int, sorts: Sequence[Sort], digest: bytes) -> Page[Row[Any]]:
    if len(rows) <= size:
        return Page(rows)
    last = rows[size - 1]
    values = [last._mapping[f"sort_{at}"] for at in range(len(sorts))]
    return Page(rows[:size], encode_token(values, last.id, digest))


def _condition(node: Node, dialect: str) -> sa.ColumnElement[bool]:
    if isinstance(node, And):
        return sa.and_(*(_condition(item, dialect) for item in node.items))
    if isinstance(node, Or):
        return sa.or_(*(_condition(item, dialect) for item in node.items))
    if isinstance(node, Not):
        return sa.not_(_condition(node.item, dialect))
    return _tagged(node, dialect) if node.field.kind is Kind.TAG else _attribute(node, dialect)


def _attribute(comparison: Comparison, dialect: str) -> sa.ColumnElement[bool]:
    if comparison.field.key == "any_tag":
        return _tagged_anyhow(comparison, dialect)
    column = _COLUMNS[comparison.field.key]
    if column is not experiments.c.id:
        return compare(column, comparison, dialect)
    value = comparison.value
    number = tuple(to_id(str(item)) for item in value) if isinstance(value, tuple) else to_id(str(value))
    return compare(column, Comparison(comparison.field, comparison.operator, number), dialect)


def _tagged(comparison: Comparison, dialect: str) -> sa.ColumnElement[bool]:
    table = experiment_tags.c
    rows = sa.select(table.name).where(table.experiment_id == experiments.c.id, table.name == comparison.field.key)
    if comparison.operator is Operator.IS_NULL:
        return ~rows.exists()
    return rows.where(compare(table.value, comparison, dialect)).exists()


def _tagged_anyhow(comparison: Comparison, dialect: str) -> sa.ColumnElement[bool]:
    """That the key or the value of some tag is so; of the system's own tags the description alone counts."""
    table = experiment_tags.c
    own = sa.and_(table.name.not_like("mlflow.%"), compare(table.name, comparison, dialect))
    valued = sa.or_(table.name.not_like("mlflow.%"), table.name == _DESCRIPTION)
    said = sa.and_(valued, compare(table.value, comparison, dialect))
    return sa.select(table.name).where(table.experiment_id == experiments.c.id, sa.or_(own, said)).exists()
