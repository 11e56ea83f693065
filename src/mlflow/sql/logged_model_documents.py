"""Rows of logged models as the entities that programs see, with a constant number of queries however many they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.entities.logged_model import LoggedModel
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.metric import Metric
from mlflow.sql.keys import Keys
from mlflow.sql.logged_model_tables import logged_model_params, logged_model_tags, metric_datasets, model_metrics
from mlflow.sql.tables import runs

__all__ = ["read_models"]

_CHUNK = 500
_NUMBERS: sa.BindParameter[list[int]] = sa.bindparam("numbers", expanding=True)
_TEXTS = {
    kind: sa.select(table.c.model, table.c.name, table.c.value)
    .where(table.c.model.in_(_NUMBERS))
    .order_by(table.c.model, table.c.name)
    for kind, table in (("params", logged_model_params), ("tags", logged_model_tags))
}
_POINTS = (
    sa.select(
        model_metrics.c.model,
        model_metrics.c.key_id,
        model_metrics.c.value,
        model_metrics.c.is_nan,
        model_metrics.c.timestamp,
        model_metrics.c.step,
        runs.c.run_id,
        metric_datasets.c.name,
        metric_datasets.c.digest,
    )
    .join(runs, runs.c.id == model_metrics.c.run)
    .outerjoin(metric_datasets, metric_datasets.c.id == model_metrics.c.dataset)
    .where(model_metrics.c.model.in_(_NUMBERS))
    .order_by(model_metrics.c.model, model_metrics.c.key_id, model_metrics.c.timestamp, model_metrics.c.step)
)


def read_models(connection: Connection, keys: Keys, rows: Sequence[Row[Any]]) -> list[LoggedModel]:
    """The models of some rows, with tags, params and all their points, in the rows' order."""
    params, tags = (_texts(connection, kind, rows) for kind in ("params", "tags"))
    points = _points(connection, keys, rows)
    return [_model(row, params.get(row.id, {}), tags.get(row.id, {}), points.get(row.id)) for row in rows]


def _model(row: Row[Any], params: dict[str, str], tags: dict[str, str], points: list[Metric] | None) -> LoggedModel:
    return LoggedModel(
        str(row.experiment_id),
        row.model_id,
        row.name,
        row.artifact_location,
        row.creation_timestamp,
        row.last_updated_timestamp,
        row.model_type or None,
        row.source_run_id or None,
        LoggedModelStatus.from_int(row.status),
        row.status_message or None,
        tags,
        params,
        points,
    )


def _texts(connection: Connection, kind: str, rows: Sequence[Row[Any]]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for numbers in _chunks(rows):
        for model, name, value in connection.execute(_TEXTS[kind], {"numbers": numbers}):
            found.setdefault(model, {})[name] = value
    return found


def _points(connection: Connection, keys: Keys, rows: Sequence[Row[Any]]) -> dict[int, list[Metric]]:
    model_ids = {row.id: row.model_id for row in rows}
    stored = [point for numbers in _chunks(rows) for point in connection.execute(_POINTS, {"numbers": numbers})]
    names = keys.names(connection, {point.key_id for point in stored}) if stored else {}
    found: dict[int, list[Metric]] = {}
    for model, key, value, is_nan, timestamp, step, run_id, name, digest in stored:
        number = float("nan") if is_nan else value
        point = Metric(names[key], number, timestamp, step, model_ids[model], name, digest, run_id)
        found.setdefault(model, []).append(point)
    return found


def _chunks(rows: Sequence[Row[Any]]) -> list[list[int]]:
    numbers = [row.id for row in rows]
    return [numbers[start : start + _CHUNK] for start in range(0, len(numbers), _CHUNK)]
