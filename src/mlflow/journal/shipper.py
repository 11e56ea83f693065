"""Shipping the journal of this process from a thread, behind the back of the training code."""

from __future__ import annotations

import atexit
import contextlib
import threading
import time
from collections.abc import Iterator

from mlflow.journal.courier import Courier
from mlflow.journal.delivery import SLICE_BYTES, Delivery
from mlflow.journal.destination import Destination
from mlflow.journal.exits import EXIT_SECONDS, at_exit, warn_of_rest
from mlflow.journal.forks import survive_forks
from mlflow.journal.writer import Journal

__all__ = ["Shipper"]

INTERVAL_SECONDS = 0.2
IMPATIENT_SECONDS = 1.0
QUIET_SECONDS = 2.0


class Shipper:
    """Sends a journal's frames to its destination, undecoded, at most every 200 ms or on `flush`.

    Failures of the destination never reach the training code: one warning, then attempts at growing intervals, with
    everything kept in the journal. Interpreter exit waits for at most 30 s; what is left is shipped by the next process
    or by `mlflow sync`.

    Args:
        journal: the journal of this process.
        destination: what the journal's URI stands for.
        interval: seconds between looks at the journal.
        slice_bytes: about how much is sent at once.
    """

    _thread: threading.Thread | None
    _stopping: bool
    _waiting: int
    _busy: threading.Lock
    _hanging: bool
    _progress: threading.Condition
    _wake: threading.Event
    _courier: Courier

    def __init__(
        self,
        journal: Journal,
        destination: Destination,
        *,
        interval: float = INTERVAL_SECONDS,
        slice_bytes: int = SLICE_BYTES,
    ) -> None:
        self.journal = journal
        self.destination = destination
        self._interval, self._slice_bytes = interval, slice_bytes
        self._start_afresh()
        survive_forks(self)
        journal.on_open = self.start

    def start(self) -> None:
        """Start the thread, unless it runs."""
        with self._progress:
            if self._thread is not None or self._stopping:
                return
            self._thread = threading.Thread(target=self._run, name="mlflow-journal-shipper", daemon=True)
            self._thread.start()
            at_exit(self.stop)

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all that was logged so far is applied; False if `timeout` seconds were not enough."""
        return self.wait_for(self.journal.end_offset, timeout)

    def drain(self, run_id: str, timeout: float | None = None) -> bool:
        """Wait until all that was logged to a run so far is applied; False if `timeout` seconds were not enough."""
        return self.wait_for(self.journal.end_of(run_id), timeout)

    def stop(self, timeout: float = EXIT_SECONDS) -> bool:
        """Flush, end the thread, and close the journal; False if something is left for the next process."""
        deadline = time.monotonic() + timeout
        shipped = self.flush(0 if self._stopping else timeout)
        with self._progress:
            self._stopping = True
            self._wake.set()
        if self._thread is not None:
            self._thread.join(max(0.0, deadline - time.monotonic()))
        if not shipped:
            warn_of_rest(self.journal, self.journal.acknowledged)
        self.journal.close()
        atexit.unregister(self.stop)
        return shipped

    @property
    def failing(self) -> bool:
        """Whether the last attempt failed."""
        return self._courier.failing_since is not None

    def failed_after(self, moment: float) -> bool:
        """Whether the last attempt began after a moment of `time.monotonic()` and failed."""
        return (self._courier.failed_attempt or 0.0) > moment

    @contextlib.contextmanager
    def before_fork(self) -> Iterator[None]:
        """Let the destination finish its call, for two seconds at most, and one that takes longer only once.

        A lock that its library, or an import, holds at the fork would stay locked in the child for ever.
        """
        quiet = self._busy.acquire(timeout=0 if self._hanging else QUIET_SECONDS)
        self._hanging = not quiet
        yield
        if quiet:
            self._busy.release()

    def after_fork(self) -> None:
        """Have no thread; the child's first log call starts one."""
        self._start_afresh()

    def _start_afresh(self) -> None:
        self._thread = None
        self._stopping = False
        self._waiting = 0
        self._busy = threading.Lock()
        self._hanging = False
        self._progress = threading.Condition()
        self._wake = threading.Event()
        self._courier = Courier(
            lambda: Delivery(self.journal, self.destination, self.journal.directory),
            self.journal.destination,
            self.journal.directory,
            self._slice_bytes,
        )

    def wait_for(self, offset: int, timeout: float | None = None) -> bool:
        """Wait until all before an offset is applied, trying harder meanwhile; False if `timeout` seconds end first."""
        if self.journal.acknowledged >= offset:
            return True
        self.start()
        with self._progress:
            self._waiting += 1
            self._wake.set()
            try:
                return self._progress.wait_for(lambda: self.journal.acknowledged >= offset, timeout)
            finally:
                self._waiting -= 1

    def _run(self) -> None:
        pause: float | None = None
        while not self._stopping:
            if pause != 0:
                pause = self._interval if pause is None else pause
                self._wake.wait(min(pause, IMPATIENT_SECONDS) if self._waiting else pause)
                self._wake.clear()
            with self._busy:
                pause = self._courier.step()
                self._hanging = False
            with self._progress:
                self._progress.notify_all()
