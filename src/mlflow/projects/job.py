"""One command that runs for one run: in this process's care, or in a supervisor's."""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from mlflow.entities import RunStatus
from mlflow.environments.built import Activation
from mlflow.projects.command_process import CommandProcess, Terminated, raising_on_termination
from mlflow.projects.docker import DockerOptions, docker_activation
from mlflow.projects.environment_choice import EnvironmentChoice
from mlflow.projects.origin import ProjectOrigin
from mlflow.temporary_folders import hold, release
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.run_tags import MLFLOW_PROJECT_BACKEND, MLFLOW_PROJECT_ENV

__all__ = ["ENVIRONMENT_DIGEST", "Job", "perform"]

ENVIRONMENT_DIGEST = "mlflow.project.environmentDigest"
_FINISHED, _FAILED, _KILLED = (RunStatus.to_string(status) for status in (3, 4, 5))

_ANY_SHELL = 'if command -v bash >/dev/null 2>&1; then exec bash -c "$1"; else exec sh -c "$1"; fi'
"""Small images have no bash."""

_logger = logging.getLogger(__name__)


class Job(Struct, frozen=True, tag=True):
    """A command and all that it needs; it can be sent to another process.

    Attributes:
        run_id: the run that it belongs to.
        experiment_id: of the run.
        tracking_uri: where the run is.
        folder: the project's.
        argv: the command.
        environment: to run it in.
        docker: how, where that is a container.
        variables: set for the command besides.
        discard: held folders to release at the end.
        backend: for the tag.
        output: the file that the command's output goes to.
        source: whether the run records its code; a workflow does so for its steps.
    """

    run_id: str
    experiment_id: str
    tracking_uri: str
    folder: Path
    argv: list[str]
    environment: EnvironmentChoice
    docker: DockerOptions = DockerOptions()
    variables: dict[str, str] = {}
    discard: tuple[Path, ...] = ()
    backend: str = "local"
    output: Path | None = None
    source: bool = True

    def remove(self) -> None:
        """Remove what was made for it."""
        for folder in self.discard:
            release(folder)

    @property
    def shown(self) -> str:
        """The command as people write it."""
        return self.argv[2] if self.argv[:2] == ["bash", "-c"] and len(self.argv) == 3 else shlex.join(self.argv)


def perform(job: Job, started: Callable[[CommandProcess], None] | None = None) -> str:
    """Make the environment, run the command to its end, and give the run the state that this deserves.

    Args:
        job: what to do.
        started: told when the command runs.

    Returns:
        FINISHED or FAILED.

    Raises:
        ExecutionException: the environment or the program is not to be had; the run is FAILED.
        KeyboardInterrupt, Terminated: this process was asked to end; the command was ended, and the run is KILLED.
    """
    for folder in job.discard:
        hold(folder)
    client = MlflowClient(job.tracking_uri)
    try:
        with raising_on_termination():
            status = _FINISHED if _run(job, client, started) == 0 else _FAILED
    except BaseException as exc:
        killed = isinstance(exc, (KeyboardInterrupt, Terminated))
        _end(job, client, _KILLED if killed else _FAILED)
        if isinstance(exc, Terminated):
            os.kill(os.getpid(), signal.SIGTERM)  # what this signal does otherwise happens now
        raise
    _end(job, client, status)
    return status


def _end(job: Job, client: MlflowClient, status: str) -> None:
    try:
        client.set_terminated(job.run_id, status)
    finally:
        job.remove()


def _run(job: Job, client: MlflowClient, started: Callable[[CommandProcess], None] | None) -> int:
    activation = _activate(job, client)
    tags = {MLFLOW_PROJECT_BACKEND: job.backend}
    if activation.kind != "local":
        tags[MLFLOW_PROJECT_ENV] = activation.kind
    if activation.digest:
        tags[ENVIRONMENT_DIGEST] = activation.digest
    for key, value in tags.items():
        client.set_tag(job.run_id, key, value)
    _logger.info("=== Running command '%s' in run with ID '%s' ===", job.shown, job.run_id)
    variables = _variables(job, activation)
    with (
        ProjectOrigin(job.run_id, job.tracking_uri, job.folder, job.argv, activation, source=job.source),
        CommandProcess.running(_argv(job, activation, variables), job.folder, variables, job.output) as process,
    ):
        if started is not None:
            started(process)
        return process.wait()


def _argv(job: Job, activation: Activation, variables: Mapping[str, str]) -> list[str]:
    """The command; what is no program may be a word of the shell's, which also says best that it is not."""
    if activation.kind == "docker" and job.argv[:2] == ["bash", "-c"]:
        return [*activation.prefix, "sh", "-c", _ANY_SHELL, "sh", *job.argv[2:]]
    if activation.prefix or shutil.which(job.argv[0], path=variables.get("PATH")):
        return [*activation.prefix, *job.argv]
    return ["bash", "-c", shlex.join(job.argv)]


def _activate(job: Job, client: MlflowClient) -> Activation:
    if job.environment.docker is None:
        return job.environment.activate()
    activation, tags = docker_activation(job.environment.docker, job.docker, job.folder, _run_variables(job))
    for key, value in tags.items():
        client.set_tag(job.run_id, key, value)
    return activation


def _run_variables(job: Job) -> dict[str, str]:
    return {
        "MLFLOW_RUN_ID": job.run_id,
        "MLFLOW_TRACKING_URI": job.tracking_uri,
        "MLFLOW_EXPERIMENT_ID": job.experiment_id,
        **job.variables,
    }


def _variables(job: Job, activation: Activation) -> dict[str, str]:
    found: dict[str, str | None] = {**os.environ, **activation.variables, **_run_variables(job)}
    found.pop("MLFLOW_EXPERIMENT_NAME", None)  # the id says it; both would have to agree
    return {name: value for name, value in found.items() if value is not None}
