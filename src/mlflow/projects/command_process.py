"""A project's command as a process: its whole family ends with it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from mlflow.exceptions import ExecutionException
from mlflow.temporary_folders import locks_of

__all__ = ["CommandNotFound", "CommandProcess", "Terminated", "raising_on_termination"]

GRACE_SECONDS = 10.0
"""How long a command that was asked to end may take."""


class CommandNotFound(ExecutionException):
    """A command's program is not there."""


class Terminated(BaseException):
    """This process was asked to end by SIGTERM."""


class CommandProcess:
    """A running command, the leader of a session of its own, so that a Ctrl-C reaches it through us and once.

    Args:
        argv: the program and its arguments.
        folder: to run in.
        variables: its whole environment.
        output: the file that its output goes to, in place of ours.

    Raises:
        CommandNotFound: the program is not there.
    """

    def __init__(
        self, argv: Sequence[str], folder: Path, variables: Mapping[str, str], output: Path | None = None
    ) -> None:
        try:
            with contextlib.ExitStack() as stack:
                file = None if output is None else stack.enter_context(output.open("ab"))
                self._process = subprocess.Popen(  # noqa: S603 - a list; a shell only where the author wrote for one
                    list(argv),
                    cwd=folder,
                    env=dict(variables),
                    stdin=None if file is None else subprocess.DEVNULL,
                    stdout=file,
                    stderr=file,
                    start_new_session=True,
                    pass_fds=locks_of(),  # it may outlive this process, where that is killed
                )
        except OSError as exc:
            raise CommandNotFound(f"'{argv[0]}' cannot be run: {exc.strerror}. Check the command and PATH.") from exc

    @classmethod
    @contextlib.contextmanager
    def running(
        cls, argv: Sequence[str], folder: Path, variables: Mapping[str, str], output: Path | None = None
    ) -> Iterator[CommandProcess]:
        """A command that is stopped when the block is left by an exception; arguments and errors are the class's."""
        with _holding_signals() as let_through:
            process = cls(argv, folder, variables, output)
            try:
                let_through()
                yield process
            except BaseException:
                process.stop()
                raise

    @property
    def pid(self) -> int:
        """Of the command's first process."""
        return self._process.pid

    def wait(self) -> int:
        """The exit status; negative is the signal that ended it."""
        return self._process.wait()

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """Ask it and all that it started to end, and end what is left after `grace` seconds."""
        stop_family(self._process.pid, grace)
        self._process.wait()


def stop_family(pid: int, grace: float) -> None:
    """End a process, its group and everything that descends from it; nothing happens when it is gone."""
    import psutil

    try:
        leader = psutil.Process(pid)
        family = [leader, *leader.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    _signal_group(pid, signal.SIGTERM)
    for member in family[1:]:
        with contextlib.suppress(psutil.Error):
            member.terminate()
    _, alive = psutil.wait_procs(family, timeout=grace)
    _signal_group(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    for member in alive:
        with contextlib.suppress(psutil.Error):
            member.kill()
    psutil.wait_procs(alive, timeout=grace)


def _signal_group(pid: int, number: int) -> None:
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, number)
    else:
        with contextlib.suppress(OSError):
            os.kill(pid, number)


@contextlib.contextmanager
def _holding_signals() -> Iterator[Callable[[], None]]:
    """Keep signals until they are let through: raised while a process is being started, they would leave it alone."""
    held: list[int] = []
    handlers: dict[int, Any] = {}

    def let_through() -> None:
        while handlers:
            signal.signal(*handlers.popitem())
        while held:
            signal.raise_signal(held.pop())

    try:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                handler = signal.getsignal(number)
                if callable(handler):
                    handlers[number] = handler
                    signal.signal(number, lambda number, frame: held.append(number))
        yield let_through
    finally:
        let_through()


@contextlib.contextmanager
def raising_on_termination() -> Iterator[None]:
    """Turn SIGTERM into `Terminated` inside of the block; in other threads than the main one nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        raise Terminated

    previous = signal.signal(signal.SIGTERM, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous if previous is not None else signal.SIG_DFL)
