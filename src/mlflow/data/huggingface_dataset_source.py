"""Sources on the Hugging Face hub."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Self

from mlflow.data.dataset_source import DatasetSource
from mlflow.exceptions import NotImplementedByStore

__all__ = ["HuggingFaceDatasetSource"]


class HuggingFaceDatasetSource(DatasetSource):
    """What `datasets.load_dataset` takes to load a dataset."""

    def __init__(
        self,
        path: str,
        config_name: str | None = None,
        data_dir: str | None = None,
        data_files: str | Sequence[str] | Mapping[str, str | Sequence[str]] | None = None,
        split: Any = None,
        revision: Any = None,
        trust_remote_code: bool | None = None,
    ) -> None:
        self.path = path
        self.config_name = config_name
        self.data_dir = data_dir
        self.data_files = data_files
        self.split = split
        self.revision = revision
        self.trust_remote_code = trust_remote_code

    @staticmethod
    def _get_source_type() -> str:
        return "hugging_face"

    @staticmethod
    def _can_resolve(raw_source: Any) -> bool:
        return False

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        raise NotImplementedByStore(f"'{raw_source}' names no Hugging Face dataset. Pass a HuggingFaceDatasetSource.")

    def load(self, **kwargs: Any) -> Any:
        """The `datasets.Dataset`; `kwargs` go to `datasets.load_dataset` and win."""
        recorded = self.to_dict()
        recorded["name"] = recorded.pop("config_name")
        if self.trust_remote_code is not None:
            recorded["trust_remote_code"] = self.trust_remote_code
        return import_module("datasets").load_dataset(**recorded | kwargs)

    def to_dict(self) -> dict[Any, Any]:
        return {
            "path": self.path,
            "config_name": self.config_name,
            "data_dir": self.data_dir,
            "data_files": self.data_files,
            "split": None if self.split is None else str(self.split),
            "revision": None if self.revision is None else str(self.revision),
        }

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        split = source_dict.get("split")
        known = ("config_name", "data_dir", "data_files", "revision")
        others = {key: source_dict.get(key) for key in known}
        # other writers put "None" for a dataset that was not split
        return cls(source_dict["path"], split=None if split == "None" else split, **others)
