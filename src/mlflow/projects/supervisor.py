"""A process that looks after one command: `python -m mlflow.projects.supervisor` reads its job from stdin.

It lives as long as the command, so that the run gets its state also when whoever submitted it is gone.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from mlflow.exceptions import MlflowException
from mlflow.projects.command_process import Terminated
from mlflow.projects.job import Job, perform
from mlflow.projects.submitted_run import KILLED_STATUS
from mlflow.temporary_folders import let_go, locks_of
from mlflow.tracking.logs import configure_logging

__all__ = ["WorkflowJob", "supervise"]

_LOG = "mlflow-run-"
_KEPT_SECONDS = 14 * 86_400.0


class WorkflowJob(Struct, frozen=True, tag=True):
    """A workflow to run; its run is named in the configuration."""

    run_id: str
    project_uri: str
    version: str | None
    params: dict[str, Any]
    config: dict[str, Any]
    tracking_uri: str
    experiment_id: str


def supervise(job: Job | WorkflowJob, *, detached: bool) -> tuple[subprocess.Popen[bytes], Path | None]:
    """Start a supervisor.

    Args:
        job: what it does.
        detached: it writes to a file of its own, and no terminal; else to this process's output.

    Returns:
        The process, and that file.
    """
    log = None
    if detached:
        _remove_old_logs()
        number, name = tempfile.mkstemp(prefix=f"{_LOG}{job.run_id[:8]}-", suffix=".log")
        log = Path(name)
    output = number if detached else None
    kept = job.discard if isinstance(job, Job) else ()
    process = subprocess.Popen(
        [sys.executable, "-m", "mlflow.projects.supervisor"],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        start_new_session=True,
        pass_fds=locks_of(kept),
    )
    let_go(kept)
    if output is not None:
        os.close(output)
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
        stdin.write(msgspec.json.encode(job, enc_hook=str))
    return process, log


def _remove_old_logs() -> None:
    """Remove what runs of this user wrote that nobody can want any more: the last line is weeks old."""
    oldest = time.time() - _KEPT_SECONDS
    for log in Path(tempfile.gettempdir()).glob(f"{_LOG}*.log"):
        with contextlib.suppress(OSError):
            found = log.lstat()
            if found.st_mtime < oldest and (os.name == "nt" or found.st_uid == os.geteuid()):
                log.unlink()


def _main() -> int:
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job | WorkflowJob, dec_hook=lambda kind, value: kind(value))
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    try:
        return 0 if _perform(job) == "FINISHED" else 1
    except (Terminated, KeyboardInterrupt):
        return KILLED_STATUS
    except MlflowException as exc:
        sys.stderr.write(f"{exc.message}\n")
        return 1


def _perform(job: Job | WorkflowJob) -> str:
    configure_logging()
    if isinstance(job, Job):
        return perform(job)
    from mlflow.projects.backend.local import LocalBackend

    backend = LocalBackend()
    place = job.tracking_uri, job.experiment_id
    submitted = backend.run(job.project_uri, "main", job.params, job.version, job.config, *place)
    return str(submitted.get_status())


if __name__ == "__main__":
    sys.exit(_main())
