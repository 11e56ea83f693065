"""What is logged of one fit."""

from __future__ import annotations

from typing import Any

from mlflow.autologging.samples import dataset_of, first_rows, model_options
from mlflow.autologging.sklearn.estimators import TrainingData, estimator_tags, is_search
from mlflow.autologging.sklearn.plots import log_plots
from mlflow.autologging.sklearn.predictions import Predictions
from mlflow.autologging.sklearn.scores import log_scores
from mlflow.autologging.sklearn.search import log_search
from mlflow.tracking.autologging.fits import Fit, Observe, Steps
from mlflow.tracking.autologging.guard import guard, logger

__all__ = ["observe"]


def observe(predictions: Predictions) -> Observe:
    """The observer of scikit-learn's fits, which has later predictions looked after."""

    def watch(fit: Fit) -> Steps:
        estimator, data = fit.call.instance, TrainingData(fit.call)
        _describe(fit, estimator, data)
        yield
        _log_fitted(fit, estimator, data)
        if fit.settings.get("log_post_training_metrics"):
            predictions.remember(estimator, fit.record)

    return watch


def _describe(fit: Fit, estimator: Any, data: TrainingData) -> None:
    """Log what is known before the fit."""
    fit.record.params(estimator.get_params(deep=not is_search(estimator)))
    fit.record.tags(estimator_tags(estimator))
    if fit.settings.get("log_datasets"):
        with guard(fit.integration, "log the training data"):
            fit.record.dataset(dataset_of(data.features, data.labels), "train")


def _log_fitted(fit: Fit, estimator: Any, data: TrainingData) -> None:
    """Log the model, metrics, plots, and what a search found."""
    record = fit.record
    answers = getattr(estimator, "predict", None) or getattr(estimator, "transform", None)
    options = model_options(fit.integration, fit.settings, lambda: first_rows(data.features), answers)
    options["serialization_format"] = fit.settings.get("serialization_format")
    record.model("sklearn", estimator, data.features, **options)
    if data.labels is None:
        logger.info("No training labels were given, so no training metrics of %s are logged.", type(estimator).__name__)
    else:
        positive = fit.settings.get("pos_label")
        predicted = log_scores(record, estimator, data.features, data.labels, data.weights, positive)
        log_plots(record, estimator, data.labels, predicted)
    if is_search(estimator):
        log_search(fit, estimator, options)
    with guard(fit.integration, "draw the estimator"):
        from sklearn.utils import estimator_html_repr

        record.text(estimator_html_repr(estimator), "estimator.html")
