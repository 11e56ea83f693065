"""Searching logged models: which ones, in which order, from where to where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.limits import MAX_PAGE
from mlflow.contract.logged_models import ModelOrder, OnDataset
from mlflow.contract.pages import Cursor, Offset, Page, decode_token, encode_token, query_digest
from mlflow.contract.search import LOGGED_MODELS, Kind, Node, logged_model_order, parse_filter
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.ids import to_ids
from mlflow.sql.keys import Keys
from mlflow.sql.keyset import Sort, after, ordering
from mlflow.sql.logged_model_filters import ATTRIBUTES, ModelFilters, dataset_numbers, names_metric
from mlflow.sql.logged_model_tables import logged_models, metric_datasets, model_summaries

__all__ = ["search_models"]

_DEFAULT_PAGE = 50
_TIES = (Sort(logged_models.c.creation_timestamp, descending=True), Sort(logged_models.c.model_id))


class _Order(NamedTuple):
    """The sort keys, and what is joined for them."""

    source: sa.FromClause
    sorts: list[Sort]


def search_models(
    connection: Connection,
    keys: Keys,
    caller: Caller,
    experiment_ids: Sequence[str],
    filter: str,
    datasets: Sequence[OnDataset],
    max_results: int,
    order_by: Sequence[ModelOrder],
    page_token: str,
) -> Page[Row[Any]]:
    """A page of rows of models that are not in the trash, of experiments that the caller may read."""
    size, tree = _page_size(max_results), parse_filter(filter, LOGGED_MODELS)
    given = to_ids(experiment_ids)
    readable = [number for number in given if caller.may(Permission.READ, "experiment", str(number))]
    restricted = dataset_numbers(connection, datasets)
    filters = ModelFilters(connection, keys, restricted if datasets else None)
    order = _ordered(filters, order_by)
    digest = query_digest("logged_models", caller.workspace, given, tree, list(datasets), list(order_by))
    position = decode_token(page_token, digest, len(order.sorts))
    if not readable:
        return Page()
    conditions = [
        logged_models.c.experiment_id.in_(readable),
        logged_models.c.deleted == 0,
        logged_models.c.workspace == caller.workspace,
        *_conditions(filters, tree, restricted=bool(datasets)),
        *([after(order.sorts, position.values)] if isinstance(position, Cursor) else []),
    ]
    labels = [sort.column.label(f"sort_{number}") for number, sort in enumerate(order.sorts)]
    chosen = sa.select(logged_models, *labels).select_from(order.source).where(*conditions)
    chosen = chosen.order_by(*ordering(order.sorts)).limit(size + 1)
    if isinstance(position, Offset):
        chosen = chosen.offset(position.offset)
    return _page(connection.execute(chosen).all(), size, len(order.sorts), digest)


def _conditions(filters: ModelFilters, tree: Node | None, *, restricted: bool) -> list[sa.ColumnElement[bool]]:
    conditions = [] if tree is None else [filters.condition(tree)]
    if restricted and not names_metric(tree):
        conditions.append(filters.measured_on_datasets())
    return conditions


def _page(rows: Sequence[Row[Any]], size: int, count: int, digest: bytes) -> Page[Row[Any]]:
    if len(rows) <= size:
        return Page(rows)
    last = rows[size - 1]
    values = [last._mapping[f"sort_{number}"] for number in range(count)]
    return Page(rows[:size], encode_token(values, last.id, digest))


def _page_size(max_results: int) -> int:
    if max_results < 0:
        raise InvalidParameterValue(
            f"Invalid value '{max_results}' for parameter 'max_results'; ask for 1 to {MAX_PAGE}."
        )
    return min(max_results or _DEFAULT_PAGE, MAX_PAGE)


def _ordered(filters: ModelFilters, order_by: Sequence[ModelOrder]) -> _Order:
    source: sa.FromClause = logged_models
    sorts: list[Sort] = []
    seen: set[tuple[str, str | None, str | None]] = set()
    for number, key in enumerate(order_by):
        wanted = logged_model_order(key.field_name, LOGGED_MODELS, descending=not key.ascending)
        named = key.field_name, key.dataset_name, key.dataset_digest
        if named in seen:
            continue
        seen.add(named)
        if wanted.field.kind is Kind.ATTRIBUTE:
            sorts.append(Sort(ATTRIBUTES[wanted.field.key], wanted.descending))
            continue
        latest = _latest(filters.key_id(wanted.field.key), key).subquery(f"latest_{number}")
        source = source.outerjoin(latest, latest.c.model == logged_models.c.id)
        value = latest.c.latest_value
        sorts.append(Sort(sa.case((latest.c.model.is_(None), 2), (value.is_(None), 1), else_=0)))
        sorts.append(Sort(value, wanted.descending, nullable=True))
    return _Order(source, [*sorts, *_TIES])


def _latest(key_id: int | None, key: ModelOrder) -> sa.Select[Any]:
    """The latest value of a metric, one row a model: by timestamp, step and run."""
    table = model_summaries.c
    newest = (table.latest_timestamp.desc(), table.latest_step.desc(), table.latest_run.desc())
    rank = sa.func.row_number().over(partition_by=table.model, order_by=newest).label("rank_of_row")
    chosen = sa.select(table.model, table.latest_value, rank).where(table.key_id == (-1 if key_id is None else key_id))
    if key.dataset_name or key.dataset_digest:
        chosen = chosen.join(metric_datasets, metric_datasets.c.id == table.dataset)
    if key.dataset_name:
        chosen = chosen.where(metric_datasets.c.name == key.dataset_name)
    if key.dataset_digest:
        chosen = chosen.where(metric_datasets.c.digest == key.dataset_digest)
    ranked = chosen.subquery()
    return sa.select(ranked.c.model, ranked.c.latest_value).where(ranked.c.rank_of_row == 1)
