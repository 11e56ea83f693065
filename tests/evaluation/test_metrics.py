"""The metrics of `mlflow.metrics`, on their own."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from mlflow.metrics.base import standard_aggregations
from sklearn import metrics as sk

import mlflow.metrics
from mlflow._unavailable import NotInThisRelease
from mlflow.exceptions import InvalidParameterValue
from mlflow.metrics import MetricValue, make_metric

CLASSIC = {
    "mae": "mean_absolute_error",
    "mse": "mean_squared_error",
    "rmse": "root_mean_squared_error",
    "r2_score": "r2_score",
    "max_error": "max_error",
    "mape": "mean_absolute_percentage_error",
    "recall_score": "recall_score",
    "precision_score": "precision_score",
    "f1_score": "f1_score",
}
GREATER_IS_BETTER = {"r2_score", "recall_score", "precision_score", "f1_score"}


@pytest.mark.parametrize("name", CLASSIC)
def test_metric_is_scikit_learns(name: str) -> None:
    metric = getattr(mlflow.metrics, name)()
    predictions, targets = [1, 0, 1, 1], [1, 0, 0, 1]
    expected = getattr(sk, CLASSIC[name])(targets, predictions)
    assert metric(predictions=predictions, targets=targets).aggregate_results == {
        CLASSIC[name]: pytest.approx(expected)
    }
    assert metric.eval_fn(pd.Series(predictions), None, {}) is None
    assert (metric.name, metric.greater_is_better) == (CLASSIC[name], name in GREATER_IS_BETTER)
    assert str(metric).startswith(f"EvaluationMetric(name={CLASSIC[name]}, greater_is_better=")


def test_weights_and_several_classes() -> None:
    weighted = mlflow.metrics.mae()(predictions=[1, 2], targets=[1, 4], sample_weight=[1, 3])
    assert weighted.aggregate_results == {"mean_absolute_error": 1.5}
    classes = {"predictions": [0, 1, 2, 2], "targets": [0, 1, 1, 2]}
    found = mlflow.metrics.recall_score()(**classes).aggregate_results["recall_score"]
    assert found == pytest.approx(sk.recall_score(classes["targets"], classes["predictions"], average="weighted"))


def test_scores_are_aggregated_unless_somebody_did() -> None:
    assert MetricValue(scores=[1.0, 2.0, 10.0]).aggregate_results == pytest.approx(
        {"mean": 13 / 3, "variance": np.var([1, 2, 10]), "p90": 8.4}
    )
    assert MetricValue(scores=[1.0, None, 3.0]).aggregate_results == standard_aggregations([1.0, 3.0])
    assert MetricValue(scores=[1.0], aggregate_results={"a": 1}).aggregate_results == {"a": 1}
    assert MetricValue(scores=["a"]).aggregate_results is None
    assert MetricValue() == MetricValue(None, None, None)


def test_name_is_that_of_the_function_unless_given() -> None:
    def own(predictions: Any) -> float:
        return 1.0

    assert make_metric(eval_fn=own, greater_is_better=True).name == "own"
    metric = make_metric(eval_fn=own, greater_is_better=False, name="b", long_name="Bee", version="v1")
    assert str(metric) == "EvaluationMetric(name=b, greater_is_better=False, long_name=Bee, version=v1)"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"eval_fn": 3, "name": "a"}, "'3' cannot be called"),
        ({"eval_fn": lambda: 1}, "Pass `name`"),
        ({"eval_fn": lambda: 1, "name": "a/b"}, "'a/b' has a slash"),
    ],
    ids=["no function", "no name", "slash"],
)
def test_metric_without_function_or_name_is_refused(options: Any, message: str) -> None:
    with pytest.raises(InvalidParameterValue, match=message):
        make_metric(greater_is_better=True, **options)


@pytest.mark.parametrize("name", ["toxicity", "rouge1", "genai"])
def test_metrics_of_generated_text_name_their_tier(name: str) -> None:
    with pytest.raises(NotInThisRelease, match="tier for generative applications"):
        getattr(mlflow.metrics, name)()
    with pytest.raises(AttributeError, match="no attribute 'nosuch'"):
        mlflow.metrics.nosuch  # type: ignore[attr-defined]  # noqa: B018
