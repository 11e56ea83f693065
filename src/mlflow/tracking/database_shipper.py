"""Shipping to a database: by a child process, or at once while the program is so young that none has been started."""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Callable, Iterator

from mlflow.journal.child_shipper import ChildShipper
from mlflow.journal.courier import Courier
from mlflow.journal.delivery import Delivery
from mlflow.journal.exits import EXIT_SECONDS, at_exit, warn_of_rest
from mlflow.journal.forks import survive_forks
from mlflow.journal.writer import Journal
from mlflow.tracking.destinations import FACTORY, destination_for

__all__ = ["DatabaseShipper"]

YOUNG_SECONDS = 1.0
QUIET_SECONDS = 10.0


class DatabaseShipper:
    """Like `Shipper`. A program that ends, or waits, within its first second writes to the database itself.

    Starting a child costs half a second of processor time, so short programs do without; longer ones run no SQL.

    Args:
        journal: the journal of this process.
        on_start: called after something was registered to be called at the interpreter's exit.
    """

    _timer: threading.Timer | None

    def __init__(self, journal: Journal, on_start: Callable[[], None]) -> None:
        self.journal = journal
        self._on_start = on_start
        self._child = ChildShipper(journal, FACTORY)
        self._start_afresh()
        survive_forks(self)
        journal.on_open = self.start

    def start(self) -> None:
        """Give the program its first second, then start the child."""
        with self._lock:
            if self._timer is not None or self._grown:
                return
            self._timer = threading.Timer(YOUNG_SECONDS, self._grow)
            self._timer.daemon = True
            self._timer.start()
        at_exit(self.stop)
        self._on_start()

    @property
    def failing(self) -> bool:
        """Whether the last attempt of this process failed."""
        return self._courier.failing_since is not None

    def failed_after(self, moment: float) -> bool:
        """Whether the last attempt of this process began after a moment of `time.monotonic()` and failed."""
        return (self._courier.failed_attempt or 0.0) > moment

    def wait_for(self, offset: int, timeout: float | None = None) -> bool:
        """Wait until all before an offset is applied; False if `timeout` seconds were not enough."""
        shipped = self._shipped_here(offset)
        return self._child.wait_for(offset, timeout) if shipped is None else shipped

    def stop(self, timeout: float = EXIT_SECONDS) -> bool:
        """Flush and close the journal; False if something is left for the next process."""
        shipped = self._shipped_here(self.journal.end_offset)
        atexit.unregister(self.stop)
        if shipped is None:
            return self._child.stop(timeout)
        if self._timer is not None:
            self._timer.cancel()
        if not shipped:
            warn_of_rest(self.journal, self.journal.acknowledged)
        self.journal.close()
        return shipped

    @contextlib.contextmanager
    def before_fork(self) -> Iterator[None]:
        """Let a call to the database finish, for ten seconds at most: its locks would stay locked in the child."""
        quiet = self._shipping.acquire(timeout=QUIET_SECONDS)
        with self._lock:
            yield
        if quiet:
            self._shipping.release()

    def after_fork(self) -> None:
        """Be young again; the child's first log call starts the clock."""
        self._start_afresh()

    def _start_afresh(self) -> None:
        self._lock = threading.RLock()
        self._shipping = threading.Lock()
        self._grown = False
        self._timer = None
        journal = self.journal
        self._courier = Courier(
            lambda: Delivery(journal, destination_for(journal.destination), journal.directory),
            journal.destination,
            journal.directory,
        )

    def _grow(self) -> None:
        with self._shipping:
            with self._lock:
                grown, self._grown = self._grown, True
            if not grown:
                self._child.start()
                self._on_start()

    def _shipped_here(self, offset: int) -> bool | None:
        """Whether all up to an offset is applied, after shipping it in this process; None once the child does that."""
        with self._shipping:
            if self._grown:
                return None
            while self.journal.acknowledged < offset and self._courier.step() == 0:
                pass
            return self.journal.acknowledged >= offset
