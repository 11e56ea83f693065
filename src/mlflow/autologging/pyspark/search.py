"""What a search over params found: the best ones, its table, and a child run for each choice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from mlflow.autologging.children import log_child
from mlflow.autologging.pyspark.parts import Parts
from mlflow.autologging.sklearn.estimators import estimator_tags
from mlflow.tracking.autologging.fits import Fit
from mlflow.tracking.autologging.guard import guard

__all__ = ["log_search"]


class Choice(msgspec.Struct, frozen=True):
    """One choice of params that was tried.

    Args:
        params: by param.
        named: by `<part>.<param>`.
        metrics: what it was worth.
    """

    params: Mapping[Any, Any]
    named: Mapping[str, Any]
    metrics: Mapping[str, float]


def log_search(fit: Fit, parts: Parts, model: Any) -> None:
    """Log the outcome of a search; `model` is the fitted one."""
    with guard(fit.integration, "log what the search found"):
        search, choices = parts.root, _choices(parts, model)
        if not choices:
            return
        scores = [next(iter(choice.metrics.values())) for choice in choices]
        better = max if search.getEvaluator().isLargerBetter() else min
        best = choices[scores.index(better(scores))].named
        fit.record.json(best, "best_parameters.json")
        fit.record.params({f"best_{name}": value for name, value in best.items()})
        _log_table(fit, choices)
        _log_children(fit, search.getEstimator(), choices)


def _choices(parts: Parts, model: Any) -> list[Choice]:
    search = parts.root
    metric, maps = search.getEvaluator().getMetricName(), search.getEstimatorParamMaps()
    columns: dict[str, Sequence[float]]
    if hasattr(model, "avgMetrics"):
        columns = {f"avg_{metric}": model.avgMetrics, f"std_{metric}": getattr(model, "stdMetrics", None) or []}
    else:
        columns = {metric: model.validationMetrics}
    return [
        Choice(choice, parts.named(choice), {name: values[at] for name, values in columns.items() if at < len(values)})
        for at, choice in enumerate(maps)
    ]


def _log_table(fit: Fit, choices: Sequence[Choice]) -> None:
    import pandas as pd

    rows = [
        {"params": json.dumps(choice.named, default=str)}
        | dict(choice.metrics)
        | {f"param.{name}": value for name, value in choice.named.items()}
        for choice in choices
    ]
    pd.DataFrame(rows).to_csv(fit.record.place("search_results.csv"), index=False)


def _log_children(fit: Fit, tuned: Any, choices: Sequence[Choice]) -> None:
    for choice in choices:
        params = Parts(tuned.copy(choice.params)).params()
        log_child(fit, estimator_tags(tuned), params, choice.metrics)
