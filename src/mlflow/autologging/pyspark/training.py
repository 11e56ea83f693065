"""What is logged of one fit."""

from __future__ import annotations

from typing import Any

from mlflow.autologging.pyspark.allowlist import is_allowed
from mlflow.autologging.pyspark.columns import example_options
from mlflow.autologging.pyspark.parts import Parts, is_search
from mlflow.autologging.pyspark.predictions import SparkPredictions
from mlflow.autologging.pyspark.search import log_search
from mlflow.autologging.sklearn.estimators import estimator_tags
from mlflow.data.spark_dataset import from_spark
from mlflow.tracking.autologging.fits import Fit, Observe, Steps
from mlflow.tracking.autologging.guard import guard, logger

__all__ = ["observe"]


def observe(predictions: SparkPredictions) -> Observe:
    """The observer of Spark's fits, which has later predictions looked after."""

    def watch(fit: Fit) -> Steps:
        chosen = fit.call.get("params")
        estimator = fit.call.instance.copy(chosen) if chosen else fit.call.instance
        parts = Parts(estimator)
        _describe(fit, parts)
        model = yield
        if is_search(estimator):
            log_search(fit, parts, model)
        _log_model(fit, model)
        if fit.settings.get("log_post_training_metrics"):
            predictions.remember(model, fit.record)

    return watch


def _describe(fit: Fit, parts: Parts) -> None:
    """Log what is known before the fit."""
    fit.record.params(parts.params())
    fit.record.tags(estimator_tags(parts.root))
    if parts.is_composed:
        fit.record.json({"hierarchy": parts.hierarchy()} | parts.searches(), "estimator_info.json")
    if fit.settings.get("log_datasets"):
        with guard(fit.integration, "log the training data"):
            fit.record.dataset(from_spark(fit.call.get("dataset")), "train")


def _log_model(fit: Fit, model: Any) -> None:
    if not fit.settings.get("log_models", True):
        return
    with guard(fit.integration, "log the model"):
        dataset = fit.call.get("dataset")
        if not is_allowed(model, fit.settings.get("log_model_allowlist"), dataset.sparkSession):
            logger.info("The model of class %s is not logged: the list of classes does not have it.", type(model))
            return
        fit.record.model("spark", model, **example_options(fit.integration, fit.settings, model, dataset))
