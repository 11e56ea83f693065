"""What a search over params found: its best params and score, its table, and a child run for each of the best."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Number
from typing import Any

from mlflow.autologging.sklearn.estimators import estimator_tags
from mlflow.contract.frames_operations import LogInputs, UpdateRun
from mlflow.entities import DatasetInput, InputTag, RunStatus
from mlflow.tracking.autologging.fits import Fit
from mlflow.tracking.autologging.guard import guard, logger
from mlflow.tracking.clock import now
from mlflow.tracking.context.registry import resolve_tags
from mlflow.tracking.run_tags import MLFLOW_AUTOLOGGING, MLFLOW_DATASET_CONTEXT, MLFLOW_PARENT_RUN_ID

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
    base = search.estimator
    own = {MLFLOW_AUTOLOGGING: fit.integration, MLFLOW_PARENT_RUN_ID: fit.run.run_id}
    tags = {key: str(value) for key, value in resolve_tags(own | estimator_tags(base)).items()}
    params = base.get_params(deep=True)
    for position in positions:
        results = {name: column[position] for name, column in search.cv_results_.items()}
        _log_child(fit, tags, params | results["params"], results)


def _log_child(fit: Fit, tags: Mapping[str, str], params: Mapping[str, Any], results: Mapping[str, Any]) -> None:
    record, log = fit.record, fit.run.log
    child = record.client.create_run(fit.run.info.experiment_id, tags=dict(tags)).info.run_id
    record.params(params, child)
    points = {name: float(value) for name, value in results.items() if _is_point(name, value)}
    log.metrics(child, points, 0, now())
    if record.source is not None:
        labels = [InputTag(MLFLOW_DATASET_CONTEXT, "train")]
        used = DatasetInput(record.source._to_mlflow_entity(), labels)
        log.append(LogInputs(run_id=child, datasets=(used,), models=()))
    log.append(UpdateRun(run_id=child, status=RunStatus.to_string(RunStatus.FINISHED), end_time=now()))
    log.forget(child)


def _is_point(name: str, value: Any) -> bool:
    return name.startswith(_KINDS) and isinstance(value, Number)
