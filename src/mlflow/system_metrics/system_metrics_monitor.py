"""The thread that samples the machine while a run lasts."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Self

from mlflow.environment_variables import (
    MLFLOW_SYSTEM_METRICS_NODE_ID,
    MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING,
    MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL,
)
from mlflow.system_metrics.checks import check_interval, check_samples
from mlflow.system_metrics.metrics.base_metrics_monitor import BaseMetricsMonitor
from mlflow.system_metrics.metrics.cpu_monitor import CPUMonitor
from mlflow.system_metrics.metrics.disk_monitor import DiskMonitor
from mlflow.system_metrics.metrics.gpu_monitor import GPUMonitor
from mlflow.system_metrics.metrics.network_monitor import NetworkMonitor
from mlflow.system_metrics.metrics.rocm_monitor import ROCMMonitor
from mlflow.system_metrics.sink import ClientSink, Log

__all__ = ["SystemMetricsMonitor"]

_logger = logging.getLogger(__name__)

_JOIN_SECONDS = 5.0
_PARTS: tuple[type[BaseMetricsMonitor], ...] = (CPUMonitor, DiskMonitor, NetworkMonitor)
_GPUS: tuple[type[BaseMetricsMonitor], ...] = (GPUMonitor, ROCMMonitor)


class SystemMetricsMonitor:
    """Samples the machine in a daemon thread, and logs the means as metrics of a run.

    A point is logged every `sampling_interval` × `samples_before_logging` seconds, with steps 0, 1, 2 …; the last one,
    at `finish`, covers what is left, so that the shortest run has a point. An error while sampling or logging is told
    once, and the next sample is tried as usual.

    Args:
        run_id: the run to log to.
        sampling_interval: seconds between samples.
        samples_before_logging: how many samples one point averages.
        resume_logging: continue the steps that the run has already.
        node_id: tells machines of one run apart: metrics are named `system/<node_id>/…`.
        tracking_uri: where the run is; the default when omitted.
        log: takes each point as (metrics by name, step, milliseconds since the epoch); a client when omitted.
        next_step: answers the step to resume at for metrics with a prefix; a client is asked when omitted.

    Raises:
        InvalidParameterValue: the interval is not above 0, or the number of samples below 1.
    """

    def __init__(
        self,
        run_id: str,
        sampling_interval: float = 10,
        samples_before_logging: int = 1,
        resume_logging: bool = False,
        node_id: str | None = None,
        tracking_uri: str | None = None,
        log: Log | None = None,
        next_step: Callable[[str], int] | None = None,
    ) -> None:
        self.run_id = run_id
        self.sampling_interval = check_interval(sampling_interval)
        self.samples_before_logging = check_samples(samples_before_logging)
        self.node_id = node_id
        self.monitors: list[BaseMetricsMonitor] = []
        self._resume = resume_logging
        self._log = log or ClientSink(run_id, tracking_uri).log
        self._next_step = next_step or ClientSink(run_id, tracking_uri).next_step
        self._prefix = "system/" if node_id is None else f"system/{node_id}/"
        self._step = 0
        self._told: set[str] = set()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def from_environment(
        cls, run_id: str, *, resume_logging: bool = False, tracking_uri: str | None = None, log: Log | None = None
    ) -> Self:
        """A monitor with the interval, number of samples and node id of the environment variables."""
        return cls(
            run_id,
            sampling_interval=MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL.get() or 10,
            samples_before_logging=MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING.get() or 1,
            resume_logging=resume_logging,
            node_id=MLFLOW_SYSTEM_METRICS_NODE_ID.get(),
            tracking_uri=tracking_uri,
            log=log,
        )

    def start(self) -> None:
        """Start the thread; nothing happens when it runs already, or has been finished."""
        if self._thread is None and not self._stop.is_set():
            self._thread = threading.Thread(target=self.monitor, name="mlflow-system-metrics", daemon=True)
            self._thread.start()

    def finish(self) -> None:
        """Log what is left and stop; waits at most five seconds for a sample or a log call under way."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_JOIN_SECONDS)

    def monitor(self) -> None:
        """Sample and log until `finish`; the body of the thread."""
        self.monitors = self._available()
        if self._resume:
            self._guard("resuming the steps", self._continue_steps)
        samples, due = 0, time.monotonic() + self.sampling_interval
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            self.collect_metrics()
            samples += 1
            if samples % self.samples_before_logging == 0:
                self.publish_metrics(self.aggregate_metrics())
            due = max(due + self.sampling_interval, time.monotonic())  # samples missed while asleep are not made up for
        self.collect_metrics()
        self.publish_metrics(self.aggregate_metrics())

    def collect_metrics(self) -> None:
        """Let every monitor take a sample."""
        for monitor in self.monitors:
            self._guard(f"sampling by {type(monitor).__name__}", monitor.collect_metrics)

    def aggregate_metrics(self) -> dict[str, float]:
        """The means of the samples since the last call, by name without prefix."""
        found: dict[str, float] = {}
        for monitor in self.monitors:
            found |= monitor.aggregate_metrics()
            monitor.clear_metrics()
        return found

    def publish_metrics(self, metrics: dict[str, float]) -> None:
        """Log one point of each metric, and go on to the next step; with no metrics nothing happens."""
        if not metrics:
            return
        named = {self._prefix + name: value for name, value in metrics.items()}
        self._guard("logging", lambda: self._log(named, self._step, time.time_ns() // 1_000_000))
        self._step += 1

    def _continue_steps(self) -> None:
        self._step = self._next_step(self._prefix)

    def _available(self) -> list[BaseMetricsMonitor]:
        """A monitor for each part that this machine has; a missing GPU is no news, anything else is told."""
        found: list[BaseMetricsMonitor] = []
        for kind in _PARTS:
            self._guard(f"starting {kind.__name__}", partial(_add, found, kind))
        for kind in _GPUS:
            with contextlib.suppress(ImportError, RuntimeError):
                _add(found, kind)
        return found

    def _guard(self, doing: str, act: Callable[[], None]) -> None:
        """Act; a failure is told once for what was being done, because a run must not end by it."""
        try:
            act()
        except Exception as exc:  # noqa: BLE001 - drivers, psutil and stores raise anything
            if doing not in self._told:
                self._told.add(doing)
                _logger.warning("System metrics: %s failed, and is tried again silently: %r", doing, exc)


def _add(found: list[BaseMetricsMonitor], kind: type[BaseMetricsMonitor]) -> None:
    found.append(kind())
