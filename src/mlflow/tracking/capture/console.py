"""What a run prints, as a live log."""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import threading
from collections.abc import Callable
from typing import Self

from mlflow.environment_variables import MLFLOW_CAPTURE, MLFLOW_CAPTURE_CONSOLE
from mlflow.tracking.capture.console_descriptors import DescriptorTap, on_descriptors
from mlflow.tracking.capture.console_streams import StreamTap

__all__ = ["ConsoleCapture", "Sink"]

# Called with an offset and bytes: from the offset on the log holds those bytes, and ends there.
Sink = Callable[[int, bytes], None]

_logger = logging.getLogger(__name__)
_owner = threading.Lock()


class ConsoleCapture:
    """Records stdout and stderr of this process and its children from `start` to `stop`, or inside a `with`.

    One capture is on at a time; starting a second one does nothing, so a nested run's output is in its parent's log.
    Outside of notebooks a tee process does the work, see `console_tee`; a forked child writes on into its parent's log.

    Args:
        sink: called in another thread with changes of the log, at most once an `interval`; what it raises is logged.
        limit: bytes the log may hold; beyond that the middle is left out.
        interval: seconds.
    """

    def __init__(self, sink: Sink, *, limit: int = 10 << 20, interval: float = 1.0) -> None:
        self._sink, self._limit, self._interval = sink, limit, interval
        self._tap: DescriptorTap | StreamTap | None = None
        self._pid = 0

    def start(self) -> bool:
        """Begin to record; False when that is switched off, impossible here, or another capture is on."""
        if not (MLFLOW_CAPTURE.get() and MLFLOW_CAPTURE_CONSOLE.get()) or not _owner.acquire(blocking=False):
            return False
        kind = DescriptorTap if on_descriptors() else StreamTap
        tap = kind(self._sink, self._limit, self._interval)
        try:
            tap.start()
        except OSError:
            _logger.warning("The console could not be recorded; the run goes on.", exc_info=True)
            _owner.release()
            return False
        self._tap, self._pid = tap, os.getpid()
        atexit.register(self.stop)
        return True

    def stop(self, timeout: float = 2.0) -> None:
        """Stop recording and hand the rest of the log to the sink; nothing happens when this capture is not on.

        Args:
            timeout: seconds to wait for the rest of the log.
        """
        tap, self._tap = self._tap, None
        atexit.unregister(self.stop)
        if tap is None or self._pid != os.getpid():
            return
        try:
            tap.stop(timeout)
        finally:
            with contextlib.suppress(RuntimeError):
                _owner.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()


def _start_afresh() -> None:
    """A forked child may record its own run."""
    global _owner
    _owner = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_afresh)
