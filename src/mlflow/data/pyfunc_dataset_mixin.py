"""Datasets that can be split into what a model takes and what it should return."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

from mlflow.data.evaluation_dataset import EvaluationDataset

__all__ = ["PyFuncConvertibleDatasetMixin", "PyFuncInputsOutputs"]


@dataclass
class PyFuncInputsOutputs:
    """The inputs of a model, and the outputs expected of it, if the dataset has targets."""

    inputs: Any
    outputs: Any | None = None


class PyFuncConvertibleDatasetMixin:
    """A dataset that holds its data."""

    @abstractmethod
    def to_pyfunc(self) -> PyFuncInputsOutputs:
        """The data split into inputs and, if there are targets, expected outputs."""

    def rows_and_targets(self) -> tuple[Any, Any]:
        """All rows, and the name of the column of targets or an array of them, as `EvaluationDataset` takes both."""
        raise NotImplementedError(f"{type(self).__name__} has no rows to evaluate.")

    def to_evaluation_dataset(
        self, path: str | None = None, feature_names: list[str] | None = None
    ) -> EvaluationDataset:
        """The data as evaluators take it.

        Args:
            path: where the data is kept, for people.
            feature_names: the columns of a table to use; names of an array's columns.

        Raises:
            InvalidParameterValue: data of such a kind or shape is not evaluated.
        """
        rows, targets = self.rows_and_targets()
        about = {word: getattr(self, word, None) for word in ("name", "digest", "predictions")}
        return EvaluationDataset(rows, targets=targets, path=path, feature_names=feature_names, **about)
