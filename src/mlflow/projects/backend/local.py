"""This machine: the command is a process of it."""

from __future__ import annotations

import atexit
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from mlflow.projects import settings
from mlflow.projects.backend.abstract_backend import AbstractBackend
from mlflow.projects.job import Job, perform
from mlflow.projects.prepared import Opened, begin_run, job_of, open_project
from mlflow.projects.submitted_run import FinishedRun, LocalSubmittedRun, SubmittedRun
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    from mlflow.projects.supervisor import WorkflowJob

__all__ = ["LocalBackend"]

_logger = logging.getLogger(__name__)


class LocalBackend(AbstractBackend):
    """Runs projects on this machine."""

    def run(
        self,
        project_uri: str,
        entry_point: str,
        params: Mapping[str, Any],
        version: str | None,
        backend_config: dict[str, Any],
        tracking_uri: str,
        experiment_id: str,
    ) -> SubmittedRun:
        """Run an entry point or the workflow; `SYNCHRONOUS` in the configuration waits for its end."""
        opened = open_project(project_uri, version)
        try:
            if entry_point == "main" and opened.project.steps:
                return _run_workflow(opened, project_uri, params, backend_config, tracking_uri, experiment_id)
            return _run(opened, entry_point, params, backend_config, tracking_uri, experiment_id)
        except BaseException:
            opened.remove()
            raise


def _run(
    opened: Opened,
    entry_point: str,
    params: Mapping[str, Any],
    config: dict[str, Any],
    tracking_uri: str,
    experiment_id: str,
) -> SubmittedRun:
    job = job_of(opened, entry_point, params, config)
    try:
        client = MlflowClient(tracking_uri)
        run_id = begin_run(opened, entry_point, params, config, client, experiment_id)
        job = msgspec.structs.replace(job, run_id=run_id, experiment_id=experiment_id, tracking_uri=tracking_uri)
        if config.get(settings.SYNCHRONOUS, True):
            return FinishedRun(run_id, perform(job))
        return _submit(job, detached=bool(config.get(settings.DETACHED)))
    except BaseException:
        job.remove()
        raise


def _run_workflow(
    opened: Opened,
    uri: str,
    params: Mapping[str, Any],
    config: dict[str, Any],
    tracking_uri: str,
    experiment_id: str,
) -> SubmittedRun:
    if config.get(settings.SYNCHRONOUS, True):
        from mlflow.projects.workflow import run_workflow

        finished = run_workflow(opened, params, config, tracking_uri, experiment_id)
        opened.remove()
        return finished
    from mlflow.projects.supervisor import WorkflowJob

    run_id = begin_run(opened, "main", params, config, MlflowClient(tracking_uri), experiment_id)
    opened.remove()
    detached = bool(config.get(settings.DETACHED))
    own = {**config, settings.RUN_ID: run_id, settings.SYNCHRONOUS: True, settings.RUN_NAME: None}
    job = WorkflowJob(run_id, uri, opened.version, dict(params), own, tracking_uri, experiment_id)
    return _submit(job, detached=detached)


def _submit(job: Job | WorkflowJob, *, detached: bool) -> SubmittedRun:
    from mlflow.projects.supervisor import supervise

    process, log = supervise(job, detached=detached)
    submitted = LocalSubmittedRun(job.run_id, process, job.tracking_uri)
    if log is not None:
        _logger.info("=== Run '%s' goes on without this process; its output is in %s ===", job.run_id, log)
    else:
        atexit.register(_await, submitted)
    return submitted


def _await(submitted: LocalSubmittedRun) -> None:
    """A program waits for what it started, and ends it when it is interrupted meanwhile."""
    try:
        submitted.wait()
    except KeyboardInterrupt:
        submitted.cancel()
