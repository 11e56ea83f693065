"""Shipping the journal of this process from a child process: no SQL runs in the trainer."""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import mlflow.journal
from mlflow.journal.exits import EXIT_SECONDS, at_exit, warn_of_rest
from mlflow.journal.forks import survive_forks
from mlflow.journal.writer import Journal

__all__ = ["ChildShipper"]

MODULE = "mlflow.journal.child"
POLL_SECONDS = 0.002
MOST_STARTS = 5
LEAST_END_SECONDS = 1.0

_logger = logging.getLogger(__name__)


class ChildShipper:
    """Like `Shipper`, by a child process that outlives a killed trainer.

    Args:
        journal: the journal of this process.
        factory: `module:function` that makes a destination from the journal's URI, in the child.
    """

    _lock: threading.RLock
    _child: subprocess.Popen[bytes] | None
    _starts: int
    _given_up: bool
    _stopped: bool

    def __init__(self, journal: Journal, factory: str) -> None:
        self.journal = journal
        self.factory = factory
        self._start_afresh()
        survive_forks(self)
        journal.on_open = self.start

    def start(self) -> None:
        """Start the child, unless it runs; one that died is started again, five times in all."""
        with self._lock:
            if self._stopped or (self._child is not None and self._child.poll() is None):
                return
            self._close_pipe()
            if self._starts == MOST_STARTS:
                self._given_up = True
                return
            if self._child is not None:
                _logger.warning(
                    "The journal's shipper ended with code %s and is started again.", self._child.returncode
                )
            self._starts += 1
            self._child = self._spawn()
            at_exit(self.stop)

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all that was logged so far is applied; False if `timeout` seconds were not enough."""
        return self.wait_for(self.journal.end_offset, timeout)

    def drain(self, run_id: str, timeout: float | None = None) -> bool:
        """Wait until all that was logged to a run so far is applied; False if `timeout` seconds were not enough."""
        return self.wait_for(self.journal.end_of(run_id), timeout)

    def stop(self, timeout: float = EXIT_SECONDS) -> bool:
        """Flush and close the journal; False if something is left, which the child goes on with for a while."""
        deadline = time.monotonic() + timeout
        shipped = self.flush(0 if self._stopped else timeout)
        with self._lock:
            self._stopped = True
        if not shipped:
            warn_of_rest(self.journal, self.journal.refresh())
        self.journal.close(keep=self._child is not None)
        self._end_child(max(LEAST_END_SECONDS, deadline - time.monotonic()) if shipped else 0)
        atexit.unregister(self.stop)
        return shipped

    def before_fork(self) -> contextlib.AbstractContextManager[object]:
        """The lock that keeps the shipper from being copied in the midst of a change."""
        return self._lock

    def after_fork(self) -> None:
        """Have no child; the first log call here starts one."""
        self._close_pipe()
        if self._child is not None:
            self._child.returncode = 0  # it is the parent's to wait for
        self._start_afresh()

    def _start_afresh(self) -> None:
        self._lock = threading.RLock()
        self._child = None
        self._starts = 0
        self._given_up = False
        self._stopped = False

    def _spawn(self) -> subprocess.Popen[bytes]:
        home = str(Path(mlflow.journal.__file__).parents[2])
        inherited = os.environ.get("PYTHONPATH")
        journal = self.journal
        child = subprocess.Popen(  # noqa: S603 - our own interpreter, with arguments that are no shell's
            [
                *(sys.executable, "-P", "-m", MODULE),
                *(str(journal.directory), journal.journal_id, "--factory", self.factory),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (inherited, home)))},
            start_new_session=True,  # a closed terminal ends the trainer, not what ships its data
        )
        if child.stdin is not None:
            os.set_blocking(child.stdin.fileno(), False)
        return child

    def wait_for(self, offset: int, timeout: float | None = None) -> bool:
        """Wait until all before an offset is applied; False if `timeout` seconds were not enough."""
        deadline = None if timeout is None else time.monotonic() + timeout
        woken = False
        while self.journal.refresh() < offset:
            if deadline is not None and time.monotonic() >= deadline:
                return False
            self.start()
            if self._given_up:
                return False
            if not woken:
                self._wake()
                woken = True
            time.sleep(POLL_SECONDS)
        return True

    def _wake(self) -> None:
        if self._child is not None and self._child.stdin is not None:
            with contextlib.suppress(OSError):  # it is dead, or has not heard the last hundred calls
                os.write(self._child.stdin.fileno(), b"\n")

    def _close_pipe(self) -> None:
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()

    def _end_child(self, timeout: float) -> None:
        """Let the child go: it ends by itself once the journal is shipped."""
        if self._child is None:
            return
        self._close_pipe()
        try:
            self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            self._child.returncode = 0  # it outlives us, on purpose
