"""What evaluates a model: the interface of evaluators, also those of plugins."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from mlflow.data.evaluation_dataset import EvaluationDataset
from mlflow.evaluation.result import EvaluationResult

__all__ = ["ModelEvaluator"]


class ModelEvaluator(ABC):
    """An evaluator; a plugin names its own by an entry point of the group `mlflow.model_evaluator`."""

    @classmethod
    @abstractmethod
    def can_evaluate(cls, *, model_type: str | None, evaluator_config: dict[str, Any], **kwargs: Any) -> bool:
        """Whether models of a type can be evaluated with a configuration."""

    @abstractmethod
    def evaluate(
        self,
        *,
        model_type: str | None,
        dataset: EvaluationDataset,
        run_id: str,
        evaluator_config: dict[str, Any],
        model: Any = None,
        extra_metrics: list[Any] | None = None,
        custom_artifacts: list[Any] | None = None,
        predictions: str | None = None,
        **kwargs: Any,
    ) -> EvaluationResult:
        """Evaluate a model, and log what was found to a run.

        Args:
            model_type: as the user named it.
            dataset: the rows, with targets and predictions where there are any.
            run_id: the run to log to.
            evaluator_config: this evaluator's configuration.
            model: an object with `predict`; None where the dataset has the predictions.
            extra_metrics: metrics to find besides.
            custom_artifacts: functions that make files.
            predictions: the column of the model's output that has its predictions.
            **kwargs: what later releases add; `model_id` is the logged model's id.
        """
