"""The link between a run and a dataset."""

from __future__ import annotations

from mlflow.entities._record import Record
from mlflow.entities.dataset import Dataset
from mlflow.entities.input_tag import InputTag

__all__ = ["DatasetInput"]


class DatasetInput(Record, frozen=True):
    """A dataset that a run used, with the tags of that use."""

    dataset: Dataset
    tags: list[InputTag] = []
