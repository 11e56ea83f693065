"""The console caught inside Python, where stdout and stderr are objects of a notebook or a test runner."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TextIO, cast

from mlflow.tracking.capture.console_log import ConsoleLog

__all__ = ["StreamTap"]

_logger = logging.getLogger(__name__)


class HeardStream:
    """A text stream before another one: what is written to it is heard, everything else is the other's.

    Notebooks replace `write` on the stream around each cell and put back what was there. A replacement stays here,
    before the hearing; the other stream's own method goes back to that stream, and never past the hearing.
    """

    _stream: TextIO
    _hear: Callable[[str], None]

    def __init__(self, stream: TextIO, hear: Callable[[str], None]) -> None:
        vars(self).update(_stream=stream, _hear=hear)

    def write(self, text: str) -> int:
        """Write to the other stream, and tell."""
        written = self._stream.write(text)
        self._hear(text)
        return written

    def writelines(self, lines: Iterable[str]) -> None:
        """Write one line after another."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __setattr__(self, name: str, value: object) -> None:
        owner = getattr(value, "__self__", None)
        if name == "write" and owner is not self._stream:
            vars(self).pop(name, None) if owner is self else vars(self).update(write=value)
        else:
            setattr(self._stream, name, value)

    def __delattr__(self, name: str) -> None:
        if name in vars(self):
            del vars(self)[name]
        else:
            delattr(self._stream, name)


class StreamTap:
    """Stands before `sys.stdout` and `sys.stderr` while it is on; takes the arguments of `DescriptorTap`."""

    def __init__(self, sink: Callable[[int, bytes], None], limit: int, interval: float) -> None:
        self._sink, self._interval = sink, interval
        self._log = ConsoleLog(limit)
        self._lock = threading.Lock()
        self._owner = os.getpid()
        self._before: dict[str, tuple[TextIO, TextIO]] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._report, name="mlflow-console", daemon=True)

    def start(self) -> None:
        """Begin to listen to the streams that there are."""
        for source, name in ((1, "stdout"), (2, "stderr")):
            stream = vars(sys)[name]
            if stream is not None:
                heard = cast("TextIO", HeardStream(stream, partial(self._hear, source)))
                vars(sys)[name] = heard
                self._before[name] = (heard, stream)
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Stop listening and hand over the rest of the log; a stream that was replaced meanwhile stays."""
        for name, (heard, stream) in self._before.items():
            if vars(sys)[name] is heard:
                vars(sys)[name] = stream
        self._stopped.set()
        self._thread.join(timeout)

    def _hear(self, source: int, text: str) -> None:
        if os.getpid() == self._owner and not self._stopped.is_set():
            with self._lock:
                self._log.feed(source, text.encode("utf-8", "surrogateescape"))

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
