"""The source that records of generative evaluation datasets name."""

from __future__ import annotations

from typing import Any, Self

from mlflow.data.dataset_source import DatasetSource
from mlflow.exceptions import FeatureDisabled

__all__ = ["EvaluationDatasetSource"]


class EvaluationDatasetSource(DatasetSource):
    """An evaluation dataset by its id: such records can be read, but the dataset itself is not served here."""

    def __init__(self, dataset_id: str) -> None:
        self._dataset_id = dataset_id

    @staticmethod
    def _get_source_type() -> str:
        return "mlflow_evaluation_dataset"

    @staticmethod
    def _can_resolve(raw_source: Any) -> bool:
        return False

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        raise FeatureDisabled(f"'{raw_source}' names no evaluation dataset. Pass an EvaluationDatasetSource.")

    def load(self) -> Any:
        """Always fails: evaluation datasets belong to generative AI, which is not part of this distribution.

        Raises:
            FeatureDisabled: always.
        """
        raise FeatureDisabled(f"Evaluation dataset '{self._dataset_id}' is not served here. Read it where it was made.")

    def to_dict(self) -> dict[str, Any]:
        return {"dataset_id": self._dataset_id}

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        return cls(source_dict["dataset_id"])
