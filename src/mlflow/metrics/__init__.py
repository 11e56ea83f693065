"""Metrics for `mlflow.evaluate`: those of scikit-learn by their usual names, and any function as one of your own.

    >>> import mlflow.metrics
    >>> mlflow.metrics.mae()([3.0, 5.0], [2.0, 5.0]).aggregate_results
    {'mean_absolute_error': 0.5}

Metrics that judge generated text belong to MLflow's tier for generative applications, which this distribution does not
have; their names say so when they are used.
"""

from __future__ import annotations

from mlflow._names import GENAI
from mlflow._unavailable import Unavailable
from mlflow.metrics.classic import (
    f1_score,
    mae,
    mape,
    max_error,
    mse,
    precision_score,
    r2_score,
    recall_score,
    rmse,
)
from mlflow.metrics.metric import EvaluationMetric, make_metric
from mlflow.metrics.value import MetricValue

__all__ = [
    "EvaluationMetric",
    "MetricValue",
    "f1_score",
    "mae",
    "make_metric",
    "mape",
    "max_error",
    "mse",
    "precision_score",
    "r2_score",
    "recall_score",
    "rmse",
]


def __getattr__(name: str) -> Unavailable:
    if f"metrics.{name}" in GENAI:
        return Unavailable(f"mlflow.metrics.{name}")
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
