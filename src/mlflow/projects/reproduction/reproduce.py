"""`mlflow reproduce`: bring back code, data and environment, run the command, compare, and say so at both runs."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from mlflow.environments.python_environment import local_activation
from mlflow.projects.reproduction.checkout import restore_code
from mlflow.projects.reproduction.data import check_data
from mlflow.projects.reproduction.failures import tell_gaps
from mlflow.projects.reproduction.metrics import Tolerance
from mlflow.projects.reproduction.place import Place
from mlflow.projects.reproduction.record import Gap, Record, read_record
from mlflow.projects.reproduction.recorded_steps import bring_inputs, is_workflow
from mlflow.projects.reproduction.repetition import begin, repeat
from mlflow.projects.reproduction.report import Report
from mlflow.projects.reproduction.rerun import locked_environment, working_folder
from mlflow.projects.reproduction.verdict import judge, publish
from mlflow.projects.reproduction.workflow import examine_workflow, reproduce_workflow
from mlflow.projects.reproduction.workflow_report import WorkflowReport
from mlflow.tracking.client import MlflowClient

__all__ = ["examine", "reproduce"]

_logger = logging.getLogger(__name__)


def reproduce(
    run_id: str,
    *,
    environment: Literal["lock", "local"] = "lock",
    tolerance: Tolerance = Tolerance(),  # noqa: B008 - frozen
    folder: Path | None = None,
    ignore_data: bool = False,
    tracking_uri: str | None = None,
    said: Callable[[str], None] = _logger.info,
) -> Report | WorkflowReport:
    """Repeat a run, or a workflow with all its steps, and compare every metric and every file.

    Args:
        run_id: the run.
        environment: "lock" rebuilds the recorded packages; "local" takes those of this environment.
        tolerance: for WITHIN TOLERANCE.
        folder: an empty or new folder for the code, which is kept; else a temporary one.
        ignore_data: repeat it although its data changed or is gone.
        tracking_uri: where the run is; as set when omitted.
        said: told what is missing, before anything runs, and how far things are.

    Raises:
        NotReproducible: something is missing without which nothing can be run.
        DataChanged: its data changed or is gone.
        CodeLost, GitError: the code is not to be had.
        EnvironmentFailed: a package is not to be had.
        CommandFailed: the command failed; its run is FAILED.
    """
    client = MlflowClient(tracking_uri)
    if is_workflow(client, client.get_run(run_id)):
        return reproduce_workflow(client, run_id, environment, tolerance, folder, said, ignore_data=ignore_data)
    with _read(client, run_id) as record:
        gaps = tell_gaps(run_id, _gaps(client, record), said)
        with Place(folder) as place:
            said(f"Restoring the code to {place} …")
            gaps += tell_gaps(run_id, _gaps_in(client, record, place, ignore_data=ignore_data), said)
            said("Preparing the environment …")
            activation = locked_environment(record, place) if environment == "lock" else local_activation()
            repeated = begin(client, record.run)
            repeat(client, record, repeated, place, activation, said)
        with _read(client, repeated) as second:
            report = judge(client, record, second, tolerance, gaps)
    publish(client, report)
    return report


def examine(run_id: str, *, tracking_uri: str | None = None) -> list[Gap]:
    """What a repetition would lack, the code restored for a look and nothing run; what is fatal first.

    Raises:
        CodeLost, GitError: the code is not to be had.
    """
    client = MlflowClient(tracking_uri)
    if is_workflow(client, client.get_run(run_id)):
        return examine_workflow(client, run_id)
    with _read(client, run_id) as record:
        gaps = _gaps(client, record)
        if not any(gap.fatal for gap in gaps):
            with Place() as place:
                gaps += _gaps_in(client, record, place, ignore_data=False)
    return sorted(gaps, key=lambda gap: not gap.fatal)


@contextmanager
def _read(client: MlflowClient, run_id: str) -> Iterator[Record]:
    record = read_record(client, run_id)
    try:
        yield record
    finally:
        shutil.rmtree(record.files, ignore_errors=True)


def _gaps(client: MlflowClient, record: Record) -> list[Gap]:
    gaps = record.gaps()
    if not record.run.data.metrics and not client.list_artifacts(record.run_id):
        gaps.insert(0, Gap("It logged neither metrics nor files, so there is nothing to compare.", fatal=True))
    return gaps


def _gaps_in(client: MlflowClient, record: Record, place: Path, *, ignore_data: bool) -> list[Gap]:
    """Lay the code, and what a step reads, into a folder; what is missing then."""
    restore_code(record, place)
    folder, places = working_folder(record, place)
    bring_inputs(client, record.run, folder)
    checks = check_data(record, folder, places, ignored=ignore_data)
    return [gap for check in checks if (gap := check.gap(ignored=ignore_data)) is not None]
