"""The pictures of classifiers that give probabilities: ROC, precision and recall, calibration, and lift."""

from __future__ import annotations

from typing import Any

from mlflow.evaluation.classes import Classes
from mlflow.evaluation.plots import BASELINE, canvas, colors, legend
from mlflow.metrics.classic import sklearn_metrics

__all__ = ["calibration_curve", "lift_curve", "precision_recall_curve", "roc_curve"]

_WIDE = (9, 5)


def roc_curve(targets: Any, probabilities: Any, classes: Classes, weights: Any = None) -> Any:
    """The true positive rate over the false positive rate, of the positive class of two, or of each of several."""
    metrics = sklearn_metrics()
    x, y = "False positive rate", "True positive rate"
    with _axes("ROC curve", x, y, classes) as (figure, axes):
        for label, column, color in _lines(targets, classes):
            is_it, scores = targets == label, probabilities[:, column]
            false, true, _ = metrics.roc_curve(is_it, scores, sample_weight=weights)
            area = metrics.roc_auc_score(is_it, scores, sample_weight=weights)
            axes.plot(false, true, color=color, label=f"{_name(label, classes)}AUC = {area:.3f}")
        axes.plot([0, 1], [0, 1], label="Chance", **BASELINE)
        axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))
        legend(axes, "lower right")
    return figure


def precision_recall_curve(targets: Any, probabilities: Any, classes: Classes, weights: Any = None) -> Any:
    """Precision over recall, of the positive class of two, or of each of several."""
    metrics = sklearn_metrics()
    with _axes("Precision-recall curve", "Recall", "Precision", classes) as (figure, axes):
        for label, column, color in _lines(targets, classes):
            is_it, scores = targets == label, probabilities[:, column]
            precision, recall, _ = metrics.precision_recall_curve(is_it, scores, sample_weight=weights)
            average = metrics.average_precision_score(is_it, scores, sample_weight=weights)
            text = f"{_name(label, classes)}AP = {average:.3f}"
            axes.plot(recall, precision, color=color, drawstyle="steps-post", label=text)
        if classes.is_binary:
            share = (targets == classes.positive).mean()
            axes.axhline(share, label=f"Chance ({share:.0%} are positive)", **BASELINE)
        axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.03))
        legend(axes, "lower left")
    return figure


def calibration_curve(targets: Any, probabilities: Any, classes: Classes, config: dict[str, Any]) -> Any:
    """How often rows are of a class, over how probable the model took it to be.

    Args:
        targets: n classes.
        probabilities: n × classes.
        classes: in the order of the columns.
        config: arguments of scikit-learn's `calibration_curve`; ten bins of the same width unless given.
    """
    from sklearn.calibration import calibration_curve as points

    options = {"n_bins": 10} | config
    with _axes("Calibration", "Mean predicted probability", "Share of rows of the class", classes) as (figure, axes):
        axes.plot([0, 1], [0, 1], label="Perfectly calibrated", **BASELINE)
        for label, column, color in _lines(targets, classes):
            found, told = points(targets == label, probabilities[:, column], **options)
            text = f"Class {label}" if not classes.is_binary else "Model"
            axes.plot(told, found, marker="o", markersize=5, color=color, label=text)
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        legend(axes, "upper left")
    return figure


def lift_curve(targets: Any, probabilities: Any, classes: Classes) -> Any:
    """How many times more often a class is met among the rows that the model ranks first than among all rows."""
    import numpy as np

    count = len(targets)
    share = np.arange(1, count + 1) / count
    x, y = "Share of rows, most probable first", "Lift over chance (times)"
    with canvas("Lift curve", x, y) as (figure, axes):
        for (column, label), color in zip(enumerate(classes.labels), colors(len(classes.labels)), strict=True):
            is_it = targets == label
            ranked = is_it[np.argsort(-probabilities[:, column], kind="stable")]
            lift = np.cumsum(ranked) / is_it.sum() / share
            axes.plot(share, lift, color=color, label=f"Class {label}{' (positive)' if column == 1 else ''}")
        axes.axhline(1, label="Chance", **BASELINE)
        axes.xaxis.set_major_formatter("{x:.0%}")
        axes.set(xlim=(0, 1.01))
        legend(axes, "upper right")
    return figure


def _axes(title: str, x: str, y: str, classes: Classes) -> Any:
    """Axes that say which class they are about, wide where a legend stands beside them."""
    if classes.is_binary:
        return canvas(f"{title} of class {classes.positive}", x, y)
    return canvas(title, x, y, _WIDE)


def _lines(targets: Any, classes: Classes) -> list[tuple[Any, int, Any]]:
    """Class, its column of the probabilities, and its colour; of two classes the positive one only."""
    if classes.is_binary:
        return [(classes.positive, 1, colors(1)[0])]
    every = zip(classes.labels, range(len(classes.labels)), colors(len(classes.labels)), strict=True)
    return [line for line in every if (targets == line[0]).any()]


def _name(label: Any, classes: Classes) -> str:
    return "" if classes.is_binary else f"Class {label}: "
