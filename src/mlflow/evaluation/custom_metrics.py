"""Metrics of the user's own: called with what their parameters name, and turned into plain figures."""

from __future__ import annotations

import inspect
import logging
import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.metrics.metric import EvaluationMetric
from mlflow.metrics.value import MetricValue

__all__ = ["CustomMetricFailed", "Material", "checked_metrics", "figures", "measure", "rows"]

_LOG = logging.getLogger(__name__)
_PLAIN = (int, float)
_OLD = {"eval_df", "builtin_metrics"}


class CustomMetricFailed(MlflowException):
    """A metric's own function raised an error."""


class Material(NamedTuple):
    """What custom metrics may ask for.

    Args:
        predictions: a Series.
        targets: a Series; None without.
        columns: further columns by name: of the data, and of the model's output.
        settings: values by name, from the evaluator's configuration.
        mapping: parameter -> column, or value.
    """

    predictions: Any
    targets: Any
    columns: Mapping[str, Any]
    settings: Mapping[str, Any]
    mapping: Mapping[str, Any]

    def frame(self) -> Any:
        """The columns `prediction` and `target`, as older functions take them."""
        import pandas as pd

        columns = {"prediction": self.predictions} | ({} if self.targets is None else {"target": self.targets})
        return pd.DataFrame(columns)


def checked_metrics(extra_metrics: Any) -> list[EvaluationMetric]:
    """The metrics a user gave.

    Raises:
        InvalidParameterValue: one is no metric.
    """
    if extra_metrics is None:
        return []
    if not isinstance(extra_metrics, (list, tuple)):
        raise InvalidParameterValue(f"extra_metrics is a '{type(extra_metrics).__name__}'. Give a list of metrics.")
    for metric in extra_metrics:
        if not isinstance(metric, EvaluationMetric):
            raise InvalidParameterValue(
                f"'{metric}' of extra_metrics is a '{type(metric).__name__}', no metric. For a function write "
                "mlflow.models.make_metric(eval_fn=…, greater_is_better=…)."
            )
    return list(extra_metrics)


def measure(
    metrics: list[EvaluationMetric], material: Material, known: Mapping[str, MetricValue]
) -> dict[str, MetricValue]:
    """The values of custom metrics, in order; each may read those before it.

    Raises:
        InvalidParameterValue: a parameter names no column.
        CustomMetricFailed: a function raised an error; the message names metric and error.
    """
    names = {**known, **{metric.name: MetricValue() for metric in metrics}}
    each = [(metric, _missing(metric, material, names)) for metric in metrics]
    if lacking := [f"'{metric.name}' needs {missing}" for metric, missing in each if missing]:
        raise InvalidParameterValue(
            f"Metrics ask for columns that are not there: {'; '.join(lacking)}. The data and the model's output have "
            f"{list(material.columns)}. Map one by evaluator_config={{'col_mapping': {{parameter: column}}}}."
        )
    found: dict[str, MetricValue] = {}
    for metric in metrics:
        arguments = _arguments(metric, material, {**known, **found})
        try:
            value = metric.eval_fn(**arguments)
        except Exception as exc:
            raise CustomMetricFailed(f"Metric '{metric.name}' failed: {type(exc).__name__}: {exc}") from exc
        if (checked := _checked(metric, value)) is not None:
            found[metric.name] = checked
    return found


def figures(metric: EvaluationMetric, value: MetricValue, prefix: str = "") -> dict[str, float]:
    """The aggregates of a metric by the names they are logged as: `name`, `name/mean`, or `name/version/mean`.

    As MLflow names them, a prefix stands before the metric's name and before that of its aggregate.
    """
    base = _base(metric, prefix)
    aggregates = value.aggregate_results or {}
    return {base if key == metric.name else f"{base}/{prefix}{key}": number for key, number in aggregates.items()}


def rows(metric: EvaluationMetric, value: MetricValue, prefix: str = "") -> dict[str, Any]:
    """The columns of a metric in the table of results: scores and justifications."""
    base = _base(metric, prefix)
    columns = {f"{base}/score": value.scores, f"{base}/justification": value.justifications}
    return {name: list(column) for name, column in columns.items() if column is not None}


def _base(metric: EvaluationMetric, prefix: str) -> str:
    return f"{prefix}{metric.name}/{metric.version}" if metric.version else f"{prefix}{metric.name}"


def _parameters(metric: EvaluationMetric) -> dict[str, inspect.Parameter]:
    every = inspect.signature(metric.eval_fn).parameters
    variable = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    return {name: parameter for name, parameter in every.items() if parameter.kind not in variable}


def _missing(metric: EvaluationMetric, material: Material, known: Mapping[str, MetricValue]) -> list[str]:
    found = _arguments(metric, material, known)
    return [
        name
        for name, parameter in _parameters(metric).items()
        if name not in found and parameter.default is inspect.Parameter.empty
    ]


def _arguments(metric: EvaluationMetric, material: Material, known: Mapping[str, MetricValue]) -> dict[str, Any]:
    """The arguments of a call, by name; parameters with a default are left out where there is nothing for them."""
    names = list(_parameters(metric))
    if set(names) >= _OLD or names[:2] == ["eval_df", "_builtin_metrics"]:
        plain = {key: number for value in known.values() for key, number in (value.aggregate_results or {}).items()}
        return dict(zip(names, (material.frame(), plain), strict=False))
    offered: dict[str, Callable[[], Any]] = {
        "predictions": lambda: material.predictions,
        "targets": lambda: material.targets,
        "metrics": lambda: dict(known),
    }
    arguments = {}
    for name in names:
        if name in offered:
            arguments[name] = offered[name]()
            continue
        source = material.mapping.get(name, name)
        if not isinstance(source, str):
            arguments[name] = source
        elif source in material.columns:
            arguments[name] = material.columns[source]
        elif source in known:
            arguments[name] = known[source]
        elif source != name:
            arguments[name] = source
        elif name in material.settings:
            arguments[name] = material.settings[name]
    return arguments


def _checked(metric: EvaluationMetric, value: Any) -> MetricValue | None:
    """A metric's value; None, with a line in the log that says why, where it cannot be used."""
    if getattr(value, "ndim", None) == 0:
        value = value.item()
    if isinstance(value, _PLAIN):
        return MetricValue(aggregate_results={metric.name: value})
    if reason := _wrong(value):
        _LOG.warning("Metric '%s' is left out: %s.", metric.name, reason)
        return None
    return value  # type: ignore[no-any-return]  # only a MetricValue has nothing wrong


def _wrong(value: Any) -> str:
    """What is wrong with what a metric returned; empty where nothing is."""
    if not isinstance(value, MetricValue):
        return f"it returned '{value}', which is neither a number nor a MetricValue"
    for part in ("scores", "justifications"):
        column = getattr(value, part)
        if column is not None and (isinstance(column, str) or not hasattr(column, "__len__")):
            return f"its {part} are a '{type(column).__name__}', not a list"
    aggregates: dict[Any, Any] = value.aggregate_results or {}
    for key, number in aggregates.items():
        if not isinstance(key, str) or not (
            isinstance(number, _PLAIN) or math.prod(getattr(number, "shape", (0,))) == 1
        ):
            return f"its aggregate '{key}' is '{number}', not a number"
    return ""
