"""Whether a model is good enough: its metrics against thresholds, and against those of a baseline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlflow.evaluation.result import EvaluationResult
from mlflow.exceptions import BadRequest, InvalidParameterValue

__all__ = [
    "MetricThreshold",
    "MetricThresholdClassException",
    "ModelValidationFailedException",
    "validate_evaluation_results",
]


class MetricThresholdClassException(InvalidParameterValue):
    """A threshold is given a value that it cannot have."""


class ModelValidationFailedException(BadRequest):
    """A model does not meet the thresholds; the message names each of them."""


class MetricThreshold:
    """What a metric must reach for a model to pass.

    Args:
        threshold: the least value, or the greatest where lower is better; reaching it is enough.
        min_absolute_change: by how much it must be better than the baseline's; a positive number.
        min_relative_change: by which share of the baseline's value it must be better; a float between 0 and 1.
        greater_is_better: whether a greater value means a better model.

    Raises:
        MetricThresholdClassException: a value is not acceptable, or nothing is asked for.
    """

    def __init__(
        self,
        threshold: float | None = None,
        min_absolute_change: float | None = None,
        min_relative_change: float | None = None,
        greater_is_better: bool | None = None,
    ) -> None:
        _check(threshold, min_absolute_change, min_relative_change, greater_is_better)
        self._threshold = threshold
        self._min_absolute_change = min_absolute_change
        self._min_relative_change = min_relative_change
        self._greater_is_better = greater_is_better

    @property
    def threshold(self) -> float | None:
        """The value to reach."""
        return self._threshold

    @property
    def min_absolute_change(self) -> float | None:
        """By how much it must be better than the baseline's."""
        return self._min_absolute_change

    @property
    def min_relative_change(self) -> float | None:
        """By which share of the baseline's value it must be better."""
        return self._min_relative_change

    @property
    def greater_is_better(self) -> bool | None:
        """Whether a greater value means a better model."""
        return self._greater_is_better

    def __str__(self) -> str:
        asked = {
            "Threshold": self._threshold,
            "Minimum Absolute Change": self._min_absolute_change,
            "Minimum Relative Change": self._min_relative_change,
        }
        parts = [f"{name}: {value}." for name, value in asked.items() if value is not None]
        return " ".join([*parts, f"{'Greater' if self._greater_is_better else 'Lower'} value is better."])


def _check(threshold: Any, absolute: Any, relative: Any, greater_is_better: Any) -> None:
    if not isinstance(greater_is_better, bool):
        raise _broken("greater_is_better", greater_is_better, "True or False")
    if threshold is None and absolute is None and relative is None:
        raise MetricThresholdClassException(
            "A threshold asks for nothing. Give `threshold`, `min_absolute_change` or `min_relative_change`."
        )
    if threshold is not None and not _is_number(threshold):
        raise _broken("threshold", threshold, "a number")
    if absolute is not None and not (_is_number(absolute) and absolute > 0):
        raise _broken("min_absolute_change", absolute, "a positive number")
    if relative is not None and not (isinstance(relative, float) and 0 <= relative <= 1):
        raise _broken("min_relative_change", relative, "a floating point number between 0 and 1")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _broken(name: str, value: object, wanted: str) -> MetricThresholdClassException:
    return MetricThresholdClassException(f"`{name}` of a threshold is '{value}'. It must be {wanted}.")


def validate_evaluation_results(
    validation_thresholds: dict[str, MetricThreshold],
    candidate_result: EvaluationResult,
    baseline_result: EvaluationResult | None = None,
) -> None:
    """Raise unless a model's metrics meet all thresholds.

    Args:
        validation_thresholds: metric -> what it must reach.
        candidate_result: of the model to judge.
        baseline_result: of the model to compare with, where a threshold asks for a change.

    Raises:
        ModelValidationFailedException: a threshold is not met, or a metric is not among the results; BAD_REQUEST.
        InvalidParameterValue: the thresholds are no dictionary of thresholds by name, or a result is none.
    """
    given: Any = validation_thresholds
    if not isinstance(given, dict) or not all(
        isinstance(key, str) and isinstance(value, MetricThreshold) for key, value in given.items()
    ):
        raise InvalidParameterValue(
            f"Thresholds are '{given}'. Give a dictionary of metric names to mlflow.models.MetricThreshold."
        )
    candidate = _metrics(candidate_result, "candidate")
    baseline = {} if baseline_result is None else _metrics(baseline_result, "baseline")
    failed = [
        " ".join(found)
        for found in (list(_failures(name, t, candidate, baseline)) for name, t in given.items())
        if found
    ]
    if failed:
        raise ModelValidationFailedException("\n".join(failed))


def _metrics(result: Any, role: str) -> dict[str, Any]:
    if not isinstance(result, EvaluationResult):
        raise InvalidParameterValue(
            f"The {role}'s result is a '{type(result).__name__}'. Give what mlflow.evaluate returned."
        )
    return result.metrics


def _failures(name: str, asked: MetricThreshold, candidate: dict[str, Any], baseline: dict[str, Any]) -> Iterator[str]:
    """What speaks against a model by one metric; NaN meets no threshold."""
    if name not in candidate:
        yield f"Metric validation failed: metric {name} was missing from the evaluation result of the candidate model."
        return
    value = candidate[name]
    sign = 1 if asked.greater_is_better else -1
    if asked.threshold is not None and not sign * value >= sign * asked.threshold:
        yield (
            f"Metric {name} value threshold check failed: candidate model {name} = {value}, "
            f"{name} threshold = {asked.threshold}."
        )
    if asked.min_absolute_change is None and asked.min_relative_change is None:
        return
    if name not in baseline:
        yield f"Model comparison failed: metric {name} was missing from the evaluation result of the baseline model."
        return
    yield from _changes(name, asked, value, baseline[name])


def _changes(name: str, asked: MetricThreshold, value: float, before: float) -> Iterator[str]:
    gain = value - before if asked.greater_is_better else before - value
    told = f"candidate model {name} = {value}, baseline model {name} = {before}, {name}"
    if (least := asked.min_absolute_change) is not None and not gain >= least:
        yield f"Metric {name} minimum absolute change check failed: {told} minimum absolute change threshold = {least}."
    if (share := asked.min_relative_change) is not None:
        # There is no share of nothing: any gain over a baseline of 0 will do.
        enough = gain > 0 if before == 0 else gain / abs(before) >= share
        if not enough:
            failed = f"Metric {name} minimum relative change check failed"
            yield f"{failed}: {told} minimum relative change threshold = {share}."
