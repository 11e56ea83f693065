"""The link between a run and a dataset."""

from __future__ import annotations

from typing import Any, Self

from mlflow.entities._record import Record
from mlflow.entities.dataset import Dataset
from mlflow.entities.input_tag import InputTag

__all__ = ["DatasetInput"]


class DatasetInput(Record, frozen=True):
    """A dataset that a run used, with the tags of that use."""

    dataset: Dataset
    tags: list[InputTag] = []

    def to_dictionary(self) -> dict[str, Any]:
        """The dataset's attributes, and the tags by key."""
        return {"dataset": self.dataset.to_dictionary(), "tags": {tag.key: tag.value for tag in self.tags}}

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> Self:
        """An input from what `to_dictionary` returns."""
        tags = [InputTag(key, value) for key, value in the_dict.get("tags", {}).items()]
        return cls(Dataset.from_dictionary(the_dict["dataset"]), tags)
