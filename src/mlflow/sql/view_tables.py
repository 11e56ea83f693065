"""The table of saved views, beside those of tracking."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, UniqueConstraint

from mlflow.sql.column_types import Id, Name, Words
from mlflow.sql.tables import metadata

__all__ = ["VIEW_TABLES", "views"]

views = Table(
    "views",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("experiment_id", BigInteger, nullable=False),
    Column("view_id", Name(32), nullable=False),
    Column("screen", Name(16), nullable=False),
    Column("name", Name(250)),  # NULL for the short form of a long address
    Column("state", Words, nullable=False),
    Column("user_id", Name(250), nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_update_time", BigInteger, nullable=False),
    UniqueConstraint("experiment_id", "view_id"),
    UniqueConstraint("experiment_id", "screen", "name"),
    sqlite_autoincrement=True,
)

VIEW_TABLES = (views,)
