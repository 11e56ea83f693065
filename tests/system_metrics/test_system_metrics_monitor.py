"""The thread that samples the machine."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time

import pytest

from mlflow.exceptions import InvalidParameterValue
from mlflow.system_metrics.metrics.base_metrics_monitor import BaseMetricsMonitor
from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor

KEYS = {
    "cpu_utilization_percentage",
    "system_memory_usage_megabytes",
    "system_memory_usage_percentage",
    "disk_usage_megabytes",
    "disk_usage_percentage",
    "disk_available_megabytes",
    "network_receive_megabytes",
    "network_transmit_megabytes",
}


class Points:
    """Takes points, and lets a test wait for their number."""

    def __init__(self):
        self.points = []
        self._more = threading.Condition()

    def log(self, metrics, step, timestamp):
        with self._more:
            self.points.append((metrics, step, timestamp))
            self._more.notify_all()

    def wait(self, count):
        with self._more:
            assert self._more.wait_for(lambda: len(self.points) >= count, timeout=10)

    @property
    def steps(self):
        return [step for _, step, _ in self.points]


@pytest.fixture
def points():
    return Points()


@pytest.fixture
def started(points):
    monitors = []

    def start(**options):
        monitor = SystemMetricsMonitor("r", **{"sampling_interval": 0.02, "log": points.log, **options})
        monitors.append(monitor)
        monitor.start()
        return monitor

    yield start
    for monitor in monitors:
        monitor.finish()


def test_published_keys_are_logged_step_by_step(started, points):
    before = time.time() * 1000 - 1
    started()
    points.wait(3)
    metrics, _, timestamp = points.points[0]
    assert {f"system/{key}" for key in KEYS} <= metrics.keys()
    assert all(isinstance(value, float) for value in metrics.values())
    assert points.steps[:3] == [0, 1, 2]
    assert before <= timestamp <= time.time() * 1000


def test_node_id_stands_in_the_keys(started, points):
    started(node_id="rank-1")
    points.wait(1)
    assert "system/rank-1/cpu_utilization_percentage" in points.points[0][0]


def test_one_point_averages_the_samples(started, points):
    monitor = started(samples_before_logging=3, sampling_interval=0.05)
    began = time.monotonic()
    points.wait(2)
    assert time.monotonic() - began >= 0.2
    assert monitor.sampling_interval * monitor.samples_before_logging == pytest.approx(0.15)


def test_shortest_run_has_a_point(started, points):
    monitor = started(sampling_interval=60)
    monitor.finish()
    assert points.steps == [0]


def test_finish_is_prompt_and_ends_the_thread(started):
    monitor = started(sampling_interval=3600)
    began = time.monotonic()
    monitor.finish()
    monitor.finish()
    assert time.monotonic() - began < 2
    assert "mlflow-system-metrics" not in {thread.name for thread in threading.enumerate()}


def test_nothing_is_logged_after_finish(started, points):
    monitor = started()
    points.wait(1)
    monitor.finish()
    logged = len(points.points)
    monitor.start()
    time.sleep(0.1)
    assert len(points.points) == logged


def test_resumed_run_goes_on_at_the_next_step(started, points):
    asked = []
    started(resume_logging=True, node_id="n", next_step=lambda prefix: asked.append(prefix) or 7)
    points.wait(2)
    assert points.steps[:2] == [7, 8]
    assert asked == ["system/n/"]


def test_failing_store_is_told_once_and_tried_again(started, points, caplog):
    def log(metrics, step, timestamp):
        points.log(metrics, step, timestamp)
        raise OSError("disk full")

    with caplog.at_level(logging.WARNING):
        monitor = started(log=log)
        points.wait(4)
        monitor.finish()
    assert [record.getMessage() for record in caplog.records] == [
        "System metrics: logging failed, and is tried again silently: OSError('disk full')"
    ]


class Broken(BaseMetricsMonitor):
    """A part of the machine whose driver fails."""

    def collect_metrics(self):
        raise RuntimeError("driver gone")


def test_failing_part_is_told_once_and_the_others_go_on(started, points, caplog):
    monitor = started()
    points.wait(1)
    with caplog.at_level(logging.WARNING):
        monitor.monitors.insert(0, Broken())
        points.wait(len(points.points) + 3)
        monitor.finish()
    assert [record.getMessage() for record in caplog.records] == [
        "System metrics: sampling by Broken failed, and is tried again silently: RuntimeError('driver gone')"
    ]
    assert "system/cpu_utilization_percentage" in points.points[-1][0]


def test_failing_resumption_starts_at_zero(started, points, caplog):
    def next_step(prefix):
        raise OSError("no server")

    started(resume_logging=True, next_step=next_step)
    points.wait(1)
    assert points.steps[0] == 0
    assert "resuming the steps failed" in caplog.text


def test_settings_come_from_the_environment(monkeypatch, points):
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.5")
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING", "4")
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_NODE_ID", "n1")
    monitor = SystemMetricsMonitor.from_environment("r", log=points.log)
    assert (monitor.sampling_interval, monitor.samples_before_logging, monitor.node_id) == (0.5, 4, "n1")


def test_settings_default_to_ten_seconds_and_one_sample(monkeypatch, points):
    for name in ("SAMPLING_INTERVAL", "SAMPLES_BEFORE_LOGGING", "NODE_ID"):
        monkeypatch.delenv(f"MLFLOW_SYSTEM_METRICS_{name}", raising=False)
    monitor = SystemMetricsMonitor.from_environment("r", log=points.log)
    assert (monitor.sampling_interval, monitor.samples_before_logging, monitor.node_id) == (10, 1, None)


@pytest.mark.parametrize(
    "options", [{"sampling_interval": 0}, {"sampling_interval": "x"}, {"samples_before_logging": 0}], ids=str
)
def test_impossible_setting_is_refused(options):
    with pytest.raises(InvalidParameterValue, match="above 0"):
        SystemMetricsMonitor("r", **options)


def test_sampling_every_ten_seconds_costs_less_than_a_hundredth_of_a_core(started, points):
    started(sampling_interval=0.05)
    points.wait(2)
    samples, cpu = len(points.points), time.process_time()
    points.wait(samples + 40)
    per_sample = (time.process_time() - cpu) / 40
    assert per_sample / 10 < 0.01


def test_psutil_is_not_loaded_before_start():
    code = "import sys, mlflow.system_metrics.system_metrics_monitor; print('psutil' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
