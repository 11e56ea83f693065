"""What accompanies a run while it is open: its origin, its console and the machine's metrics.

None of it delays or breaks a run: it works in threads, and what fails is logged.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mlflow.environment_variables import MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING
from mlflow.tracking.capture import layout
from mlflow.tracking.capture.cells import cell_watch
from mlflow.tracking.capture.console import ConsoleCapture
from mlflow.tracking.capture.data import DataCapture
from mlflow.tracking.capture.origin import Origin, capture_origin
from mlflow.tracking.media.artifact_file import ArtifactFile
from mlflow.tracking.run_files import RunFiles

if TYPE_CHECKING:
    from mlflow.entities import Dataset
    from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor
    from mlflow.tracking.active_run import ActiveRun

__all__ = ["Attachments"]

END_SECONDS = 10.0
"""How long the end of a run waits for its origin to be recorded."""
UPLOAD_SECONDS = 2.0
UPLOAD_BYTES_A_SECOND = 100_000

_logger = logging.getLogger(__name__)


class Attachments:
    """The companions of one run.

    Args:
        run: the run.
        nested: it is inside of another run of this process, whose origin and console are its own.
        before: how many runs the program began before this one.
    """

    def __init__(self, run: ActiveRun, *, nested: bool, before: int = 0) -> None:
        self._run, self._nested, self._before = run, nested, before
        self._files = RunFiles(run.log.uri, run.run_id)
        self._origin: threading.Thread | None = None
        self._console: ConsoleCapture | None = None
        self._upload = _ConsoleUpload(self._files)
        self._data = DataCapture(lambda file: self._files.put([file]))
        self._monitor: SystemMetricsMonitor | None = None

    def start(self, log_system_metrics: bool | None) -> None:
        """Begin; returns at once."""
        try:
            if not self._nested and not self._run.joined:
                cell_watch.start()
                self._origin = capture_origin(self._record, self._before)
                console = ConsoleCapture(self._upload)
                self._console = console if console.start() else None
            wanted = MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING.get() if log_system_metrics is None else log_system_metrics
            if wanted:
                self._start_monitor()
        except Exception:
            _logger.warning("What accompanies the run could not be started; the run goes on.", exc_info=True)

    def note_data(self, datasets: Iterable[Dataset]) -> None:
        """Record what the run's data sets come from; returns at once."""
        try:
            self._data.add(datasets)
        except Exception:
            _logger.warning("What the data sets come from could not be recorded; the run goes on.", exc_info=True)

    def stop(self) -> None:
        """End: hand over what is left, waiting 10 s at most."""
        try:
            if self._monitor is not None:
                self._monitor.finish()
            if self._console is not None:
                self._console.stop()
                self._upload.finish()
            if self._origin is not None:
                self._origin.join(END_SECONDS)
                self._files.put(cell_watch.files())
            self._data.wait(END_SECONDS)
        except Exception:
            _logger.warning("What accompanied the run could not be ended; the run is.", exc_info=True)

    def _record(self, origin: Origin) -> None:
        run = self._run
        run.log.tags(run.run_id, origin.tags)
        self._files.put(origin.files)

    def _start_monitor(self) -> None:
        from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor

        run = self._run

        def log(metrics: dict[str, float], step: int, timestamp: int) -> None:
            run.log.metrics(run.run_id, metrics, step, timestamp)

        self._monitor = SystemMetricsMonitor(run.run_id, log=log)
        self._monitor.start()


class _ConsoleUpload:
    """Keeps a run's console log in its artifacts: the whole of it, the longer it is the less often."""

    def __init__(self, files: RunFiles) -> None:
        self._files = files
        self._content = bytearray()
        self._sent = True
        self._next = 0.0

    def __call__(self, offset: int, data: bytes) -> None:
        """Take a change of the log: from the offset on it holds these bytes, and ends there."""
        self._content[offset:] = data
        self._sent = False
        if time.monotonic() >= self._next and not self._files.spooling:
            self._send()

    def finish(self) -> None:
        """Send what was not sent yet."""
        if not self._sent:
            self._send()

    def _send(self) -> None:
        self._files.put([ArtifactFile(layout.CONSOLE_LOG, bytes(self._content))])
        self._sent = True
        self._next = time.monotonic() + max(UPLOAD_SECONDS, len(self._content) / UPLOAD_BYTES_A_SECOND)
