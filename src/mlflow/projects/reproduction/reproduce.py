"""`mlflow reproduce`: bring back code and environment, run the command, compare, and say so at both runs."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from mlflow.entities import RunStatus
from mlflow.environments.built import Activation
from mlflow.environments.python_environment import local_activation
from mlflow.exceptions import ExecutionException, MlflowException
from mlflow.projects.command_process import Terminated
from mlflow.projects.reproduction.artifacts import REPORTS, compare_artifacts
from mlflow.projects.reproduction.checkout import restore_code
from mlflow.projects.reproduction.differences import ranked_differences
from mlflow.projects.reproduction.metrics import Tolerance, compare_metrics
from mlflow.projects.reproduction.record import Gap, Record, dataset_digests, read_record
from mlflow.projects.reproduction.report import DIFFERENT, EXACT, WITHIN_TOLERANCE, Report
from mlflow.projects.reproduction.rerun import locked_environment, rerun_of
from mlflow.projects.store_address import absolute_address
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.context.default_context import user_name
from mlflow.tracking.run_tags import MLFLOW_SOURCE_NAME, MLFLOW_SOURCE_TYPE, MLFLOW_USER

__all__ = ["OF_TAG", "VERDICT_TAG", "NotReproducible", "judge", "reproduce"]

VERDICT_TAG, OF_TAG = "mlflow.reproduction.verdict", "mlflow.reproduction.of"
_FINISHED, _FAILED, _KILLED = (RunStatus.to_string(status) for status in (3, 4, 5))

_logger = logging.getLogger(__name__)


class NotReproducible(ExecutionException):
    """A run has not recorded what it takes to repeat it."""


def reproduce(
    run_id: str,
    *,
    environment: Literal["lock", "local"] = "lock",
    tolerance: Tolerance = Tolerance(),  # noqa: B008 - frozen
    folder: Path | None = None,
    tracking_uri: str | None = None,
    said: Callable[[str], None] = _logger.info,
) -> Report:
    """Repeat a run, and compare every metric and every file.

    Args:
        run_id: the run.
        environment: "lock" rebuilds the recorded packages; "local" takes those of this environment.
        tolerance: for WITHIN TOLERANCE.
        folder: an empty or new folder for the code, which is kept; else a temporary one.
        tracking_uri: where the run is; as set when omitted.
        said: told what is missing, before anything runs, and how far things are.

    Raises:
        NotReproducible: something is missing without which nothing can be run.
        CodeLost, GitError: the code is not to be had.
        EnvironmentFailed: a package is not to be had.
        CommandFailed: the command failed; its run is FAILED.
    """
    client = MlflowClient(tracking_uri)
    record = read_record(client, run_id)
    try:
        gaps = _tell_gaps(client, record, said)
        with _Place(folder) as place:
            said(f"Restoring the code to {place} …")
            restore_code(record, place)
            said("Preparing the environment …")
            activation = locked_environment(record, place) if environment == "lock" else local_activation()
            repeated = _repeat(client, record, place, activation, said)
        second = read_record(client, repeated)
        try:
            report = judge(client, record, second, tolerance, gaps)
        finally:
            shutil.rmtree(second.files, ignore_errors=True)
    finally:
        shutil.rmtree(record.files, ignore_errors=True)
    _publish(client, report)
    return report


def judge(client: MlflowClient, first: Record, second: Record, tolerance: Tolerance, gaps: list[str]) -> Report:
    """Compare a run with its repetition."""
    metrics, left_out = compare_metrics(client, first.run_id, second.run_id, tolerance)
    artifacts, count = compare_artifacts(client, first.run_id, second.run_id)
    verdicts = {metric.verdict for metric in metrics}
    if DIFFERENT in verdicts or any(difference.what != "changed" for difference in artifacts):
        verdict = DIFFERENT
    elif verdicts <= {EXACT} and not artifacts:
        verdict = EXACT
    else:
        verdict = WITHIN_TOLERANCE if metrics else DIFFERENT
    reasons = ranked_differences(first, second)
    ours, theirs = dataset_digests(first.run), dataset_digests(second.run)
    datasets = {name: digest == theirs.get(name) for name, digest in ours.items()}
    return Report(first.run_id, second.run_id, verdict, metrics, artifacts, count, reasons, gaps, left_out, datasets)


def _tell_gaps(client: MlflowClient, record: Record, said: Callable[[str], None]) -> list[str]:
    gaps: list[Gap] = record.gaps()
    if not record.run.data.metrics and not client.list_artifacts(record.run_id):
        gaps.insert(0, Gap("It logged neither metrics nor files, so there is nothing to compare.", fatal=True))
    for gap in gaps:
        said(f"Not recorded: {gap.what}")
    if any(gap.fatal for gap in gaps):
        raise NotReproducible(f"Run '{record.run_id}' cannot be repeated. {gaps[0].what}")
    return [gap.what for gap in gaps]


class _Place:
    """The folder for the code: the caller's, or one that goes away."""

    def __init__(self, folder: Path | None) -> None:
        self._given = folder
        self._folder = folder

    def __enter__(self) -> Path:
        if self._given is None:
            self._folder = Path(tempfile.mkdtemp(prefix="mlflow-reproduce-")).resolve()
            return self._folder
        if self._given.exists() and any(self._given.iterdir()):
            raise NotReproducible(f"The folder '{self._given}' is not empty. Name another one.")
        self._given.mkdir(parents=True, exist_ok=True)
        return self._given.resolve()

    def __exit__(self, *raised: object) -> None:
        if self._given is None and self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _repeat(
    client: MlflowClient, record: Record, place: Path, activation: Activation, said: Callable[[str], None]
) -> str:
    """Run the command; returns the id of its run."""
    original = record.run
    tags = {
        MLFLOW_USER: user_name(),
        OF_TAG: record.run_id,
        MLFLOW_SOURCE_TYPE: original.data.tags.get(MLFLOW_SOURCE_TYPE, "LOCAL"),
        MLFLOW_SOURCE_NAME: original.data.tags.get(MLFLOW_SOURCE_NAME, ""),
    }
    name = f"reproduction of {original.info.run_name or record.run_id}"
    made = client.create_run(original.info.experiment_id, tags=tags, run_name=name)
    run_id = made.info.run_id
    variables = {
        "MLFLOW_RUN_ID": run_id,
        "MLFLOW_TRACKING_URI": absolute_address(client.tracking_uri),
        "MLFLOW_EXPERIMENT_ID": original.info.experiment_id,
    }
    rerun = rerun_of(record, place, activation, variables)
    said(f"Running {' '.join(rerun.argv)} as run {run_id} …")
    with tempfile.TemporaryDirectory(prefix="mlflow-reproduce-log-") as logs:
        try:
            rerun.run(Path(logs) / "output.log")
        except BaseException as exc:
            killed = isinstance(exc, (KeyboardInterrupt, Terminated))
            client.set_terminated(run_id, _KILLED if killed else _FAILED)
            raise
    client.set_terminated(run_id, _FINISHED)
    return run_id


def _publish(client: MlflowClient, report: Report) -> None:
    """Tag both runs, and put the report among the files of each."""
    for own, other in ((report.run_id, report.reproduction_id), (report.reproduction_id, report.run_id)):
        try:
            client.set_tag(own, VERDICT_TAG, report.verdict)
            client.log_text(own, report.to_markdown(), f"{REPORTS}/{other}.md")
            client.log_dict(own, report.to_dict(), f"{REPORTS}/{other}.json")
        except MlflowException as exc:
            _logger.warning("The report could not be kept with run %s: %s", own, exc.message)
