"""Signs of life: every 30 s each open run gets a record, so that one whose process died can be told."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from mlflow.contract.frames_operations import Heartbeat as Beat
from mlflow.environment_variables import MLFLOW_HEARTBEAT_INTERVAL
from mlflow.tracking.clock import now

if TYPE_CHECKING:
    from mlflow.tracking.active_run import ActiveRun

__all__ = ["Heartbeat"]


class Heartbeat:
    """One thread a process.

    Args:
        runs: answers the runs that live.
    """

    def __init__(self, runs: Callable[[], Iterable[ActiveRun]]) -> None:
        self._runs = runs
        self._pid = 0

    def start(self) -> None:
        """Beat now, and go on; in a forked child, begin anew."""
        if MLFLOW_HEARTBEAT_INTERVAL.get() <= 0:
            return
        self._beat()
        if self._pid != os.getpid():
            self._pid = os.getpid()
            threading.Thread(target=self._go_on, name="mlflow-heartbeat", daemon=True).start()

    def _go_on(self) -> None:
        wait = threading.Event().wait
        while (interval := MLFLOW_HEARTBEAT_INTERVAL.get()) > 0:  # which may change while the process lives
            wait(interval)
            self._beat()
        self._pid = 0

    def _beat(self) -> None:
        timestamp = now()
        for run in self._runs():
            run.log.append(Beat(run_id=run.run_id, timestamp=timestamp))
