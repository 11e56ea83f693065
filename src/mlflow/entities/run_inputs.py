"""What a run used."""

from __future__ import annotations

from mlflow.entities._record import Record
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.logged_model_input import LoggedModelInput

__all__ = ["RunInputs"]


class RunInputs(Record, frozen=True):
    """The datasets and logged models that a run used."""

    dataset_inputs: list[DatasetInput] = []
    model_inputs: list[LoggedModelInput] = []
