"""The evaluator that explains predictions: how much each feature moves them, as SHAP values."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from typing import Any

from mlflow.data.evaluation_dataset import EvaluationDataset
from mlflow.evaluation.evaluator import ModelEvaluator
from mlflow.evaluation.explanation import Explanation, explain
from mlflow.evaluation.report import Report
from mlflow.evaluation.result import EvaluationResult
from mlflow.evaluation.settings import Settings
from mlflow.evaluation.shap_plots import beeswarm, feature_importance, summary
from mlflow.metrics.classic import PackageMissing

__all__ = ["ShapEvaluator"]

_LOG = logging.getLogger(__name__)
_MODEL_TYPES = ("classifier", "regressor")
_PICTURES = {
    "shap_beeswarm_plot": beeswarm,
    "shap_summary_plot": summary,
    "shap_feature_importance_plot": feature_importance,
}


class ShapEvaluator(ModelEvaluator):
    """Explains classifiers and regressors, wherever the package shap is installed and nobody says not to.

    An explanation that fails is a warning: metrics stand without it.
    """

    @classmethod
    def can_evaluate(cls, *, model_type: str | None, evaluator_config: dict[str, Any], **kwargs: Any) -> bool:
        wanted = Settings.of(evaluator_config).log_model_explainability
        if model_type not in _MODEL_TYPES or wanted is False:
            return False
        if find_spec("shap") is None and wanted:
            raise PackageMissing(
                "log_model_explainability is True, but shap is not installed. Run: pip install 'mlflow[evaluation]'"
            )
        return find_spec("shap") is not None

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
        model_id: str | None = None,
        **kwargs: Any,
    ) -> EvaluationResult:
        settings = Settings.of(evaluator_config)
        if model is None:
            return EvaluationResult({}, {}, run_id)
        with Report(run_id, dataset, model_id, settings.prefix) as report:
            try:
                found = explain(model, dataset, settings, predictions, is_classifier=model_type == "classifier")
            except Exception as exc:  # noqa: BLE001 - any model's and any explainer's code
                _LOG.warning("Predictions are not explained: %s: %s", type(exc).__name__, exc)
                return report.result()
            _draw(found, report)
            if settings.log_explainer:
                _log_explainer(found)
        return report.result()


def _draw(found: Explanation, report: Report) -> None:
    for name, draw in _PICTURES.items():
        try:
            report.add_picture(name, draw(found))
        except Exception as exc:  # noqa: BLE001 - shap draws many shapes of values, and not each of them in each way
            _LOG.warning("Picture '%s' is left out: %s: %s", name, type(exc).__name__, exc)


def _log_explainer(found: Explanation) -> None:
    """Log the explainer as a model of the run; the flavor is loaded by its name, as evaluation stands beside it."""
    from importlib import import_module

    import_module("mlflow.shap").log_explainer(found.explainer, name="explainer")
