"""Searching logged models: which ones, in which order, from where to where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.limits import MAX_PAGE
from mlflow.contract.logged_models import ModelOrder, OnDataset
from mlflow.contract.pages import Cursor, Offset, Page, decode_token, encode_token, query_digest
from mlflow.contract.search import LOGGED_MODELS, Node, parse_filter
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.ids import to_ids
from mlflow.sql.keys import Keys
from mlflow.sql.keyset import after, ordering
from mlflow.sql.logged_model_filters import ModelFilters, dataset_numbers, names_metric
from mlflow.sql.logged_model_orders import sorted_models
from mlflow.sql.logged_model_tables import logged_models
from mlflow.sql.run_filters import one_of

__all__ = ["matching", "readable_experiments", "search_models"]

_DEFAULT_PAGE = 50


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
    given, readable = to_ids(experiment_ids), readable_experiments(caller, experiment_ids)
    filters = ModelFilters(connection, keys, dataset_numbers(connection, datasets) if datasets else None)
    order = sorted_models(connection, filters, order_by)
    digest = query_digest("logged_models", caller.workspace, given, tree, list(datasets), list(order_by))
    position = decode_token(page_token, digest, len(order.sorts))
    if not readable:
        return Page()
    conditions = [
        *matching(filters, caller.workspace, readable, tree),
        *([after(order.sorts, position.values)] if isinstance(position, Cursor) else []),
    ]
    labels = [sort.column.label(f"sort_{number}") for number, sort in enumerate(order.sorts)]
    chosen = sa.select(logged_models, *labels).select_from(order.source).where(*conditions)
    chosen = chosen.order_by(*ordering(order.sorts)).limit(size + 1)
    if isinstance(position, Offset):
        chosen = chosen.offset(position.offset)
    return _page(connection.execute(chosen).all(), size, len(order.sorts), digest)


def readable_experiments(caller: Caller, experiment_ids: Sequence[str]) -> list[int]:
    """Those of the experiments whose models the caller may see."""
    given = to_ids(experiment_ids)
    return [number for number in given if caller.may(Permission.READ, "experiment", str(number))]


def matching(
    filters: ModelFilters, workspace: str, experiment_ids: Sequence[int], tree: Node | None
) -> list[sa.ColumnElement[bool]]:
    """The conditions that models of the experiments, but for those in the trash, fulfil a filter.

    Where metrics are restricted to datasets and the filter names none, it asks for any measured there.
    """
    conditions = [
        one_of(logged_models.c.experiment_id, experiment_ids),
        logged_models.c.deleted == 0,
        logged_models.c.workspace == workspace,
        *([] if tree is None else [filters.condition(tree)]),
    ]
    if filters.restricted and not names_metric(tree):
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
