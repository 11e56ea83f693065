"""A command's process and the signals that reach whoever starts it."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import psutil
import pytest

from mlflow.projects.command_process import CommandProcess, Terminated, raising_on_termination


@pytest.mark.parametrize(
    ("number", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)], ids=["Ctrl-C", "SIGTERM"]
)
def test_a_signal_while_the_process_is_started_leaves_none_alone(
    number: signal.Signals, raised: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    class Signalled(subprocess.Popen[bytes]):
        """A process that runs when the signal comes, and that its starter knows nothing of yet."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self.pid)
            os.kill(os.getpid(), number)

    monkeypatch.setattr(subprocess, "Popen", Signalled)
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored here
    try:
        handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
        with (
            pytest.raises(raised),
            raising_on_termination(),
            CommandProcess.running(["sleep", "60"], tmp_path, os.environ),
        ):
            pytest.fail("the signal was lost")
        assert not psutil.pid_exists(started[0])
        assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == handlers
    finally:
        signal.signal(signal.SIGINT, previous)


def test_a_command_ignores_what_its_starter_ignores(tmp_path: Path) -> None:
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as `nohup` and a shell's `&` do
    try:
        with CommandProcess.running(["sh", "-c", "kill -INT $$; exit 7"], tmp_path, os.environ) as process:
            assert process.wait() == 7
    finally:
        signal.signal(signal.SIGINT, previous)
