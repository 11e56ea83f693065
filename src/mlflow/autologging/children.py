"""Runs below the run of a search: one for each choice of params that it tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlflow.contract.frames_operations import LogInputs, UpdateRun
from mlflow.entities import DatasetInput, InputTag, RunStatus
from mlflow.tracking.autologging.fits import Fit
from mlflow.tracking.clock import now
from mlflow.tracking.context.registry import resolve_tags
from mlflow.tracking.run_tags import MLFLOW_AUTOLOGGING, MLFLOW_DATASET_CONTEXT, MLFLOW_PARENT_RUN_ID

__all__ = ["log_child"]


def log_child(
    fit: Fit, tags: Mapping[str, str], params: Mapping[str, Any], metrics: Mapping[str, float], source: Any = None
) -> None:
    """Log a finished run below that of a fit.

    Args:
        fit: whose run is the parent.
        tags: of the child, beside those that every run has.
        params: of the choice.
        metrics: what it was worth.
        source: the training dataset; None records none.
    """
    record, log = fit.record, fit.run.log
    own = {MLFLOW_AUTOLOGGING: fit.integration, MLFLOW_PARENT_RUN_ID: fit.run.run_id} | dict(tags)
    resolved = {key: str(value) for key, value in resolve_tags(own).items()}
    child = record.client.create_run(fit.run.info.experiment_id, tags=resolved).info.run_id
    record.params(params, child)
    log.metrics(child, metrics, 0, now())
    if source is not None:
        used = DatasetInput(source._to_mlflow_entity(), [InputTag(MLFLOW_DATASET_CONTEXT, "train")])
        log.append(LogInputs(run_id=child, datasets=(used,), models=()))
    log.append(UpdateRun(run_id=child, status=RunStatus.to_string(RunStatus.FINISHED), end_time=now()))
    log.forget(child)
