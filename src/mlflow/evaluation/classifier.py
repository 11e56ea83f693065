"""The evaluator of classifiers, of two classes or more."""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

from mlflow.evaluation.built_in import BuiltInEvaluator, Case
from mlflow.evaluation.classes import Classes
from mlflow.evaluation.classification import binary_metrics, multiclass_metrics, per_class_metrics
from mlflow.evaluation.curves import calibration_curve, lift_curve, precision_recall_curve, roc_curve
from mlflow.evaluation.plots import confusion_matrix, require_matplotlib
from mlflow.evaluation.report import Report
from mlflow.evaluation.scores import own_score, probabilities_of
from mlflow.metrics.classic import sklearn_metrics

__all__ = ["ClassifierEvaluator"]

_LOG = logging.getLogger(__name__)


class _State(NamedTuple):
    classes: Classes
    probabilities: Any


class ClassifierEvaluator(BuiltInEvaluator):
    """Evaluates models that predict classes."""

    model_types = ("classifier",)

    def _prepare(self, case: Case) -> _State:
        sklearn_metrics()
        require_matplotlib()
        known, probabilities = probabilities_of(case.model, case.dataset)
        classes = Classes.of(case.targets, case.predictions, case.settings)
        if known is not None and case.settings.label_list is None and set(known) > set(classes.labels):
            _LOG.info("The model knows the classes %s, of which the data has %s.", list(known), list(classes.labels))
            classes = Classes.of(known, known, case.settings)
        return _State(classes, _in_order(probabilities, known, classes))

    def _measure(self, case: Case, state: _State) -> dict[str, Any]:
        found = own_score(case.model, case.dataset, case.weights)
        told = (case.targets, case.predictions, state.probabilities, state.classes, case.weights)
        if state.classes.is_binary:
            return found | binary_metrics(*told)
        return found | multiclass_metrics(*told, case.settings.average)

    def _draw(self, case: Case, state: _State, report: Report) -> None:
        targets, weights, classes = case.targets, case.weights, state.classes
        if not classes.is_binary:
            probabilities = state.probabilities if self._has_curves(case, classes) else None
            told = (targets, case.predictions, probabilities, classes, weights)
            report.add_frame("per_class_metrics", per_class_metrics(*told))
        if state.probabilities is not None and len(set(targets)) > 1:
            self._draw_curves(case, state, report)
        report.add_picture("confusion_matrix", confusion_matrix(targets, case.predictions, classes.labels, weights))

    def _draw_curves(self, case: Case, state: _State, report: Report) -> None:
        targets, probabilities, classes = case.targets, state.probabilities, state.classes
        if classes.is_binary:
            report.add_picture("lift_curve_plot", lift_curve(targets, probabilities, classes))
        config = case.settings.calibration_config
        report.add_picture("calibration_curve_plot", calibration_curve(targets, probabilities, classes, config))
        if not self._has_curves(case, classes):
            _LOG.warning(
                "There are %s classes, more than max_classes_for_multiclass_roc_pr=%s: no ROC and precision-recall "
                "curves are drawn.",
                len(classes.labels),
                case.settings.max_classes_for_multiclass_roc_pr,
            )
            return
        for name, draw in (("roc_curve_plot", roc_curve), ("precision_recall_curve_plot", precision_recall_curve)):
            report.add_picture(name, draw(targets, probabilities, classes, case.weights))

    def _has_curves(self, case: Case, classes: Classes) -> bool:
        """Whether there are few enough classes for a curve of each."""
        return classes.is_binary or len(classes.labels) <= case.settings.max_classes_for_multiclass_roc_pr


def _in_order(probabilities: Any, known: Any, classes: Classes) -> Any:
    """The columns of probabilities in the order of the classes; None where they do not fit."""
    import numpy as np

    if probabilities is None or probabilities.ndim != 2 or probabilities.shape[1] != len(classes.labels):
        return None
    columns = np.sort(classes.labels) if known is None else known
    if set(columns) != set(classes.labels):
        return None
    order = [list(columns).index(label) for label in classes.labels]
    return probabilities[:, order]
