"""The metrics of regressors, as scikit-learn computes them."""

from __future__ import annotations

from typing import Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.metrics.classic import sklearn_metrics, without_overflow

__all__ = ["numbers", "regression_metrics"]


def regression_metrics(targets: Any, predictions: Any, weights: Any) -> dict[str, Any]:
    """The metrics of numbers against numbers.

    Args:
        targets: n numbers.
        predictions: n numbers.
        weights: n numbers, or None. `max_error` has none; `sum_on_target` sums weight times target, and
            `mean_on_target` is that sum divided by n.
    """
    metrics = sklearn_metrics()
    total = targets.sum() if weights is None else (targets * weights).sum()
    weighted = {"sample_weight": weights}
    return {
        "example_count": len(targets),
        "mean_absolute_error": metrics.mean_absolute_error(targets, predictions, **weighted),
        "mean_squared_error": metrics.mean_squared_error(targets, predictions, **weighted),
        "root_mean_squared_error": metrics.root_mean_squared_error(targets, predictions, **weighted),
        "sum_on_target": total,
        "mean_on_target": total / len(targets),
        "r2_score": metrics.r2_score(targets, predictions, **weighted) if len(targets) > 1 else float("nan"),
        "max_error": metrics.max_error(targets, predictions),
        "mean_absolute_percentage_error": metrics.mean_absolute_percentage_error(targets, predictions, **weighted),
    }


def numbers(role: str, values: Any) -> Any:
    """Targets or predictions as an array of numbers.

    Raises:
        InvalidParameterValue: some are missing, infinite, or no numbers.
    """
    import numpy as np

    try:
        found = without_overflow(values)
        found = found.astype(float) if found.dtype == object else found
        finite = np.isfinite(found)
    except (TypeError, ValueError) as exc:
        raise InvalidParameterValue(
            f"The {role} of a regressor must be numbers, but there is '{values[0]}': {exc}. Convert the column."
        ) from exc
    if not finite.all():
        raise InvalidParameterValue(
            f"The {role} are missing or infinite in {int((~finite).sum())} rows. Leave these rows out of the data."
        )
    return found
