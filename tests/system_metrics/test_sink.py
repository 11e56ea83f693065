"""System metrics that arrive in a run."""

from __future__ import annotations

import pytest

from mlflow.system_metrics.sink import ClientSink
from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor
from mlflow.tracking.client import MlflowClient


@pytest.fixture
def uri(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return f"sqlite:///{tmp_path}/mlflow.db"


@pytest.fixture
def run_id(uri):
    return MlflowClient(uri).create_run("0").info.run_id


def test_monitor_logs_to_the_run_by_itself(uri, run_id):
    monitor = SystemMetricsMonitor(run_id, sampling_interval=60, node_id="n", tracking_uri=uri)
    monitor.start()
    monitor.finish()
    (latest,) = (
        metric
        for metric in MlflowClient(uri).get_run(run_id).data.latest_metrics
        if metric.key == "system/n/cpu_utilization_percentage"
    )
    assert latest.step == 0


def test_second_monitor_goes_on_where_the_first_ended(uri, run_id):
    for resume in (False, True):
        monitor = SystemMetricsMonitor(run_id, sampling_interval=60, resume_logging=resume, tracking_uri=uri)
        monitor.start()
        monitor.finish()
    history = MlflowClient(uri).get_metric_history(run_id, "system/disk_usage_percentage")
    assert [point.step for point in history] == [0, 1]


def test_steps_of_other_metrics_do_not_count(uri, run_id):
    MlflowClient(uri).log_metric(run_id, "loss", 0.1, step=99)
    assert ClientSink(run_id, uri).next_step("system/") == 0
