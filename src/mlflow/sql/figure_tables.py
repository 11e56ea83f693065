"""The table of figures that took long to find, beside those of tracking. What is lost of it is found anew."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table

from mlflow.sql.column_types import Bytes, Id, Name
from mlflow.sql.tables import metadata

__all__ = ["FIGURE_TABLES", "kept_figures"]

kept_figures = Table(
    "kept_figures",
    metadata,
    Column("experiment_id", Id, primary_key=True, autoincrement=False),
    Column("subject", Name(32), primary_key=True),
    Column("latest_change", BigInteger),  # that they have seen, with all before it; NULL where more may still come
    Column("time", BigInteger, nullable=False),
    Column("figures", Bytes, nullable=False),  # msgpack
)

FIGURE_TABLES = (kept_figures,)
