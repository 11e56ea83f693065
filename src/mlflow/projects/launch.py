"""`mlflow.projects.run`: the way into every backend."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.environment_variables import MLFLOW_EXPERIMENT_ID, MLFLOW_EXPERIMENT_NAME
from mlflow.exceptions import ExecutionException, InvalidParameterValue
from mlflow.projects import settings
from mlflow.projects.backend.loader import backend_names, load_backend
from mlflow.projects.store_address import absolute_address
from mlflow.projects.submitted_run import SubmittedRun
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.logs import configure_logging
from mlflow.tracking.uris import get_tracking_uri

__all__ = ["InvalidSubmission", "read_config", "run"]

_logger = logging.getLogger(__name__)


class InvalidSubmission(ExecutionException, InvalidParameterValue):
    """What was asked for contradicts itself, or names something that is not there."""


def run(
    uri: str,
    entry_point: str = "main",
    version: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    docker_args: Mapping[str, Any] | None = None,
    experiment_name: str | None = None,
    experiment_id: str | None = None,
    backend: str = "local",
    backend_config: Mapping[str, Any] | str | None = None,
    storage_dir: str | None = None,
    synchronous: bool = True,
    run_id: str | None = None,
    run_name: str | None = None,
    env_manager: str | None = None,
    build_image: bool = False,
    docker_auth: Mapping[str, Any] | None = None,
) -> SubmittedRun:
    """Run an entry point of a project.

    Args:
        uri: a folder, a git address or a zip; `#sub/folder` chooses a part of it.
        entry_point: as the MLproject file names it, or a .py, .sh or .R file of the project.
        version: a branch, tag or commit of the repository.
        parameters: values by name; those that the entry point does not declare become `--name value`.
        docker_args: further options of `docker run` by name; True for a flag.
        experiment_name: made where there is none of this name.
        experiment_id: instead of the name.
        backend: local, kubernetes, spark or a plugin's.
        backend_config: for the backend, or the path of a JSON file with it.
        storage_dir: where remote files of parameters of type path are downloaded to.
        synchronous: wait for the end, and raise when the command failed; else return while it runs. A program
            waits for it before it ends.
        run_id: an existing run to use.
        run_name: of the run.
        env_manager: local, virtualenv, uv or conda; the project says it when omitted.
        build_image: build an image with the project's files in it.
        docker_auth: for a registry that images are pushed to.

    Raises:
        ExecutionException: the project, the environment or a value is wrong, or the command failed; the run's state
            tells the same.
    """
    configure_logging()
    made = load_backend(backend)
    if made is None:
        raise ExecutionException(
            f"Got unsupported execution mode {backend}. Supported values: {', '.join(backend_names())}."
        )
    config = read_config(backend_config) | {
        settings.SYNCHRONOUS: synchronous,
        settings.ENV_MANAGER: env_manager,
        settings.STORAGE_DIR: storage_dir,
        settings.DOCKER_ARGS: _docker_options(docker_args or {}),
        settings.BUILD_IMAGE: build_image,
        settings.DOCKER_AUTH: docker_auth,
        settings.RUN_NAME: run_name,
        settings.RUN_ID: run_id,
    }
    tracking_uri = absolute_address(get_tracking_uri())
    experiment = _experiment(tracking_uri, experiment_name, experiment_id, run_id)
    submitted = made.run(uri, entry_point, dict(parameters or {}), version, config, tracking_uri, experiment)
    if synchronous:
        _wait(submitted)
    return submitted


def _docker_options(given: Mapping[str, Any]) -> dict[str, str | None]:
    return {name: None if value is True else str(value) for name, value in given.items()}


def _wait(submitted: SubmittedRun) -> None:
    try:
        succeeded = submitted.wait()
    except KeyboardInterrupt:
        _logger.error("=== Run (ID '%s') interrupted, ending it ===", submitted.run_id)
        submitted.cancel()
        raise
    if not succeeded:
        raise ExecutionException(f"Run (ID '{submitted.run_id}') failed")
    _logger.info("=== Run (ID '%s') succeeded ===", submitted.run_id)


def read_config(given: Mapping[str, Any] | str | None) -> dict[str, Any]:
    """A backend's configuration: as given, or of a JSON text or file.

    Raises:
        InvalidSubmission: it is no JSON object.
    """
    if given is None or isinstance(given, Mapping):
        return dict(given or {})
    try:
        found = json.loads(given if given.lstrip().startswith("{") else Path(given).read_text(encoding="utf-8"))
    except OSError as exc:
        raise InvalidSubmission(
            f"The backend configuration '{given}' cannot be read: {exc.strerror}. Name a JSON file."
        ) from exc
    except ValueError as exc:
        raise InvalidSubmission(f"The backend configuration '{given}' is not JSON: {exc}.") from exc
    if not isinstance(found, dict):
        raise InvalidSubmission(f"The backend configuration '{given}' is not a JSON object.")
    return found


def _experiment(tracking_uri: str, name: str | None, experiment_id: str | None, run_id: str | None) -> str:
    if name is not None and experiment_id is not None:
        raise InvalidSubmission("Specify only one of experiment_name or experiment_id.")
    client = MlflowClient(tracking_uri)
    if run_id is not None:
        return client.get_run(run_id).info.experiment_id
    if experiment_id is None and name is None:
        name, experiment_id = MLFLOW_EXPERIMENT_NAME.get(), MLFLOW_EXPERIMENT_ID.get()
    if experiment_id is not None:
        return client.get_experiment(str(experiment_id)).experiment_id
    if name is None:
        return "0"
    found = client.get_experiment_by_name(name)
    return found.experiment_id if found is not None else client.create_experiment(name)
