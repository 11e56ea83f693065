"""Reading the logged models of a database that MLflow made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.entities.metric import Metric
from mlflow.sql.bulk_logged_models import LoggedModelRecord
from mlflow.sql.legacy_rows import LegacySchema

__all__ = ["logged_model_ids", "read_logged_models"]


def logged_model_ids(schema: LegacySchema, connection: Connection) -> list[str]:
    """The ids of all logged models; none in a database from before there were any."""
    if not schema.has("logged_models"):
        return []
    chosen = schema.select("logged_models").order_by(sa.column("creation_timestamp_ms"), sa.column("model_id"))
    return [row.model_id for row in connection.execute(chosen)]


def read_logged_models(
    schema: LegacySchema, connection: Connection, model_ids: Sequence[str]
) -> list[LoggedModelRecord]:
    """These models with all that was logged about them."""
    params = _texts(schema, connection, "logged_model_params", "param", model_ids)
    tags = _texts(schema, connection, "logged_model_tags", "tag", model_ids)
    points: dict[str, list[Metric]] = {}
    for row in schema.rows(connection, "logged_model_metrics", "model_id", model_ids):
        points.setdefault(row.model_id, []).append(_point(row))
    return [
        LoggedModelRecord(
            model_id=row.model_id,
            experiment_id=str(row.experiment_id),
            name=row.name,
            artifact_location=row.artifact_location,
            creation_timestamp=row.creation_timestamp_ms,
            last_updated_timestamp=row.last_updated_timestamp_ms,
            status=row.status or 0,
            status_message=row.status_message,
            model_type=row.model_type or "",
            source_run_id=row.source_run_id or "",
            deleted=row.lifecycle_stage == "deleted",
            params=params.get(row.model_id, {}),
            tags=tags.get(row.model_id, {}),
            points=points.get(row.model_id, []),
        )
        for row in schema.rows(connection, "logged_models", "model_id", model_ids)
    ]


def _texts(
    schema: LegacySchema, connection: Connection, table: str, kind: str, model_ids: Sequence[str]
) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in schema.rows(connection, table, "model_id", model_ids):
        found.setdefault(row.model_id, {})[getattr(row, f"{kind}_key")] = getattr(row, f"{kind}_value") or ""
    return found


def _point(row: Row[Any]) -> Metric:
    return Metric(
        row.metric_name,
        row.metric_value if row.metric_value is not None else float("nan"),
        row.metric_timestamp_ms,
        row.metric_step,
        row.model_id,
        row.dataset_name,
        row.dataset_digest,
        row.run_id,
    )
