"""What programs log as a metric's value, to a float."""

from __future__ import annotations

from typing import Any

from mlflow.exceptions import InvalidParameterValue

__all__ = ["to_float"]


def to_float(key: str, value: Any) -> float:
    """The value as a float: numbers, numeric text, and arrays or tensors of one element of any framework.

    Raises:
        InvalidParameterValue: the value is not one number.
    """
    if type(value) is float:
        return value
    try:
        return float(value.item() if hasattr(value, "item") else value)
    except (TypeError, ValueError, RuntimeError) as exc:
        shown = repr(value)
        raise InvalidParameterValue(
            f"Invalid value '{shown[:200]}' for metric '{key}'; log one number, text of a number, or an array with one "
            f"element."
        ) from exc
