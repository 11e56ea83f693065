"""The columns that logged models of an experiment have."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.columns import ColumnKind
from mlflow.contract.logged_model_columns import KnownModelColumn
from mlflow.sql.keys import Keys
from mlflow.sql.logged_model_tables import (
    logged_model_params,
    logged_model_tags,
    logged_models,
    metric_datasets,
    model_summaries,
)

__all__ = ["read_known_columns"]

_LATEST = 2000  # models that are looked at: all keys of many more take longer than a screen waits
_TEXTS: dict[ColumnKind, sa.Table] = {"param": logged_model_params, "tag": logged_model_tags}


def read_known_columns(
    connection: Connection, keys: Keys, workspace: str, experiment_id: int
) -> list[KnownModelColumn]:
    """Metrics by dataset and key, params and tags by key."""
    latest = (
        sa.select(logged_models.c.id)
        .where(
            logged_models.c.workspace == workspace,
            logged_models.c.experiment_id == experiment_id,
            logged_models.c.deleted == 0,
        )
        .order_by(logged_models.c.creation_timestamp.desc(), logged_models.c.model_id)
        .limit(_LATEST)
        .subquery("latest")
    )
    found = _metrics(connection, keys, latest)
    for kind, table in _TEXTS.items():
        figures = sa.func.count(), sa.func.count(table.c.value.distinct())
        chosen = sa.select(table.c.name, *figures).join_from(latest, table, table.c.model == latest.c.id)
        rows = connection.execute(chosen.group_by(table.c.name).order_by(table.c.name))
        found += [KnownModelColumn(kind, name, models, distinct=distinct) for name, models, distinct in rows]
    return found


def _metrics(connection: Connection, keys: Keys, latest: sa.FromClause) -> list[KnownModelColumn]:
    table: Any = model_summaries.c
    chosen = sa.select(table.key_id, table.dataset, sa.func.count()).join_from(
        latest, model_summaries, table.model == latest.c.id
    )
    rows = connection.execute(chosen.group_by(table.key_id, table.dataset)).all()
    names = keys.names(connection, {row.key_id for row in rows}) if rows else {}
    numbers = {row.dataset for row in rows}
    told = sa.select(metric_datasets.c.id, metric_datasets.c.name, metric_datasets.c.digest)
    datasets = {
        row.id: (row.name, row.digest) for row in connection.execute(told.where(metric_datasets.c.id.in_(numbers)))
    }
    columns = [
        KnownModelColumn("metric", names[key], models, *datasets.get(dataset, ("", "")))
        for key, dataset, models in rows
    ]
    return sorted(columns, key=lambda column: (column.dataset_name, column.dataset_digest, column.key))
