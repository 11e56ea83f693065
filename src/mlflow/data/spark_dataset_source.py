"""Sources that Spark reads: files, tables and queries."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Self

from mlflow.data.dataset_source import DatasetSource
from mlflow.exceptions import InvalidParameterValue, NotImplementedByStore

__all__ = ["SparkDatasetSource"]


class SparkDatasetSource(DatasetSource):
    """A path, a table, or a query; exactly one of them."""

    def __init__(self, path: str | None = None, table_name: str | None = None, sql: str | None = None) -> None:
        if (path, table_name, sql).count(None) != 2:
            raise InvalidParameterValue(
                f"Spark source has path '{path}', table_name '{table_name}', sql '{sql}'. Give exactly one of them."
            )
        self._path = path
        self._table_name = table_name
        self._sql = sql

    @staticmethod
    def _get_source_type() -> str:
        return "spark"

    @staticmethod
    def _can_resolve(raw_source: Any) -> bool:
        return False

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        raise NotImplementedByStore(f"'{raw_source}' names no Spark source. Pass a SparkDatasetSource.")

    def load(self, **kwargs: Any) -> Any:
        """The Spark DataFrame, read by the active session; `kwargs` are options of the reader."""
        spark = import_module("pyspark.sql").SparkSession.builder.getOrCreate()
        if self._sql is not None:
            return spark.sql(self._sql)
        reader = spark.read.options(**kwargs)
        return reader.load(self._path) if self._path is not None else reader.table(self._table_name)

    def to_dict(self) -> dict[Any, Any]:
        known = {"path": self._path, "table_name": self._table_name, "sql": self._sql}
        return {key: value for key, value in known.items() if value is not None}

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        return cls(source_dict.get("path"), source_dict.get("table_name"), source_dict.get("sql"))
