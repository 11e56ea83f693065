"""The console caught below Python: file descriptors 1 and 2 lead through a tee process, whoever writes to them."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from mlflow.tracking.capture.console_tee import HEADER, copy_window_size

__all__ = ["DescriptorTap", "on_descriptors"]

_logger = logging.getLogger(__name__)
_TEE = Path(__file__).with_name("console_tee.py")
_COPY_CHUNK = 1 << 16
_PIPE_SIZE = 1 << 20

# In a process forked from a captured one: where its descriptors led before, so that nothing is captured twice.
_inherited: dict[int, int] = {}
_active: DescriptorTap | None = None
_lingering: list[subprocess.Popen[bytes]] = []


def on_descriptors() -> bool:
    """Whether Python's stdout and stderr write to descriptors 1 and 2, as outside of notebooks and test runners."""
    if os.name != "posix" or not _has_interpreter():
        return False
    try:
        return [sys.stdout.fileno(), sys.stderr.fileno()] == [1, 2]
    except (AttributeError, OSError, ValueError):
        return False


def _has_interpreter() -> bool:
    """Whether `sys.executable` is one: in a frozen or embedding program it is the program."""
    name = Path(sys.executable or "").name.lower()
    return not getattr(sys, "frozen", False) and name.startswith(("python", "pypy"))


class DescriptorTap:
    """Puts a tee in front of descriptors 1 and 2 while it is on.

    Args:
        sink: called in a thread of this object with each `(offset, bytes)` change of the log.
        limit: bytes the log may hold.
        interval: least seconds between two reports.
    """

    def __init__(self, sink: Callable[[int, bytes], None], limit: int, interval: float) -> None:
        self._sink, self._limit, self._interval = sink, limit, interval
        self._lock = threading.Lock()
        self._before: dict[int, int] = {}
        self._inputs: dict[int, int] = {}
        self._control = -1
        self._drained = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Redirect the descriptors.

        Raises:
            OSError: a descriptor or the process cannot be had; nothing is changed then.
        """
        global _active
        _flush_streams()
        outputs: dict[int, int] = {}
        try:
            for source in (1, 2):
                self._before[source] = os.dup(source)
                self._inputs[source], outputs[source] = _channel(self._before[source])
            reports = self._spawn()
        except OSError:
            self._close()
            raise
        else:
            for source, output in outputs.items():
                os.dup2(output, source)
        finally:
            for output in outputs.values():
                os.close(output)
        _active = self
        self._thread = threading.Thread(target=self._listen, args=(reports,), name="mlflow-console", daemon=True)
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Lead the descriptors where they led before, and wait for the rest of the log."""
        import ctypes

        _flush_streams()
        ctypes.CDLL(None).fflush(None)
        if not self._restore() or self._process is None or self._thread is None:
            return
        with contextlib.suppress(OSError):
            os.write(self._control, b"D")
        self._drained.wait(timeout)
        self._close()
        self._thread.join(timeout)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.2)
        if self._process.returncode is None:
            _lingering.append(self._process)

    def _spawn(self) -> int:
        _lingering[:] = [process for process in _lingering if process.poll() is None]
        control_read, self._control = os.pipe()
        reports, report_write = os.pipe()
        streams = [
            f"{source}:{self._inputs[source]}:{_inherited.get(source, self._before[source])}" for source in (1, 2)
        ]
        passed = [control_read, report_write, *(int(part) for stream in streams for part in stream.split(":")[1:])]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - an argument list; no shell
                [sys.executable, "-I", "-S", str(_TEE), str(control_read), str(report_write),
                 str(self._limit), str(self._interval), *streams],
                pass_fds=passed, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True, cwd="/",
            )  # fmt: skip
        except OSError:
            os.close(reports)
            raise
        finally:
            os.close(control_read)
            os.close(report_write)
        return reports

    def _listen(self, reports: int) -> None:
        with os.fdopen(reports, "rb") as file:
            while len(header := file.read(HEADER.size)) == HEADER.size:
                kind, offset, length = HEADER.unpack(header)
                data = file.read(length)
                if kind == b"D":
                    self._drained.set()
                elif len(data) == length:
                    self._deliver(offset, data)
        self._drained.set()
        if self._restore():
            _logger.warning("The process that records the console ended; output is no longer recorded.")
            self._rescue()

    def _deliver(self, offset: int, data: bytes) -> None:
        try:
            self._sink(offset, data)
        except Exception:
            _logger.warning("A part of the console log could not be recorded.", exc_info=True)

    def _restore(self) -> bool:
        """Lead the descriptors back; False when somebody did before."""
        global _active
        with self._lock:
            if _active is not self:
                return False
            _active = None
            for source, before in self._before.items():
                os.dup2(before, source)
            return True

    def _rescue(self) -> None:
        """Copy what a dead tee left unread."""
        for source, reading in self._inputs.items():
            os.set_blocking(reading, False)
            with contextlib.suppress(OSError):
                while data := os.read(reading, _COPY_CHUNK):
                    os.write(source, data)
        self._close()

    def _close(self) -> None:
        with self._lock:
            descriptors = [self._control, *self._inputs.values(), *self._before.values()]
            self._control, self._inputs, self._before = -1, {}, {}
        for descriptor in descriptors:
            if descriptor >= 0:
                os.close(descriptor)

    def forget(self) -> None:
        """In a forked child: the tee and its reports are the parent's; only what is written goes on through it."""
        _inherited.update(self._before)
        for descriptor in (self._control, *self._inputs.values()):
            if descriptor >= 0:
                os.close(descriptor)
        self._control, self._inputs, self._before = -1, {}, {}
        self._process = self._thread = None


def _channel(target: int) -> tuple[int, int]:
    """Reading and writing end of a pipe; before a terminal of a pseudo-terminal, so that programs still see one."""
    if not os.isatty(target):
        return _wide_pipe()
    import termios

    reading, output = os.openpty()
    attributes = termios.tcgetattr(output)
    attributes[1] &= ~termios.OPOST
    attributes[3] &= ~termios.ECHO
    termios.tcsetattr(output, termios.TCSANOW, attributes)
    copy_window_size(target, output)
    return reading, output


def _wide_pipe() -> tuple[int, int]:
    """A pipe that holds 1 MiB where the system allows it (Linux), for fewer switches between writer and tee."""
    import fcntl

    reading, output = os.pipe()
    with contextlib.suppress(AttributeError, OSError):
        fcntl.fcntl(reading, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
    return reading, output


def _flush_streams() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()


def _after_fork() -> None:
    global _active, _lingering
    _lingering = []
    if _active is not None:
        _active.forget()
        _active = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
