"""A run that was handed to a backend: how its caller waits for it, asks about it, and ends it."""

from __future__ import annotations

import subprocess
from abc import abstractmethod
from typing import Protocol

from mlflow.entities import RunStatus

__all__ = ["FinishedRun", "LocalSubmittedRun", "SubmittedRun"]

_FINISHED, _FAILED, _KILLED = (RunStatus.to_string(status) for status in (3, 4, 5))
_RUNNING = RunStatus.to_string(RunStatus.RUNNING)
KILLED_STATUS = 143
"""How a supervisor ends whose command it was told to end: 128 + SIGTERM."""


class SubmittedRun:
    """A project's run at a backend; backends of plugins subclass it."""

    @abstractmethod
    def wait(self) -> bool:
        """Wait for the command's end; returns whether it succeeded."""

    @abstractmethod
    def get_status(self) -> str:
        """The state now: RUNNING, FINISHED, FAILED or KILLED."""

    @abstractmethod
    def cancel(self) -> None:
        """End the command, and wait until nothing of it is left."""

    @property
    @abstractmethod
    def run_id(self) -> str:
        """The run's id at the tracking store."""


class FinishedRun(SubmittedRun):
    """A run that ended before its handle was given out."""

    def __init__(self, run_id: str, status: str) -> None:
        self._run_id, self._status = run_id, status

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self._run_id

    def wait(self) -> bool:
        """Whether it succeeded."""
        return self._status == _FINISHED

    def get_status(self) -> str:
        """How it ended."""
        return self._status

    def cancel(self) -> None:
        """Nothing is left to end."""


class _Process(Protocol):
    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self) -> int: ...


class LocalSubmittedRun(SubmittedRun):
    """A run whose command a process of this machine looks after.

    Args:
        run_id: the run.
        command_proc: that process.
        tracking_uri: where the run is; needed to end it, should that process be killed.
    """

    def __init__(
        self, run_id: str, command_proc: subprocess.Popen[bytes] | _Process, tracking_uri: str | None = None
    ) -> None:
        self._run_id, self._process, self._tracking_uri = run_id, command_proc, tracking_uri

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self._run_id

    def wait(self) -> bool:
        """Wait for the command's end; returns whether it succeeded."""
        self._process.wait()
        return self.get_status() == _FINISHED

    def get_status(self) -> str:
        """The state now, as the process that looks after the command tells it."""
        code = self._process.poll()
        if code is None:
            return _RUNNING
        status = _FINISHED if code == 0 else _KILLED if code in {KILLED_STATUS, -15, -9} else _FAILED
        if code < 0:
            self._end_run(status)
        return status

    def cancel(self) -> None:
        """End the command and everything that it started; the run is KILLED."""
        from mlflow.projects.command_process import GRACE_SECONDS, stop_family

        if self._process.poll() is None:
            self._terminate_supervisor(2 * GRACE_SECONDS)
            stop_family(self._process.pid, 0)
            self._process.wait()
        self.get_status()

    def _terminate_supervisor(self, seconds: float) -> None:
        """Ask the process that looks after the command to end it; it knows how."""
        import os
        import signal

        os.kill(self._process.pid, signal.SIGTERM)
        if isinstance(self._process, subprocess.Popen):
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                return

    def _end_run(self, status: str) -> None:
        """Give the run its state where the process that should have done it was killed."""
        if self._tracking_uri is None:
            return
        from mlflow.tracking.client import MlflowClient

        client = MlflowClient(self._tracking_uri)
        if client.get_run(self._run_id).info.status == _RUNNING:
            client.set_terminated(self._run_id, status)
