"""Sources that are Delta tables."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Self

from mlflow.data.dataset_source import DatasetSource
from mlflow.exceptions import InvalidParameterValue, NotImplementedByStore

__all__ = ["DeltaDatasetSource"]

_CATALOGS_WITHOUT_UNITY = {"hive_metastore", "spark_catalog", "samples"}


class DeltaDatasetSource(DatasetSource):
    """A Delta table by path or by name, at a version; exactly one of path and name."""

    def __init__(
        self,
        path: str | None = None,
        delta_table_name: str | None = None,
        delta_table_version: int | None = None,
        delta_table_id: str | None = None,
    ) -> None:
        if (path, delta_table_name).count(None) != 1:
            raise InvalidParameterValue(
                f"Delta source has path '{path}' and table name '{delta_table_name}'. Give exactly one of them."
            )
        self._path = path
        self._delta_table_name = delta_table_name
        self._delta_table_version = delta_table_version
        self._delta_table_id = delta_table_id

    @property
    def path(self) -> str | None:
        """The folder of the table, when it is named by that."""
        return self._path

    @property
    def delta_table_name(self) -> str | None:
        """The name of the table, when it is named by that."""
        return self._delta_table_name

    @property
    def delta_table_id(self) -> str | None:
        """The id that a catalog gave the table."""
        return self._delta_table_id

    @property
    def delta_table_version(self) -> int | None:
        """The version of the table; None for the latest."""
        return self._delta_table_version

    @staticmethod
    def _get_source_type() -> str:
        return "delta_table"

    @staticmethod
    def _can_resolve(raw_source: Any) -> bool:
        return False

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        raise NotImplementedByStore(f"'{raw_source}' names no Delta table. Pass a DeltaDatasetSource.")

    def load(self, **kwargs: Any) -> Any:
        """The Spark DataFrame of this version, read by the active session; `kwargs` are options of the reader."""
        spark = import_module("pyspark.sql").SparkSession.builder.getOrCreate()
        reader = spark.read.format("delta").options(**kwargs)
        if self._delta_table_version is not None:
            reader = reader.option("versionAsOf", self._delta_table_version)
        return reader.load(self._path) if self._path is not None else reader.table(self._delta_table_name)

    def to_dict(self) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        if self._path is not None:
            found["path"] = self._path
        else:
            found["delta_table_name"] = self._delta_table_name
        if self._delta_table_version is not None:
            found["delta_table_version"] = self._delta_table_version
        if self._delta_table_name is not None:
            found["is_databricks_uc_table"] = self._delta_table_name.split(".")[0] not in _CATALOGS_WITHOUT_UNITY
            found["delta_table_id"] = self._delta_table_id
        return found

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        keys = ("path", "delta_table_name", "delta_table_version", "delta_table_id")
        return cls(*(source_dict.get(key) for key in keys))
