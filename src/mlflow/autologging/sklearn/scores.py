"""Metrics of a fitted estimator on its training data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from mlflow.tracking.autologging.guard import guard
from mlflow.tracking.autologging.record import Record

__all__ = ["Predicted", "log_scores"]


class Predicted(msgspec.Struct, frozen=True):
    """What an estimator says of its training data.

    Args:
        labels: n of them, or n rows.
        probabilities: n rows, a column for each class; None when it gives none.
    """

    labels: Any
    probabilities: Any = None


def log_scores(
    record: Record, estimator: Any, features: Any, labels: Any, weights: Any, pos_label: Any
) -> Predicted | None:
    """Log the metrics that suit the estimator, each if it can be computed, and what its own `score` says.

    Returns:
        Its predictions; None when it makes none.
    """
    from sklearn.base import is_classifier, is_regressor

    found: dict[str, float] = {}
    predicted = None
    if is_classifier(estimator) or is_regressor(estimator):
        predicted = _predicted(record.integration, estimator, features)
        if predicted is not None:
            kind = _classifier if is_classifier(estimator) else _regressor
            for name, score in kind(labels, predicted, weights, pos_label):
                _try(record.integration, found, f"training_{name}", score)
    if hasattr(estimator, "score"):
        weighted = {} if weights is None else {"sample_weight": weights}
        _try(record.integration, found, "training_score", lambda: estimator.score(features, labels, **weighted))
    record.metrics(found)
    return predicted


def _predicted(integration: str, estimator: Any, features: Any) -> Predicted | None:
    if not hasattr(estimator, "predict"):
        return None
    with guard(integration, "predict on the training data"):
        probabilities = estimator.predict_proba(features) if hasattr(estimator, "predict_proba") else None
        # of several outputs there are as many arrays of probabilities, which no metric takes
        return Predicted(estimator.predict(features), None if isinstance(probabilities, list) else probabilities)
    return None


def _try(integration: str, found: dict[str, float], name: str, score: Callable[[], Any]) -> None:
    with guard(integration, f"compute {name}"):
        found[name] = float(score())


def _classifier(
    labels: Any, predicted: Predicted, weights: Any, pos_label: Any
) -> Iterator[tuple[str, Callable[[], Any]]]:
    from sklearn import metrics

    average = {"average": "weighted"} if pos_label is None else {"average": "binary", "pos_label": pos_label}
    quiet = {**average, "sample_weight": weights, "zero_division": 0}
    yield "precision_score", lambda: metrics.precision_score(labels, predicted.labels, **quiet)
    yield "recall_score", lambda: metrics.recall_score(labels, predicted.labels, **quiet)
    yield "f1_score", lambda: metrics.f1_score(labels, predicted.labels, **quiet)
    yield "accuracy_score", lambda: metrics.accuracy_score(labels, predicted.labels, sample_weight=weights)
    if predicted.probabilities is not None:
        yield "log_loss", lambda: metrics.log_loss(labels, predicted.probabilities, sample_weight=weights)
        if predicted.probabilities.shape[1] == 2:
            positive = {"y_score": predicted.probabilities[:, 1], "sample_weight": weights}
            yield "roc_auc", lambda: metrics.roc_auc_score(labels, average="weighted", **positive)
        elif weights is None:  # means over pairs of classes know no weights
            pairs = {"y_score": predicted.probabilities, "multi_class": "ovo"}
            yield "roc_auc", lambda: metrics.roc_auc_score(labels, average="weighted", **pairs)


def _regressor(
    labels: Any, predicted: Predicted, weights: Any, pos_label: Any
) -> Iterator[tuple[str, Callable[[], Any]]]:
    from sklearn import metrics

    given = {"sample_weight": weights}
    yield "mean_squared_error", lambda: metrics.mean_squared_error(labels, predicted.labels, **given)
    yield "mean_absolute_error", lambda: metrics.mean_absolute_error(labels, predicted.labels, **given)
    yield "r2_score", lambda: metrics.r2_score(labels, predicted.labels, **given)
    yield "root_mean_squared_error", lambda: metrics.mean_squared_error(labels, predicted.labels, **given) ** 0.5
