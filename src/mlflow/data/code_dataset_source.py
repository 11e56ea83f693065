"""The source of data that the running code made."""

from __future__ import annotations

from typing import Any, Self

from mlflow.data.dataset_source import DatasetSource
from mlflow.exceptions import NotImplementedByStore
from mlflow.tracking.context.registry import resolve_tags

__all__ = ["CodeDatasetSource"]


class CodeDatasetSource(DatasetSource):
    """The code that made the data, told by the tags of a run: script or notebook, user, commit."""

    def __init__(self, tags: dict[Any, Any]) -> None:
        self._tags = tags

    @classmethod
    def of_this_program(cls) -> Self:
        """The source of data that this program makes."""
        return cls(resolve_tags())

    @staticmethod
    def _get_source_type() -> str:
        return "code"

    @staticmethod
    def _can_resolve(raw_source: Any) -> bool:
        return False

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        raise NotImplementedByStore(f"Code is no source that '{raw_source}' could name. Pass a CodeDatasetSource.")

    def load(self, **kwargs: Any) -> Any:
        """Always fails: code is recorded, not run again.

        Raises:
            NotImplementedByStore: always.
        """
        raise NotImplementedByStore(
            f"Data made by code cannot be loaded. Run the code again; its tags are {self._tags}."
        )

    def to_dict(self) -> dict[Any, Any]:
        return {"tags": self._tags}

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        return cls(source_dict.get("tags"))  # type: ignore[arg-type] # recorded by others, may be absent
