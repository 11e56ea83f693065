"""A run beside its repetition: compared, judged, and told at both."""

from __future__ import annotations

import logging

from mlflow.exceptions import MlflowException
from mlflow.projects.reproduction.artifacts import REPORTS, compare_artifacts
from mlflow.projects.reproduction.differences import ranked_differences
from mlflow.projects.reproduction.metrics import Tolerance, compare_metrics
from mlflow.projects.reproduction.record import Record, dataset_digests
from mlflow.projects.reproduction.report import DIFFERENT, EXACT, WITHIN_TOLERANCE, Report
from mlflow.projects.reproduction.workflow_report import WorkflowReport
from mlflow.projects.workflow import STEP_LOG, STEP_NAME
from mlflow.tracking.client import MlflowClient

__all__ = ["VERDICT_TAG", "judge", "publish"]

VERDICT_TAG = "mlflow.reproduction.verdict"

_logger = logging.getLogger(__name__)


def judge(client: MlflowClient, first: Record, second: Record, tolerance: Tolerance, gaps: list[str]) -> Report:
    """Compare a run with its repetition."""
    metrics, left_out = compare_metrics(client, first.run_id, second.run_id, tolerance)
    printed = {STEP_LOG} if STEP_NAME in first.run.data.tags else ()
    artifacts, count = compare_artifacts(client, first.run_id, second.run_id, printed)
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


def publish(client: MlflowClient, report: Report | WorkflowReport) -> None:
    """Tag both runs, and put the report among the files of each."""
    for own, other in ((report.run_id, report.reproduction_id), (report.reproduction_id, report.run_id)):
        try:
            client.set_tag(own, VERDICT_TAG, report.verdict)
            client.log_text(own, report.to_markdown(), f"{REPORTS}/{other}.md")
            client.log_dict(own, report.to_dict(), f"{REPORTS}/{other}.json")
        except MlflowException as exc:
            _logger.warning("The report could not be kept with run %s: %s", own, exc.message)
