"""Evaluate models: metrics, pictures and tables of classifiers, regressors, and whatever else has a metric.

    >>> import mlflow
    >>> result = mlflow.evaluate(model_uri, frame, targets="quality", model_type="regressor")  # doctest: +SKIP
    >>> result.metrics["root_mean_squared_error"]  # doctest: +SKIP

The names of this package are resolved on use.
"""

from __future__ import annotations

from typing import Any

from mlflow._lazy import attach
from mlflow._names import GENAI
from mlflow._unavailable import Unavailable

_NAMES = {
    "EvaluationArtifact": "mlflow.evaluation.artifacts:EvaluationArtifact",
    "EvaluationDataset": "mlflow.data.evaluation_dataset:EvaluationDataset",
    "EvaluationMetric": "mlflow.metrics.metric:EvaluationMetric",
    "EvaluationResult": "mlflow.evaluation.result:EvaluationResult",
    "MetricThreshold": "mlflow.evaluation.validation:MetricThreshold",
    "ModelEvaluator": "mlflow.evaluation.evaluator:ModelEvaluator",
    "evaluate": "mlflow.evaluation.entry:evaluate",
    "list_evaluators": "mlflow.evaluation.registry:list_evaluators",
    "make_metric": "mlflow.metrics.metric:make_metric",
    "validate_evaluation_results": "mlflow.evaluation.validation:validate_evaluation_results",
}

__all__ = [*_NAMES]  # noqa: PLE0604 - strings, resolved on use

_resolve, __dir__ = attach(__name__, _NAMES)


def __getattr__(name: str) -> Any:
    if f"evaluation.{name}" in GENAI:
        return Unavailable(f"mlflow.evaluation.{name}")
    return _resolve(name)
