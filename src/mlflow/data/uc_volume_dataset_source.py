"""Sources in volumes of Databricks Unity Catalog."""

from __future__ import annotations

from typing import Any, Self

from mlflow.data.dataset_source import DatasetSource
from mlflow.exceptions import InvalidParameterValue, NotImplementedByStore

__all__ = ["UCVolumeDatasetSource"]


class UCVolumeDatasetSource(DatasetSource):
    """A path under `/Volumes` or `dbfs:/Volumes`; it is recorded, and loaded on Databricks only."""

    def __init__(self, path: str) -> None:
        self.path = path

    @staticmethod
    def _get_source_type() -> str:
        return "uc_volume"

    @staticmethod
    def _can_resolve(raw_source: Any) -> bool:
        return False

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        raise NotImplementedByStore(f"'{raw_source}' names no volume. Pass a UCVolumeDatasetSource.")

    def load(self) -> Any:
        """Always fails: volumes are mounted on Databricks only.

        Raises:
            NotImplementedByStore: always.
        """
        raise NotImplementedByStore(f"Volume '{self.path}' cannot be loaded outside Databricks. Read the path there.")

    def to_dict(self) -> dict[Any, Any]:
        return {"path": self.path}

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        if "path" not in source_dict:
            raise InvalidParameterValue(f"Source '{source_dict}' of type 'uc_volume' has no 'path'. Add it.")
        return cls(source_dict["path"])
