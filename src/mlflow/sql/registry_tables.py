"""The tables of the model registry, beside those of tracking.

Users know a model by its name and a version by the model's name and a number; inside, they are `registered_models.id`
and `model_versions.id`. A version repeats its model's workspace and name, so that one index gives the order of a search
over all versions; renaming rewrites them. Whoever writes below a model locks the model's row first, and what is written
stands in the same transaction in `registry_history`.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Computed, Index, Integer, Table, UniqueConstraint

from mlflow.sql.column_types import Id, Name, Words
from mlflow.sql.tables import VALUE_HEAD, metadata

__all__ = [
    "REGISTRY_TABLES",
    "SOURCE_HEAD",
    "SOURCE_HEAD_OF",
    "model_version_tags",
    "model_versions",
    "registered_model_aliases",
    "registered_model_tags",
    "registered_models",
    "registry_history",
]

SOURCE_HEAD = 256
"""As many first characters of a version's source are indexed: enough to tell runs and logged models apart."""

SOURCE_HEAD_OF = f"substr(source, 1, {SOURCE_HEAD})"

registered_models = Table(
    "registered_models",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("workspace", Name(63), nullable=False),
    Column("name", Name(256), nullable=False),
    Column("description", Words),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_updated_time", BigInteger, nullable=False),
    Column("last_version", Integer, nullable=False),  # the highest number given out; none comes back
    Column("deployment_job_id", Words),
    UniqueConstraint("workspace", "name"),
    Index("registered_models_by_time", "workspace", sa.text("last_updated_time DESC"), "name"),
    sqlite_autoincrement=True,  # history names the model by its number, also after it is gone
)

registered_model_tags = Table(
    "registered_model_tags",
    metadata,
    Column("model", Id, primary_key=True, autoincrement=False),
    Column("name", Name(250), primary_key=True),
    Column("head", Name(VALUE_HEAD), nullable=False),  # the value's first characters
    Column("value", Words, nullable=False),
    Index("registered_model_tags_by_value", "name", "head", "model"),
    sqlite_with_rowid=False,
)

registered_model_aliases = Table(
    "registered_model_aliases",
    metadata,
    Column("model", Id, primary_key=True, autoincrement=False),
    Column("alias", Name(255), primary_key=True),
    Column("version", Integer, nullable=False),
    Index("registered_model_aliases_by_version", "model", "version"),
    sqlite_with_rowid=False,
)

model_versions = Table(
    "model_versions",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("model", Id, nullable=False),
    Column("workspace", Name(63), nullable=False),
    Column("name", Name(256), nullable=False),
    Column("version", Integer, nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_updated_time", BigInteger, nullable=False),
    Column("stage", Name(20), nullable=False),
    Column("status", Name(24), nullable=False),
    Column("status_message", Words),
    Column("description", Words),
    Column("user_id", Words),
    Column("source", Words, nullable=False),
    Column("storage_location", Words, nullable=False),  # where the source leads, found when it was registered
    Column("run_id", Name(256)),
    Column("run_link", Words),
    Column("model_id", Name(256)),  # the logged model it was made of
    Column("source_head", Name(SOURCE_HEAD), Computed(SOURCE_HEAD_OF, persisted=True)),
    UniqueConstraint("model", "version"),
    Index("model_versions_by_stage", "model", "stage", "version"),
    Index("model_versions_by_name", "workspace", "name", sa.text("version DESC")),
    Index("model_versions_by_time", "workspace", sa.text("last_updated_time DESC"), "name", sa.text("version DESC")),
    Index("model_versions_by_run", "workspace", "run_id"),
    Index("model_versions_by_model_id", "workspace", "model_id"),
    Index("model_versions_by_source", "workspace", "source_head"),
    sqlite_autoincrement=True,
)

model_version_tags = Table(
    "model_version_tags",
    metadata,
    Column("version_id", Id, primary_key=True, autoincrement=False),
    Column("name", Name(250), primary_key=True),
    Column("head", Name(VALUE_HEAD), nullable=False),
    Column("value", Words, nullable=False),
    Index("model_version_tags_by_value", "name", "head", "version_id"),
    sqlite_with_rowid=False,
)

registry_history = Table(  # every change of a registered model; rows are never changed or removed
    "registry_history",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=True),
    Column("workspace", Name(63), nullable=False),
    Column("model", Id, nullable=False),
    Column("name", Name(256), nullable=False),  # the model's at that time
    Column("version", Integer),
    Column("action", Name(32), nullable=False),
    Column("subject", Name(256)),  # which alias, stage or tag
    Column("before", Words),  # JSON
    Column("after", Words),  # JSON
    Column("evidence", Words),  # JSON
    Column("user_id", Words, nullable=False),
    Column("time", BigInteger, nullable=False),
    Index("registry_history_by_model", "model", "seq"),
    Index("registry_history_by_name", "workspace", "name", "seq"),
    sqlite_autoincrement=True,
)

REGISTRY_TABLES = (
    registered_models,
    registered_model_tags,
    registered_model_aliases,
    model_versions,
    model_version_tags,
    registry_history,
)
