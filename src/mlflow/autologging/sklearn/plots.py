"""Plots of a classifier on its training data; where matplotlib is not installed there are none."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from mlflow.autologging.sklearn.scores import Predicted
from mlflow.tracking.autologging.guard import guard
from mlflow.tracking.autologging.record import Record

__all__ = ["log_plots"]

_MOST_CLASSES = 50


def log_plots(record: Record, estimator: Any, labels: Any, predicted: Predicted | None) -> None:
    """Log the confusion matrix and, for two classes, the curves of ROC and of precision and recall."""
    from sklearn.base import is_classifier

    classes = getattr(estimator, "classes_", None)
    if predicted is None or not is_classifier(estimator) or find_spec("matplotlib") is None or classes is None:
        return
    if isinstance(classes, list):  # several outputs
        return
    if len(classes) <= _MOST_CLASSES:
        _draw(record, "training_confusion_matrix.png", lambda axes: _confusion(axes, labels, predicted))
    if len(classes) == 2 and predicted.probabilities is not None:
        _draw(record, "training_roc_curve.png", lambda axes: _roc(axes, labels, predicted, classes[1]))
        _draw(record, "training_precision_recall_curve.png", lambda axes: _recall(axes, labels, predicted, classes[1]))


def _draw(record: Record, name: str, plot: Callable[[Any], Any]) -> None:
    from matplotlib.figure import Figure  # without pyplot, whose state belongs to the program

    with guard(record.integration, f"draw {name}"):
        figure = Figure()
        plot(figure.subplots())
        record.figure(figure, name)


def _confusion(axes: Any, labels: Any, predicted: Predicted) -> None:
    from sklearn.metrics import ConfusionMatrixDisplay

    ConfusionMatrixDisplay.from_predictions(labels, predicted.labels, normalize="true", cmap="Blues", ax=axes)
    axes.set_title("Normalized confusion matrix")


def _roc(axes: Any, labels: Any, predicted: Predicted, positive: Any) -> None:
    from sklearn.metrics import RocCurveDisplay

    RocCurveDisplay.from_predictions(labels, predicted.probabilities[:, 1], pos_label=positive, ax=axes)
    axes.set_title("ROC curve")


def _recall(axes: Any, labels: Any, predicted: Predicted, positive: Any) -> None:
    from sklearn.metrics import PrecisionRecallDisplay

    PrecisionRecallDisplay.from_predictions(labels, predicted.probabilities[:, 1], pos_label=positive, ax=axes)
    axes.set_title("Precision recall curve")
