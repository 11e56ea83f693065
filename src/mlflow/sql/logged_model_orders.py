"""The order of logged models: sort keys, and what is joined to have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.logged_models import ModelOrder, OnDataset
from mlflow.contract.search import LOGGED_MODELS, Kind, logged_model_order
from mlflow.sql.keyset import Sort
from mlflow.sql.logged_model_filters import ATTRIBUTES, ModelFilters, dataset_numbers
from mlflow.sql.logged_model_tables import NO_DATASET, logged_models, metric_datasets, model_summaries
from mlflow.sql.tables import outputs, runs

__all__ = ["SortedModels", "sorted_models", "with_source_run"]

_TIES = (Sort(logged_models.c.creation_timestamp, descending=True), Sort(logged_models.c.model_id))
_NOBODY = -1  # the number of what has none


class SortedModels(NamedTuple):
    """The sort keys, and what is joined for them."""

    source: sa.FromClause
    sorts: list[Sort]


def sorted_models(
    connection: Connection, filters: ModelFilters, order_by: Sequence[ModelOrder], *, extended: bool = False
) -> SortedModels:
    """The order that is asked for, down to the model's id.

    Args:
        connection: reads the numbers of datasets.
        filters: reads those of keys.
        order_by: the sort keys; one that is repeated counts once.
        extended: whether `step` is one too, and an empty name of a dataset means points that name none.

    Raises:
        FilterError: models are not sorted by such a thing.
    """
    source: sa.FromClause = logged_models
    sorts: list[Sort] = []
    seen: set[tuple[str, str | None, str | None]] = set()
    for number, key in enumerate(order_by):
        named = key.field_name, key.dataset_name, key.dataset_digest
        if named in seen:
            continue
        seen.add(named)
        if extended and key.field_name == "step":
            source = with_source_run(source)
            sorts.append(Sort(outputs.c.step, not key.ascending, nullable=True))
            continue
        wanted = logged_model_order(key.field_name, LOGGED_MODELS, descending=not key.ascending)
        if wanted.field.kind is Kind.ATTRIBUTE:
            sorts.append(Sort(ATTRIBUTES[wanted.field.key], wanted.descending))
            continue
        key_id = filters.key_id(wanted.field.key) or _NOBODY
        latest = model_summaries.alias(f"latest_{number}")
        own = sa.and_(
            latest.c.model == logged_models.c.id,
            latest.c.key_id == key_id,
            latest.c.dataset == _dataset(connection, key, key_id, extended=extended),
        )
        source = source.outerjoin(latest, own)
        value = latest.c.latest_value
        sorts.append(Sort(sa.case((latest.c.model.is_(None), 2), (value.is_(None), 1), else_=0)))
        sorts.append(Sort(value, wanted.descending, nullable=True))
    return SortedModels(source, [*sorts, *_TIES])


def with_source_run(source: sa.FromClause) -> sa.FromClause:
    """Models beside the run that each came from, and beside what that run notes of it among its outputs."""
    run = sa.and_(runs.c.workspace == logged_models.c.workspace, runs.c.run_id == logged_models.c.source_run_id)
    output = sa.and_(outputs.c.run == runs.c.id, outputs.c.model_id == logged_models.c.model_id)
    return source.outerjoin(runs, run).outerjoin(outputs, output)


def _dataset(connection: Connection, key: ModelOrder, key_id: int, *, extended: bool) -> int | sa.ScalarSelect[int]:
    """The number of the dataset on which a model's value counts: the one that is named, or that of the latest value."""
    if extended and key.dataset_name == "":
        return NO_DATASET
    if key.dataset_name and key.dataset_digest:
        found = dataset_numbers(connection, [OnDataset(key.dataset_name, key.dataset_digest)])
        return found[0] if found else _NOBODY
    table = model_summaries.alias("of_model")
    newest = (table.c.latest_timestamp.desc(), table.c.latest_step.desc(), table.c.latest_run.desc())
    chosen = sa.select(table.c.dataset).where(table.c.model == logged_models.c.id, table.c.key_id == key_id)
    if key.dataset_name or key.dataset_digest:
        chosen = chosen.join(metric_datasets, metric_datasets.c.id == table.c.dataset)
    if key.dataset_name:
        chosen = chosen.where(metric_datasets.c.name == key.dataset_name)
    if key.dataset_digest:
        chosen = chosen.where(metric_datasets.c.digest == key.dataset_digest)
    return chosen.order_by(*newest).limit(1).correlate(logged_models).scalar_subquery()
