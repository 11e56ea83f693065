"""The evaluator of regressors."""

from __future__ import annotations

from typing import Any

from mlflow.evaluation.built_in import BuiltInEvaluator, Case
from mlflow.evaluation.regression import numbers, regression_metrics
from mlflow.evaluation.scores import own_score

__all__ = ["RegressorEvaluator"]


class RegressorEvaluator(BuiltInEvaluator):
    """Evaluates models that predict numbers."""

    model_types = ("regressor",)

    def _measure(self, case: Case, state: Any) -> dict[str, Any]:
        targets, predictions = numbers("targets", case.targets), numbers("predictions", case.predictions)
        return own_score(case.model, case.dataset, case.weights) | regression_metrics(
            targets, predictions, case.weights
        )
