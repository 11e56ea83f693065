"""A metric: a function of predictions and targets with a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.metrics.value import MetricValue

__all__ = ["EvaluationMetric", "make_metric"]


class EvaluationMetric:
    """A named metric; see `make_metric`."""

    def __init__(
        self,
        eval_fn: Callable[..., Any],
        name: str,
        greater_is_better: bool,
        long_name: str | None = None,
        version: str | None = None,
        metric_details: str | None = None,
        metric_metadata: dict[str, Any] | None = None,
        genai_metric_args: dict[str, Any] | None = None,
    ) -> None:
        self.eval_fn = eval_fn
        self.name = name
        self.greater_is_better = greater_is_better
        self.long_name = long_name or name
        self.version = version
        self.metric_details = metric_details
        self.metric_metadata = metric_metadata
        self.genai_metric_args = genai_metric_args

    def __call__(
        self, predictions: Any = None, targets: Any = None, metrics: dict[str, MetricValue] | None = None, **inputs: Any
    ) -> Any:
        """The metric's value for columns of predictions and targets: lists, arrays or Series of the same length."""
        import pandas as pd

        def column(given: Any) -> Any:
            return given if given is None or isinstance(given, pd.Series) else pd.Series(given)

        return self.eval_fn(column(predictions), column(targets), metrics or {}, **inputs)

    def __str__(self) -> str:
        known = {
            "name": self.name,
            "greater_is_better": self.greater_is_better,
            "long_name": self.long_name,
            "version": self.version,
            "metric_details": self.metric_details,
            "metric_metadata": self.metric_metadata,
        }
        return f"EvaluationMetric({', '.join(f'{key}={value}' for key, value in known.items() if value is not None)})"

    __repr__ = __str__


def make_metric(
    *,
    eval_fn: Callable[..., Any],
    greater_is_better: bool,
    name: str | None = None,
    long_name: str | None = None,
    version: str | None = None,
    metric_details: str | None = None,
    metric_metadata: dict[str, Any] | None = None,
    genai_metric_args: dict[str, Any] | None = None,
) -> EvaluationMetric:
    """A metric for the `extra_metrics` of `mlflow.evaluate`.

    Args:
        eval_fn: a function that returns a number or a `MetricValue`. It is called with the parameters it declares:
            `predictions` and `targets` are Series, `inputs` the frame of all inputs, `metrics` the values found before
            by name; any other parameter is the column of that name, of the data or of the model's output. A function
            with the parameters `eval_df` and `builtin_metrics` gets a frame with the columns `prediction` and `target`,
            and the plain numbers found before.
        greater_is_better: whether a greater value means a better model.
        name: what the value is logged as; the function's own name when omitted.
        long_name: a name for people.
        version: of the metric's definition; it becomes part of what its aggregates are logged as.
        metric_details: a description of the metric.
        metric_metadata: anything that is to be kept with it.
        genai_metric_args: accepted as MLflow does; it describes metrics that a model judges.

    Raises:
        InvalidParameterValue: there is no callable function, or no usable name.
    """
    if not callable(eval_fn):
        raise InvalidParameterValue(f"Metric function '{eval_fn}' cannot be called. Pass a function as `eval_fn`.")
    own_name = getattr(eval_fn, "__name__", "<lambda>")
    chosen = name or own_name
    if chosen == "<lambda>":
        raise InvalidParameterValue("The metric's function has no name of its own. Pass `name`.")
    if "/" in chosen:
        raise InvalidParameterValue(f"Metric name '{chosen}' has a slash, which parts a name from its aggregates.")
    return EvaluationMetric(
        eval_fn, chosen, greater_is_better, long_name, version, metric_details, metric_metadata, genai_metric_args
    )
