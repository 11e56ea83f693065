"""Several processes that serve one socket, and the process that watches them."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import FrameType

from mlflow.exceptions import MlflowException

__all__ = ["Workers"]

_log = logging.getLogger(__name__)
_LOOK = 0.5  # seconds
_YOUNG = 60.0  # seconds
_LONGEST_PAUSE = 30.0  # seconds
_ENDING = (signal.SIGTERM, signal.SIGINT)

Work = Callable[[Callable[[], None]], None]


class Workers:
    """Keeps `count` processes at work until SIGTERM or SIGINT; one that ends by itself is replaced.

    They are forked, so they share what is imported by then; fork while no other thread runs. Those that end again and
    again soon after they began are replaced more and more slowly, so that what keeps them from working does not also
    keep the processors busy.

    Args:
        work: what each does; it calls what it is given once it is ready, and ends on SIGTERM.
        count: how many.
        drain: seconds they get to end.
        start: seconds they get to be ready.
        ended: told the process id of one that ended by itself.
    """

    def __init__(
        self,
        work: Work,
        count: int,
        drain: float,
        start: float = 60.0,
        ended: Callable[[int], None] = lambda pid: None,
    ) -> None:
        if "fork" not in multiprocessing.get_all_start_methods():
            raise MlflowException(
                f"This system cannot fork the {count} processes of --workers; start the server with one."
            )
        self._work, self._count, self._drain, self._start_seconds = work, count, drain, start
        self._context = multiprocessing.get_context("fork")
        self._ready = self._context.Semaphore(0)
        self._processes: list[BaseProcess] = []
        self._ended = ended
        self._began: dict[BaseProcess, float] = {}
        self._due: dict[int, float] = {}  # when the place of one that ended is filled
        self._pause = 0.0
        self._stopping = False

    def run(self, started: Callable[[], None]) -> None:
        """Run them; `started` is called when all are ready for the first time.

        Raises:
            MlflowException: a process ended before it was ready.
        """
        for number in _ENDING:
            signal.signal(number, self._stop)
        try:
            self._processes = [self._start() for _ in range(self._count)]
            if self._await_all():
                started()
            while not self._stopping:
                self._sleep()
                self._replace()
        finally:
            self._end()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self) -> BaseProcess:
        process = self._context.Process(target=self._run_worker)
        # held back until the worker has put off the handler it inherits, which would swallow them
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._began[process] = time.monotonic()
        return process

    def _run_worker(self) -> None:
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        self._work(self._ready.release)
        sys.stderr.flush()

    def _await_all(self) -> bool:
        deadline, ready = time.monotonic() + self._start_seconds, 0
        while ready < self._count and not self._stopping:
            ready += self._ready.acquire(timeout=_LOOK)
            if any(process.exitcode is not None for process in self._processes) or time.monotonic() > deadline:
                raise MlflowException("A worker process did not start; what it says stands above.")
        return not self._stopping

    def _sleep(self) -> None:
        """Wait until one ends, or for a moment."""
        living = [process.sentinel for index, process in enumerate(self._processes) if index not in self._due]
        if living:
            wait(living, _LOOK)
        else:
            time.sleep(_LOOK)

    def _replace(self) -> None:
        now = time.monotonic()
        for index, process in enumerate(self._processes):
            if process.exitcode is None or self._stopping:
                continue
            if index not in self._due:
                self._due[index] = now + self._pause_after(process, now)
            if now >= self._due[index]:
                del self._due[index]
                self._processes[index] = self._start()

    def _pause_after(self, process: BaseProcess, now: float) -> float:
        """Note that one ended; seconds until another takes its place."""
        young = now - self._began.pop(process) < _YOUNG
        pause, self._pause = (self._pause, min(2 * self._pause or 1.0, _LONGEST_PAUSE)) if young else (0.0, 0.0)
        words = f"another starts in {pause:.0f} s" if pause else "starting another"
        _log.warning("Worker process %s ended with %s; %s.", process.pid, process.exitcode, words)
        self._ended(process.pid or 0)
        return pause

    def _end(self) -> None:
        for process in self._processes:
            process.terminate()
        deadline = time.monotonic() + self._drain + 5
        for process in self._processes:
            process.join(max(0.1, deadline - time.monotonic()))
            if process.exitcode is None:
                process.kill()
