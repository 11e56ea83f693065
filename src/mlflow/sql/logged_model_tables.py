"""The tables of logged models, beside those of tracking.

Users know a model by `logged_models.model_id`; inside it is `logged_models.id`, which the others call `model`. Whoever
writes below a model locks the model's row first. Texts that a model lacks are empty, as servers answer them.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, UniqueConstraint

from mlflow.sql.column_types import Id, Name, Real, Words
from mlflow.sql.tables import metadata

__all__ = [
    "LOGGED_MODEL_TABLES",
    "MAX_MODEL_KEY",
    "NO_DATASET",
    "logged_model_params",
    "logged_model_tags",
    "logged_models",
    "metric_datasets",
    "model_metrics",
    "model_summaries",
]

MAX_MODEL_KEY = 500  # characters of a param's or tag's key
NO_DATASET = 0
"""Stands for the dataset of points that name none."""

logged_models = Table(
    "logged_models",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("workspace", Name(63), nullable=False),
    Column("model_id", Name(256), nullable=False),
    Column("experiment_id", Id, nullable=False),
    Column("name", Words, nullable=False),
    Column("artifact_location", Words, nullable=False),
    Column("creation_timestamp", BigInteger, nullable=False),
    Column("last_updated_timestamp", BigInteger, nullable=False),
    Column("status", SmallInteger, nullable=False),  # LoggedModelStatus.to_int
    Column("status_message", Words),
    Column("model_type", Words, nullable=False),
    Column("source_run_id", Name(256), nullable=False),
    Column("deleted", SmallInteger, nullable=False),  # 0 or 1
    Column("deleted_time", BigInteger),
    UniqueConstraint("workspace", "model_id"),
    Index("logged_models_by_time", "experiment_id", "deleted", sa.text("creation_timestamp DESC"), "model_id"),
    Index("logged_models_by_run", "source_run_id"),
    sqlite_autoincrement=True,
)


def _values(name: str) -> Table:
    """A table of texts by model and key."""
    return Table(
        name,
        metadata,
        Column("model", Id, primary_key=True, autoincrement=False),
        Column("name", Name(MAX_MODEL_KEY), primary_key=True),
        Column("value", Words, nullable=False),
        sqlite_with_rowid=False,
    )


logged_model_params = _values("logged_model_params")
logged_model_tags = _values("logged_model_tags")

metric_datasets = Table(  # the datasets that points name; they need not be those of a run's inputs
    "metric_datasets",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("name", Name(500), nullable=False),
    Column("digest", Name(36), nullable=False),
    UniqueConstraint("name", "digest"),
)

model_metrics = Table(  # points that belong to a logged model too; NaN is value 0 with is_nan 1
    "model_metrics",
    metadata,
    Column("model", Id, primary_key=True, autoincrement=False),
    Column("key_id", Integer, primary_key=True, autoincrement=False),
    Column("dataset", Id, primary_key=True, autoincrement=False),
    Column("timestamp", BigInteger, primary_key=True, autoincrement=False),
    Column("step", BigInteger, primary_key=True, autoincrement=False),
    Column("run", Id, primary_key=True, autoincrement=False),
    Column("value", Real, primary_key=True),
    Column("is_nan", SmallInteger, primary_key=True, autoincrement=False),
    Index("model_metrics_by_run", "run"),
    sqlite_with_rowid=False,
)

model_summaries = Table(  # one row for the points of a model, key and dataset; a latest value of None is NaN
    "model_summaries",
    metadata,
    Column("model", Id, primary_key=True, autoincrement=False),
    Column("key_id", Integer, primary_key=True, autoincrement=False),
    Column("dataset", Id, primary_key=True, autoincrement=False),
    Column("min_value", Real),
    Column("max_value", Real),
    Column("has_nan", SmallInteger, nullable=False),
    Column("latest_timestamp", BigInteger, nullable=False),
    Column("latest_step", BigInteger, nullable=False),
    Column("latest_run", Id, nullable=False),
    Column("latest_value", Real),
    Index("model_summaries_by_dataset", "dataset", "model"),
    Index("model_summaries_by_key", "key_id", "model"),
    sqlite_with_rowid=False,
)

LOGGED_MODEL_TABLES = (
    logged_models,
    logged_model_params,
    logged_model_tags,
    metric_datasets,
    model_metrics,
    model_summaries,
)
