"""What a run used."""

from __future__ import annotations

from typing import Any, Self

from mlflow.entities._record import Record
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.logged_model_input import LoggedModelInput

__all__ = ["RunInputs"]


class RunInputs(Record, frozen=True):
    """The datasets and logged models that a run used."""

    dataset_inputs: list[DatasetInput] = []
    model_inputs: list[LoggedModelInput] = []

    def to_dictionary(self) -> dict[str, Any]:
        """Inputs of both kinds, each by its attributes; the tags of a dataset by key."""
        return {
            "dataset_inputs": [used.to_dictionary() for used in self.dataset_inputs],
            "model_inputs": [used.to_dictionary() for used in self.model_inputs],
        }

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> Self:
        """Inputs from what `to_dictionary` returns."""
        return cls(
            [DatasetInput.from_dictionary(used) for used in the_dict.get("dataset_inputs", ())],
            [LoggedModelInput.from_dictionary(used) for used in the_dict.get("model_inputs", ())],
        )
