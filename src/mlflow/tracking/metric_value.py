"""What programs log as a metric's value, to a float."""

from __future__ import annotations

import operator
from typing import Any

from mlflow.contract.names import check_key
from mlflow.entities import Metric
from mlflow.exceptions import InvalidParameterValue

__all__ = ["InvalidMetricType", "checked_point", "converted", "to_float"]


class InvalidMetricType(InvalidParameterValue, TypeError):
    """A metric's value is of a kind that is no number."""


def to_float(key: str, value: Any) -> float:
    """The value as a float: numbers, numeric text, and arrays or tensors of one element of any framework.

    Raises:
        InvalidParameterValue: the value is not one number; also a TypeError when it is of the wrong kind.
    """
    if type(value) is float:
        return value
    try:
        return float(value.item() if hasattr(value, "item") else value)
    except (TypeError, ValueError, RuntimeError, OverflowError) as exc:
        refusal = InvalidMetricType if isinstance(exc, TypeError) else InvalidParameterValue
        raise refusal(
            f"Invalid value '{str(value)[:200]}' for metric '{key}'; log one number, text of a number, or an array "
            "with one element."
        ) from exc


def converted(x: Any) -> float:
    """The value as a float, for callers that have no key to name."""
    return to_float("value", x)


def checked_point(point: Metric) -> Metric:
    """The point with its numbers as numbers.

    Raises:
        InvalidParameterValue: its key, value, step or time is not acceptable.
    """
    check_key("metric", point.key)
    value = to_float(point.key, point.value)
    try:
        step, timestamp = _whole(point.step or 0), _whole(point.timestamp)
    except (TypeError, ValueError, OverflowError) as exc:
        raise InvalidParameterValue(
            f"Metric '{point.key}' has step '{point.step}' and timestamp '{point.timestamp}'; both must be integers."
        ) from exc
    if timestamp < 0:
        raise InvalidParameterValue(
            f"Metric '{point.key}' has timestamp '{timestamp}'; give milliseconds since 1970, 0 or more."
        )
    return Metric(point.key, value, timestamp, step, point.model_id, point.dataset_name, point.dataset_digest)


def _whole(number: Any) -> int:
    """Integers of any library, and floats without what follows the point; not texts."""
    return int(number) if isinstance(number, float) else operator.index(number)
