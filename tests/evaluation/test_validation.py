"""Thresholds, and a model against a baseline."""

from typing import Any

import pytest

import mlflow
from mlflow.evaluation.validation import MetricThresholdClassException, ModelValidationFailedException
from mlflow.exceptions import InvalidParameterValue
from mlflow.models import EvaluationResult, MetricThreshold, validate_evaluation_results


def result(**metrics: float) -> EvaluationResult:
    return EvaluationResult(metrics, {})


def higher(**asked: Any) -> MetricThreshold:
    return MetricThreshold(greater_is_better=True, **asked)


def lower(**asked: Any) -> MetricThreshold:
    return MetricThreshold(greater_is_better=False, **asked)


@pytest.mark.parametrize(
    ("asked", "value", "before"),
    [
        (higher(threshold=0.5), 0.5, None),
        (higher(threshold=0.5), 0.6, None),
        (lower(threshold=0.5), 0.4, None),
        (higher(min_absolute_change=0.1), 0.7, 0.5),
        (higher(min_absolute_change=0.5), 1.0, 0.5),
        (lower(min_absolute_change=0.1), 0.3, 0.5),
        (higher(min_relative_change=0.1), 0.6, 0.5),
        (lower(min_relative_change=0.1), 0.4, 0.5),
        (higher(min_relative_change=0.5), 0.4, 0.0),
        (higher(min_relative_change=0.5), -0.2, -0.5),
    ],
    ids=lambda value: str(value),
)
def test_good_enough_passes(asked: MetricThreshold, value: float, before: float | None) -> None:
    mlflow.validate_evaluation_results({"m": asked}, result(m=value), None if before is None else result(m=before))


@pytest.mark.parametrize(
    ("asked", "value", "before", "message"),
    [
        (higher(threshold=0.7), 0.6, None, "Metric m value threshold check failed: candidate model m = 0.6"),
        (lower(threshold=0.5), 0.6, None, "m threshold = 0.5"),
        (higher(threshold=0.5), float("nan"), None, "m = nan"),
        (higher(min_absolute_change=0.1), 0.55, 0.5, "minimum absolute change check failed"),
        (lower(min_absolute_change=0.1), 0.45, 0.5, "m minimum absolute change threshold = 0.1"),
        (higher(min_relative_change=0.5), 0.6, 0.5, "minimum relative change check failed"),
        (higher(min_relative_change=0.5), 0.0, 0.0, "baseline model m = 0.0"),
        (higher(min_relative_change=0.5), -0.4, -0.5, "minimum relative change"),
        (higher(min_absolute_change=0.1), 0.6, None, "m was missing from the evaluation result of the baseline model"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_not_good_enough_says_by_how_much(asked: Any, value: float, before: float | None, message: str) -> None:
    with pytest.raises(ModelValidationFailedException, match=message) as failure:
        validate_evaluation_results({"m": asked}, result(m=value), None if before is None else result(m=before))
    assert failure.value.error_code == "BAD_REQUEST"


def test_every_failure_is_named_at_once() -> None:
    thresholds = {
        "a": higher(threshold=0.9, min_absolute_change=0.5),
        "b": lower(threshold=1),
        "zz": higher(threshold=1),
    }
    with pytest.raises(ModelValidationFailedException) as failure:
        validate_evaluation_results(thresholds, result(a=0.4, b=2), result(a=0.3))
    first, second, third = failure.value.message.splitlines()
    assert first.count("check failed") == 2
    assert "Metric b value" in second
    assert "metric zz was missing from the evaluation result of the candidate model" in third


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "`greater_is_better` of a threshold is 'None'"),
        ({"threshold": 1, "greater_is_better": 1}, "True or False"),
        ({"greater_is_better": True}, "asks for nothing"),
        ({"threshold": "a", "greater_is_better": True}, "`threshold` of a threshold is 'a'"),
        ({"min_absolute_change": 0, "greater_is_better": True}, "positive number"),
        ({"min_relative_change": 1.5, "greater_is_better": True}, "between 0 and 1"),
        ({"min_relative_change": 1, "greater_is_better": True}, "floating point"),
    ],
    ids=str,
)
def test_threshold_that_makes_no_sense_is_refused(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(MetricThresholdClassException, match=message):
        MetricThreshold(**asked)


@pytest.mark.parametrize("thresholds", [{"a": 0.5}, [1], {1: higher(threshold=1)}], ids=["number", "list", "key"])
def test_thresholds_of_another_shape_are_refused(thresholds: Any) -> None:
    with pytest.raises(InvalidParameterValue, match="dictionary of metric names"):
        validate_evaluation_results(thresholds, result(a=1))


def test_result_of_another_kind_is_refused() -> None:
    candidate: Any = {"a": 1}
    with pytest.raises(InvalidParameterValue, match="candidate's result is a 'dict'"):
        validate_evaluation_results({"a": higher(threshold=1)}, candidate)


def test_threshold_tells_what_it_asks_for() -> None:
    assert str(higher(threshold=0.5)) == "Threshold: 0.5. Greater value is better."
    assert str(lower(min_relative_change=0.1)) == "Minimum Relative Change: 0.1. Lower value is better."
