"""A process that looks after one command: `python -m mlflow.projects.supervisor` reads its job from stdin.

It lives as long as the command, so that the run gets its state also when whoever submitted it is gone.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from mlflow.exceptions import MlflowException
from mlflow.projects.command_process import Terminated
from mlflow.projects.job import Job, perform
from mlflow.projects.submitted_run import KILLED_STATUS

__all__ = ["supervise"]


def supervise(job: Job, *, detached: bool) -> tuple[subprocess.Popen[bytes], Path | None]:
    """Start a supervisor.

    Args:
        job: what it does.
        detached: it writes to a file of its own, and no terminal; else to this process's output.

    Returns:
        The process, and that file.
    """
    log = None
    if detached:
        number, name = tempfile.mkstemp(prefix=f"mlflow-run-{job.run_id[:8]}-", suffix=".log")
        log = Path(name)
    output = number if detached else None
    process = subprocess.Popen(
        [sys.executable, "-m", "mlflow.projects.supervisor"],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )
    if output is not None:
        os.close(output)
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
        stdin.write(msgspec.json.encode(job, enc_hook=str))
    return process, log


def _main() -> int:
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job, dec_hook=lambda kind, value: kind(value))
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    try:
        return 0 if perform(job) == "FINISHED" else 1
    except (Terminated, KeyboardInterrupt):
        return KILLED_STATUS
    except MlflowException as exc:
        sys.stderr.write(f"{exc.message}\n")
        return 1


if __name__ == "__main__":
    sys.exit(_main())
