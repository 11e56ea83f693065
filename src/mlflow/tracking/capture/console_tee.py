"""The process that copies a console: to where the output went before, and into a log for the process it watches.

A process of its own, because a thread cannot read while C code holds the interpreter lock and fills the pipe, and
because it still delivers the last words after the watched process was killed. It starts with `-I -S` and the standard
library alone, in 15 ms. Nothing it does may block on the watched process: reports wait in the log until they can be
sent.

Arguments: control, report, limit, interval, then one `source:input:target` of descriptors for each stream.
Control: a byte asks for a drain; end of file ends the reports. Reports: see `HEADER`.
"""

from __future__ import annotations

import os
import select
import signal
import struct
import sys
import time

if __name__ == "__main__":
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib doubles the start
    from console_log import ConsoleLog  # type: ignore[import-not-found]  # the module beside this one
else:
    from mlflow.tracking.capture.console_log import ConsoleLog

# kind (P a piece of the log, D drained), offset, length; the bytes follow
HEADER = struct.Struct("<cQI")
_CHUNK = 1 << 18
_DRAIN_SECONDS = 1.0
_FAREWELL_SECONDS = 5.0
_WINDOW_SECONDS = 0.5


class Stream:
    """One watched output: where its bytes arrive and where they went before."""

    def __init__(self, source: int, input: int, target: int) -> None:
        self.source, self.input, self.target = source, input, target
        self._window = b""
        self._next_window = 0.0

    def read(self) -> bytes:
        """The next bytes; empty at the end, which a terminal tells as an error."""
        try:
            return os.read(self.input, _CHUNK)
        except OSError:
            return b""

    def forward(self, data: bytes) -> None:
        """Write to where the stream went before; a target that is gone is given up, the log goes on."""
        view = memoryview(data)
        while view and self.target >= 0:
            try:
                view = view[os.write(self.target, view) :]
            except BlockingIOError:
                select.select([], [self.target], [], 1.0)
            except OSError:
                self.target = -1

    def follow_window(self, now: float) -> None:
        """Give a pseudo-terminal the size of the terminal behind it, so that progress bars fit."""
        if now < self._next_window or not os.isatty(self.input) or self.target < 0:
            return
        self._next_window = now + _WINDOW_SECONDS
        copy_window_size(self.target, self.input)


def copy_window_size(origin: int, terminal: int) -> None:
    """Set the rows and columns of one terminal as those of another."""
    import fcntl
    import termios

    try:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, fcntl.ioctl(origin, termios.TIOCGWINSZ, bytes(8)))
    except OSError:
        return


class Tee:
    """Copies streams until all of them end."""

    def __init__(self, control: int, report: int, limit: int, interval: float, streams: list[Stream]) -> None:
        self._control, self._report, self._interval = control, report, interval
        self._streams = {stream.input: stream for stream in streams}
        self._log = ConsoleLog(limit)
        self._outbox = bytearray()
        self._due = float("inf")
        self._drained = False
        os.set_blocking(report, False)

    def run(self) -> None:
        """Copy until the last stream ends, then send what is left of the log."""
        while self._streams:
            readable, writable, _ = self._wait()
            for descriptor in readable:
                if descriptor == self._control:
                    self._obey()
                else:
                    self._copy(self._streams[descriptor])
            if writable:
                self._send()
            self._collect(time.monotonic())
        self._farewell()

    def _wait(self) -> tuple[list[int], list[int], list[int]]:
        reads = [*self._streams, *([self._control] if self._control >= 0 else [])]
        timeout = None if self._due == float("inf") or self._outbox else max(0.0, self._due - time.monotonic())
        return select.select(reads, [self._report] if self._outbox else [], [], timeout)

    def _copy(self, stream: Stream) -> None:
        data = stream.read()
        if not data:
            self._streams.pop(stream.input, None)
            return
        now = time.monotonic()
        stream.follow_window(now)
        stream.forward(data)
        if self._report >= 0:
            self._log.feed(stream.source, data)
            self._due = min(self._due, now + self._interval)

    def _obey(self) -> None:
        if not os.read(self._control, 1):
            self._silence()
            return
        deadline = time.monotonic() + _DRAIN_SECONDS
        while self._streams and time.monotonic() < deadline:
            ready = select.select([*self._streams], [], [], 0)[0]
            if not ready:
                break
            for descriptor in ready:
                self._copy(self._streams[descriptor])
        self._drained = True
        self._due = 0.0

    def _collect(self, now: float) -> None:
        """Move due changes of the log into the outbox, once the earlier ones are out."""
        if self._outbox or now < self._due or self._report < 0:
            return
        pieces = self._log.take(now, final=self._drained or not self._streams)
        for offset, data in pieces:
            self._outbox += HEADER.pack(b"P", offset, len(data)) + data
        if self._drained:
            self._outbox += HEADER.pack(b"D", 0, 0)
        self._due = float("inf") if pieces or self._drained else now + self._interval
        self._drained = False
        self._send()

    def _send(self) -> None:
        try:
            del self._outbox[: os.write(self._report, self._outbox)]
        except BlockingIOError:
            return
        except OSError:
            self._silence()

    def _silence(self) -> None:
        """Nobody reads reports any more: copy only."""
        for descriptor in (self._control, self._report):
            if descriptor >= 0:
                os.close(descriptor)
        self._control = self._report = -1
        self._due = float("inf")
        self._outbox.clear()

    def _farewell(self) -> None:
        deadline = time.monotonic() + _FAREWELL_SECONDS
        self._due = 0.0
        while self._report >= 0 and time.monotonic() < deadline:
            self._collect(time.monotonic())
            if not self._outbox:
                return
            select.select([], [self._report], [], 0.1)
            self._send()


def main(arguments: list[str]) -> None:
    """Copy what the command line names; signals meant for the watched process do not end this one."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    control, report, limit, interval, *streams = arguments
    described = [
        Stream(int(source), low(int(reading)), low(int(target))) for source, reading, target in map(_parts, streams)
    ]
    Tee(low(int(control)), low(int(report)), int(limit), float(interval), described).run()


def _parts(stream: str) -> list[str]:
    return stream.split(":")


def low(descriptor: int) -> int:
    """The same file under the lowest free number: select takes none above 1,023, which trainers may pass."""
    moved = os.dup(descriptor)
    os.close(descriptor)
    return moved


if __name__ == "__main__":
    main(sys.argv[1:])
