"""Where a dataset comes from."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any, Self

__all__ = ["DatasetSource"]


class DatasetSource(ABC):
    """An address of data that can be recorded as JSON and, mostly, loaded again.

    A plugin subclasses it and names the class in the entry point group `mlflow.dataset_source`.
    """

    @staticmethod
    @abstractmethod
    def _get_source_type() -> str:
        """The name under which runs record sources of this class, for example `s3`."""

    @abstractmethod
    def load(self) -> Any:
        """The data itself, or the local path of a copy."""

    @staticmethod
    @abstractmethod
    def _can_resolve(raw_source: Any) -> bool:
        """Whether this class understands what a user gave as source, for example a URI."""

    @classmethod
    @abstractmethod
    def _resolve(cls, raw_source: Any) -> DatasetSource:
        """The source of what a user gave; `_can_resolve` has said yes."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""

    @classmethod
    @abstractmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        """The source of a JSON form."""

    def to_json(self) -> str:
        """The JSON text that runs record."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, source_json: str) -> Self:
        """The source of a JSON text."""
        return cls.from_dict(json.loads(source_json))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.to_json()})"
