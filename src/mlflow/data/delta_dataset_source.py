"""Sources that are Delta tables."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Self

from mlflow.data.dataset_source import DatasetSource
from mlflow.data.delta_tables import DeltaReaderMissing, is_readable, read
from mlflow.data.spark_delta_utils import failures
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
        """The rows of this version: a Spark DataFrame where Spark reads Delta tables, else a pandas DataFrame.

        Args:
            **kwargs: options of Spark's reader, or of the store that delta-rs reads from.

        Raises:
            DeltaReaderMissing: neither is there.
            ResourceDoesNotExist: delta-rs finds no such table, or not this version of it.
        """
        return self.load_with_version(**kwargs)[0]

    def load_with_version(self, **kwargs: Any) -> tuple[Any, int | None]:
        """What `load` answers, and the version that was asked for or, if delta-rs read it, found."""
        if find_spec("pyspark") is not None:
            try:
                return self._by_spark(kwargs), self._delta_table_version
            except failures() as exc:
                if "DATA_SOURCE_NOT_FOUND" not in str(exc):
                    raise
        if self._path is None or not is_readable(self._path):
            raise DeltaReaderMissing.of(self._path, self._delta_table_name)
        return read(self._path, self._delta_table_version, kwargs)

    def _by_spark(self, options: dict[str, Any]) -> Any:
        from pyspark.sql import SparkSession

        reader = SparkSession.builder.getOrCreate().read.format("delta").options(**options)
        if self._delta_table_version is not None:
            reader = reader.option("versionAsOf", self._delta_table_version)
        return reader.load(self._path) if self._path is not None else reader.table(str(self._delta_table_name))

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
