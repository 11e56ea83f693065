"""What a search over params found: its best params and score, its table, and a child run for each of the best."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Number
from typing import Any

from mlflow.autologging.children import log_child
from mlflow.autologging.sklearn.estimators import estimator_tags
from mlflow.tracking.autologging.fits import Fit
from mlflow.tracking.autologging.guard import guard, logger

__all__ = ["log_search"]

_KINDS = ("mean_", "std_", "rank_")


def log_search(fit: Fit, search: Any, model_options: Mapping[str, Any]) -> None:
    """Log the outcome of a fitted search."""
    record = fit.record
    if hasattr(search, "best_params_"):
        record.params({f"best_{name}": value for name, value in search.best_params_.items()})
    if hasattr(search, "best_score_"):
        record.metrics({"best_cv_score": search.best_score_}, plain=True)
    if hasattr(search, "best_estimator_"):
        whole, record.model_id = record.model_id, None
        record.model("sklearn", search.best_estimator_, name="best_estimator", **model_options)
        record.model_id = whole
    with guard(fit.integration, "log the table of the search"):
        import pandas as pd

        table = pd.DataFrame(search.cv_results_)
        table.to_csv(record.place("cv_results.csv"), index=False)
        _log_children(fit, search, _best(search, table, fit.settings.get("max_tuning_runs")))


def _best(search: Any, table: Any, most: int | None) -> list[int]:
    """Positions of the candidates that get a run, the best first."""
    ranks = [name for name in table.columns if name.startswith("rank_test_")]
    chosen = f"rank_test_{search.refit}" if f"rank_test_{search.refit}" in ranks else next(iter(ranks), None)
    order = list(range(len(table))) if chosen is None else list(table[chosen].argsort(kind="stable"))
    kept = order if most is None else order[: max(0, most)]
    if len(kept) < len(order):
        logger.info("Of %d candidates the best %d get a run; max_tuning_runs says how many.", len(order), len(kept))
    return [int(position) for position in kept]


def _log_children(fit: Fit, search: Any, positions: list[int]) -> None:
    tags, params = estimator_tags(search.estimator), search.estimator.get_params(deep=True)
    for position in positions:
        results = {name: column[position] for name, column in search.cv_results_.items()}
        points = {name: float(value) for name, value in results.items() if _is_point(name, value)}
        log_child(fit, tags, params | results["params"], points, fit.record.source)


def _is_point(name: str, value: Any) -> bool:
    return name.startswith(_KINDS) and isinstance(value, Number)
