"""The metrics of classifiers, as scikit-learn computes them."""

from __future__ import annotations

from typing import Any

from mlflow.evaluation.classes import Classes
from mlflow.metrics.classic import sklearn_metrics

__all__ = ["binary_metrics", "class_metrics", "multiclass_metrics", "per_class_metrics"]


def binary_metrics(
    targets: Any, predictions: Any, probabilities: Any, classes: Classes, weights: Any
) -> dict[str, Any]:
    """The metrics of two classes, from the view of the positive one.

    Args:
        targets: n classes.
        predictions: n classes.
        probabilities: n × 2, columns in the order of the classes; None where the model gives none.
        classes: negative and positive.
        weights: n numbers, or None. Counts are not weighted.
    """
    options = {"pos_label": classes.positive, "average": "binary"}
    found = _counts(targets, predictions, classes.labels)
    found |= class_metrics(targets, predictions, weights, options)
    if probabilities is not None:
        found["log_loss"] = _log_loss(targets, probabilities, classes, weights)
        found |= _areas(targets == classes.positive, probabilities[:, 1], weights)
    return found


def multiclass_metrics(
    targets: Any, predictions: Any, probabilities: Any, classes: Classes, weights: Any, average: str
) -> dict[str, Any]:
    """The metrics of several classes, averaged over them; the arguments are those of `binary_metrics`."""
    found = class_metrics(targets, predictions, weights, {"average": average})
    if probabilities is not None:
        found["log_loss"] = _log_loss(targets, probabilities, classes, weights)
    if probabilities is not None and len(set(targets)) == len(classes.labels):
        found["roc_auc"] = sklearn_metrics().roc_auc_score(
            targets,
            probabilities,
            labels=classes.labels,
            sample_weight=weights,
            average=average,
            multi_class="ovr",
        )
    return found


def per_class_metrics(targets: Any, predictions: Any, probabilities: Any, classes: Classes, weights: Any) -> Any:
    """A DataFrame with a row for each class: its metrics against all others."""
    import numpy as np
    import pandas as pd

    rows = []
    for index, label in enumerate(classes.labels):
        is_it, said = targets == label, predictions == label
        found = {"positive_class": label, **_counts(is_it, said, np.array([False, True]))}
        found |= class_metrics(is_it, said, weights, {"pos_label": True, "average": "binary"})
        if probabilities is not None:
            found |= _areas(is_it, probabilities[:, index], weights)
        rows.append(found)
    return pd.DataFrame(rows)


def class_metrics(targets: Any, predictions: Any, weights: Any, options: dict[str, Any]) -> dict[str, Any]:
    """What needs classes only: the number of rows, accuracy, recall, precision and F1."""
    metrics = sklearn_metrics()
    # A class that is never predicted has precision 0, and is no reason to warn.
    scored = {"sample_weight": weights, "zero_division": 0, **options}
    return {
        "example_count": len(targets),
        "accuracy_score": metrics.accuracy_score(targets, predictions, sample_weight=weights),
        "recall_score": metrics.recall_score(targets, predictions, **scored),
        "precision_score": metrics.precision_score(targets, predictions, **scored),
        "f1_score": metrics.f1_score(targets, predictions, **scored),
    }


def _counts(targets: Any, predictions: Any, labels: Any) -> dict[str, Any]:
    matrix = sklearn_metrics().confusion_matrix(targets, predictions, labels=labels)
    names = ("true_negatives", "false_positives", "false_negatives", "true_positives")
    return dict(zip(names, map(int, matrix.ravel()), strict=True))


def _log_loss(targets: Any, probabilities: Any, classes: Classes, weights: Any) -> float:
    """The log loss; scikit-learn wants the columns in the order of the sorted labels."""
    import numpy as np

    order = np.argsort(classes.labels)
    found = sklearn_metrics().log_loss(
        targets, probabilities[:, order], labels=classes.labels[order], sample_weight=weights
    )
    return float(found)


def _areas(is_positive: Any, scores: Any, weights: Any) -> dict[str, Any]:
    """The areas under the ROC and the precision-recall curve; none where one of both classes does not occur."""
    metrics = sklearn_metrics()
    if is_positive.all() or not is_positive.any():
        return {}
    return {
        "roc_auc": metrics.roc_auc_score(is_positive, scores, sample_weight=weights),
        "precision_recall_auc": metrics.average_precision_score(is_positive, scores, sample_weight=weights),
    }
