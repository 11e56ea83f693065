"""The classic metrics of regression and classification, computed by scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlflow.exceptions import MlflowException
from mlflow.metrics.metric import EvaluationMetric, make_metric
from mlflow.metrics.value import MetricValue

__all__ = [
    "PackageMissing",
    "f1_score",
    "mae",
    "mape",
    "max_error",
    "mse",
    "precision_score",
    "r2_score",
    "recall_score",
    "rmse",
    "sklearn_metrics",
    "without_overflow",
]

_Metrics = Mapping[str, MetricValue] | None
_Found = MetricValue | None


class PackageMissing(MlflowException, ImportError):
    """A package that evaluation needs is not installed."""


def sklearn_metrics() -> Any:
    """The module `sklearn.metrics`.

    Raises:
        PackageMissing: scikit-learn is not installed.
    """
    try:
        import sklearn.metrics
    except ImportError as exc:
        raise PackageMissing(
            f"Metrics are computed by scikit-learn: {exc}. Run: pip install 'mlflow[evaluation]'"
        ) from exc
    return sklearn.metrics


def without_overflow(values: Any) -> Any:
    """Numbers that can be subtracted and squared: whole ones as floats, as 0 - 1 is 255 in eight bits. None stays."""
    import numpy as np

    found = None if values is None else np.asarray(values)
    return found.astype(float) if found is not None and found.dtype.kind in "biu" else found


def mae() -> EvaluationMetric:
    """The mean of the absolute errors, in the targets' unit."""
    return _metric("mean_absolute_error")


def mse() -> EvaluationMetric:
    """The mean of the squared errors."""
    return _metric("mean_squared_error")


def rmse() -> EvaluationMetric:
    """The square root of the mean squared error, in the targets' unit."""
    return _metric("root_mean_squared_error")


def r2_score() -> EvaluationMetric:
    """The share of the targets' variance that the predictions explain; 1 at best."""
    return _metric("r2_score", greater_is_better=True)


def max_error() -> EvaluationMetric:
    """The greatest absolute error; it has no weights."""
    return _metric("max_error", weighted=False)


def mape() -> EvaluationMetric:
    """The mean of the absolute errors relative to the targets; 0.1 is ten percent."""
    return _metric("mean_absolute_percentage_error")


def recall_score() -> EvaluationMetric:
    """The share of the positive class's rows that were found; averaged where there are more than two classes."""
    return _of_classes("recall_score")


def precision_score() -> EvaluationMetric:
    """The share of right ones among the predictions of the positive class; averaged as `recall_score` is."""
    return _of_classes("precision_score")


def f1_score() -> EvaluationMetric:
    """The harmonic mean of precision and recall; averaged as `recall_score` is."""
    return _of_classes("f1_score")


def _metric(name: str, *, greater_is_better: bool = False, weighted: bool = True) -> EvaluationMetric:
    def eval_fn(predictions: Any, targets: Any = None, metrics: _Metrics = None, sample_weight: Any = None) -> _Found:
        weights = {"sample_weight": sample_weight} if weighted else {}
        return _found(name, without_overflow(predictions), without_overflow(targets), **weights)

    return make_metric(eval_fn=eval_fn, greater_is_better=greater_is_better, name=name)


def _of_classes(name: str) -> EvaluationMetric:
    def eval_fn(
        predictions: Any,
        targets: Any = None,
        metrics: _Metrics = None,
        pos_label: Any = 1,
        average: str | None = None,
        sample_weight: Any = None,
    ) -> _Found:
        chosen = average or ("binary" if targets is None or len(set(targets)) <= 2 else "weighted")
        return _found(name, predictions, targets, pos_label=pos_label, average=chosen, sample_weight=sample_weight)

    return make_metric(eval_fn=eval_fn, greater_is_better=True, name=name)


def _found(name: str, predictions: Any, targets: Any, **options: Any) -> _Found:
    if targets is None or len(targets) == 0:
        return None
    found = getattr(sklearn_metrics(), name)(targets, predictions, **options)
    return MetricValue(aggregate_results={name: float(found)})
