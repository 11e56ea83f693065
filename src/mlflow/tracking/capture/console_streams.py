"""The console caught inside Python, where stdout and stderr are objects of a notebook or a test runner."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from mlflow.tracking.capture.console_log import ConsoleLog

__all__ = ["StreamTap"]

_logger = logging.getLogger(__name__)


class StreamTap:
    """Listens to the `write` methods of `sys.stdout` and `sys.stderr`; takes the arguments of `DescriptorTap`."""

    def __init__(self, sink: Callable[[int, bytes], None], limit: int, interval: float) -> None:
        self._sink, self._interval = sink, interval
        self._log = ConsoleLog(limit)
        self._lock = threading.Lock()
        self._owner = os.getpid()
        self._tapped: list[Any] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._report, name="mlflow-console", daemon=True)

    def start(self) -> None:
        """Begin to listen; a stream that does not let its method be replaced is left alone."""
        for source, stream in ((1, sys.stdout), (2, sys.stderr)):
            try:
                stream.write = self._listening(source, stream.write)  # type: ignore[method-assign]  # the point of it
            except AttributeError:
                continue
            self._tapped.append(stream)
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Stop listening and hand over the rest of the log."""
        for stream in self._tapped:
            with contextlib.suppress(AttributeError):
                del stream.write
        self._tapped = []
        self._stopped.set()
        self._thread.join(timeout)

    def _listening(self, source: int, write: Callable[[str], int]) -> Callable[[str], int]:
        def listening_write(text: str) -> int:
            written = write(text)
            if os.getpid() == self._owner and isinstance(text, str):
                with self._lock:
                    self._log.feed(source, text.encode("utf-8", "surrogateescape"))
            return written

        return listening_write

    def _report(self) -> None:
        while not self._stopped.wait(self._interval):
            self._deliver(final=False)
        self._deliver(final=True)

    def _deliver(self, final: bool) -> None:
        with self._lock:
            pieces = self._log.take(time.monotonic(), final)
        for offset, data in pieces:
            try:
                self._sink(offset, data)
            except Exception:
                _logger.warning("A part of the console log could not be recorded.", exc_info=True)
