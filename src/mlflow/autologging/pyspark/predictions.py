"""Metrics that evaluators compute of predictions go to the run that trained the model."""

from __future__ import annotations

from numbers import Number
from typing import Any

from mlflow.autologging.pyspark.parts import Parts
from mlflow.autologging.sklearn.predictions import MOST_DATASETS, Predictions
from mlflow.data.spark_dataset import from_spark
from mlflow.tracking.autologging.calls import Call
from mlflow.tracking.autologging.guard import guard

__all__ = ["SparkPredictions"]


class SparkPredictions(Predictions):
    """Fitted models, and the frames they made."""

    def predicted(self, call: Call, result: Any) -> None:
        """A model transformed a frame."""
        trained = self._trained.get(call.instance)
        if trained is not None:
            self._predicted.put(result, (trained, trained.dataset_name(call.get("dataset"))))

    def evaluated(self, call: Call, result: Any) -> None:
        """An evaluator answered."""
        frame = call.get("dataset")
        trained, dataset = self._predicted.get(frame) or (None, "")
        if trained is None or not isinstance(result, Number):
            return
        chosen = call.get("params")
        evaluator = call.instance.copy(chosen) if chosen else call.instance
        kind = type(evaluator)
        about = {"evaluator_class": f"{kind.__module__}.{kind.__name__}", "params": Parts(evaluator).params()}
        name = evaluator.getMetricName() if hasattr(evaluator, "getMetricName") else kind.__name__
        trained.log(name, dataset, result, about)
        if trained.record.settings.get("log_datasets") and trained.datasets < MOST_DATASETS:
            trained.datasets += 1
            with guard(self.integration, "log the evaluated data"):
                trained.record.dataset(from_spark(frame), "eval")
