"""The process that looks at samples: it is asked to start by a server, and ends with it.

A process of its own, as reading bodies and comparing tables would take the interpreter from requests, and because
several workers so have one window and one run. Its standard input tells it what to do, in one line, and ends when the
server does; its standard output answers with where it listens, in one line.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from queue import Empty, Queue
from typing import IO

import msgspec

from mlflow.exceptions import MlflowException
from mlflow.serving.monitoring.baseline import baseline_of
from mlflow.serving.monitoring.custom import load_monitor
from mlflow.serving.monitoring.monitor import Monitor, Report
from mlflow.serving.monitoring.record import open_record
from mlflow.serving.monitoring.samples import Sample
from mlflow.serving.monitoring.settings import Address, MonitoringSettings
from mlflow.temporary_folders import temporary_folder

__all__ = ["main", "monitoring"]

_LOG = logging.getLogger(__name__)
_WAITING = 100  # samples; who sends more waits, and drops what it has no room for
_TICK = 0.25  # seconds
_LONGEST_PATH = 100  # bytes of a socket's: 107 on Linux, 103 on macOS
_ENDING = 45.0  # seconds
_GRACE = 10.0  # seconds for workers to send their last samples after the server's end


class _Started(msgspec.Struct):
    place: str | tuple[str, int] = ""
    run_id: str = ""
    failure: str = ""
    error_code: str = ""


class _Order(msgspec.Struct):
    settings: MonitoringSettings
    key: bytes


@contextlib.contextmanager
def monitoring(settings: MonitoringSettings) -> Iterator[Address]:
    """A monitor, for as long as a server lives.

    Raises:
        MlflowException: it cannot start: the baseline or a monitor cannot be loaded, or no run can begin.
    """
    key = secrets.token_bytes(32)
    command = [sys.executable, "-m", "mlflow.serving.monitoring"]
    process = subprocess.Popen(  # noqa: S603 - an argument list
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdout:
        try:
            with contextlib.suppress(BrokenPipeError):  # it has ended, as its output will tell
                process.stdin.write(msgspec.json.encode(_Order(settings, key)) + b"\n")
                process.stdin.flush()
            started = _read(process.stdout.readline())
            if started.failure:
                raise MlflowException(started.failure, started.error_code)
            yield Address(started.place, key, settings.sample_rate)
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            _await(process)


def _await(process: subprocess.Popen[bytes]) -> None:
    """Let the monitor log what is left; it goes on by itself where that takes long."""
    try:
        process.wait(_ENDING)
    except subprocess.TimeoutExpired:
        _LOG.warning("The monitor (process %s) still logs what it has.", process.pid)


def _read(line: bytes) -> _Started:
    if not line:
        return _Started(
            failure="The monitor ended before it began; what it says stands above.", error_code="INTERNAL_ERROR"
        )
    return msgspec.json.decode(line, type=_Started)


def main() -> int:
    """Look at samples until the server ends; the process's exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=_Order)
    sys.path.insert(0, str(Path.cwd()))  # where a monitor of the user's may be, as for any command that names code
    with _reserved_output() as output:
        try:
            _look(order, lambda started: _answer(output, started))
        except MlflowException as exc:
            _answer(output, _Started(failure=exc.message, error_code=exc.error_code))
            return 1
    return 0


def _look(order: _Order, answer: Callable[[_Started], None]) -> None:
    settings = order.settings
    with contextlib.ExitStack() as stack:
        profile, follow = baseline_of(settings.models[0][1], settings.baseline)
        custom = [load_monitor(name) for name in settings.monitors]
        record = stack.enter_context(open_record(settings.experiment, _name(settings), _tags(settings)))
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it ends with the server, however that is told to
        folder = stack.enter_context(temporary_folder("monitor"))
        listener = stack.enter_context(Listener(_place(folder), authkey=order.key))
        inbox = _Inbox(listener)
        answer(_Started(place=listener.address, run_id=record.run_id))
        if profile is None:
            _LOG.warning("Monitoring has no baseline, so it tells of traffic and custom monitors, not of drift.")
        inbox.serve(Monitor(settings, profile, custom, record, inbox.tell, follow=follow))


def _place(folder: Path) -> str | tuple[str, int]:
    """Where to listen: a socket in a folder, or a port of this machine where the folder's name is too long for one."""
    path = str(folder / "samples")
    return path if len(os.fsencode(path)) <= _LONGEST_PATH else ("127.0.0.1", 0)


@contextlib.contextmanager
def _reserved_output() -> Iterator[IO[bytes]]:
    """Standard output for the server alone; what else is printed, by a user's monitor too, goes to standard error."""
    with os.fdopen(os.dup(1), "wb") as output:
        os.dup2(2, 1)
        yield output


def _answer(output: IO[bytes], started: _Started) -> None:
    output.write(msgspec.json.encode(started) + b"\n")
    output.flush()


def _name(settings: MonitoringSettings) -> str:
    return f"monitoring {settings.models[0][1]}"[:250]


def _tags(settings: MonitoringSettings) -> dict[str, str]:
    window = settings.window
    return {
        "mlflow.monitoring.models": ", ".join(f"{name}={uri}" for name, uri in settings.models),
        "mlflow.monitoring.sampleRate": f"{settings.sample_rate:g}",
        "mlflow.monitoring.window": f"{window.rows} rows" if window.rows else f"{window.seconds:g} s",
        "mlflow.monitoring.logsRequests": str(settings.log_requests).lower(),
        "mlflow.monitoring.alerts": "none",
        "mlflow.source.name": "mlflow models serve",
    }


class _Inbox:
    """The ends of all workers' links."""

    def __init__(self, listener: Listener) -> None:
        self._samples: Queue[bytes] = Queue(_WAITING)
        self._connections: set[Connection] = set()
        self._ended = threading.Event()
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        threading.Thread(target=self._await_end, daemon=True).start()

    def serve(self, monitor: Monitor) -> None:
        """Hand samples to the monitor until the server has ended and its workers have sent all they had."""
        deadline = None
        while True:
            with contextlib.suppress(Empty):
                monitor.take(msgspec.msgpack.decode(self._samples.get(timeout=_TICK), type=Sample))
            monitor.tick()
            if self._ended.is_set():
                deadline = deadline or time.monotonic() + _GRACE
                if time.monotonic() > deadline or (not self._connections and self._samples.empty()):
                    break
        monitor.close()

    def tell(self, report: Report) -> None:
        """Tell all workers of a window."""
        message = msgspec.msgpack.encode(report)
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.send_bytes(message)

    def _accept(self, listener: Listener) -> None:
        while True:
            try:
                connection = listener.accept()
            except Exception as exc:  # noqa: BLE001 - whoever has not the key
                if self._ended.is_set():
                    return
                _LOG.warning("A connection to the monitor failed: %r", exc)
                time.sleep(_TICK)
                continue
            self._connections.add(connection)
            threading.Thread(target=self._receive, args=(connection,), daemon=True).start()

    def _receive(self, connection: Connection) -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                self._samples.put(connection.recv_bytes())
        self._connections.discard(connection)

    def _await_end(self) -> None:
        while sys.stdin.buffer.read(1024):
            pass
        self._ended.set()
