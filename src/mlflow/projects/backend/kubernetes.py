"""A Kubernetes cluster: the command is a job of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from mlflow.projects import settings
from mlflow.projects.backend.abstract_backend import AbstractBackend
from mlflow.projects.docker import build_image, find_docker
from mlflow.projects.kubernetes import (
    InvalidJobTemplate,
    KubernetesSubmittedRun,
    push_image_to_registry,
    read_template,
    run_kubernetes_job,
)
from mlflow.projects.prepared import Opened, begin_run, job_of, open_project
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.run_tags import MLFLOW_DOCKER_IMAGE_URI, MLFLOW_PROJECT_BACKEND, MLFLOW_PROJECT_ENV

__all__ = ["KubernetesBackend"]

_TEMPLATE, _REPOSITORY, _CONTEXT = "kube-job-template-path", "repository-uri", "kube-context"


class KubernetesBackend(AbstractBackend):
    """Runs projects as jobs.

    Its configuration names `kube-job-template-path`, and maybe `kube-context` and `repository-uri`; with the latter an
    image of the project's files is built and pushed there, without it the project's own image is taken as it is.
    """

    def run(
        self,
        project_uri: str,
        entry_point: str,
        params: Mapping[str, Any],
        version: str | None,
        backend_config: dict[str, Any],
        tracking_uri: str,
        experiment_id: str,
    ) -> KubernetesSubmittedRun:
        """Create the job; `mlflow.projects.run` waits for it unless told not to."""
        if not backend_config.get(_TEMPLATE):
            raise InvalidJobTemplate(f"The backend configuration has no '{_TEMPLATE}'. Name a Job's YAML file there.")
        template = read_template(Path(backend_config[_TEMPLATE]))
        opened = open_project(project_uri, version)
        with ExitStack() as stack:
            stack.callback(opened.remove)
            return _create(stack, opened, template, entry_point, params, backend_config, tracking_uri, experiment_id)


def _create(
    stack: ExitStack,
    opened: Opened,
    template: dict[str, Any],
    entry_point: str,
    params: Mapping[str, Any],
    backend_config: dict[str, Any],
    tracking_uri: str,
    experiment_id: str,
) -> KubernetesSubmittedRun:
    docker = opened.project.environment.docker_env
    if docker is None:
        raise InvalidJobTemplate(f"'{opened.source.folder}' has no docker_env, which a job needs an image from.")
    job = job_of(opened, entry_point, params, {**backend_config, settings.ENV_MANAGER: None})
    stack.callback(job.remove)
    image, digest = _image(docker.image, opened.source.folder, opened.project.name or "project", backend_config)
    client = MlflowClient(tracking_uri)
    run_id = begin_run(opened, entry_point, params, backend_config, client, experiment_id)
    tags = {MLFLOW_PROJECT_BACKEND: "kubernetes", MLFLOW_PROJECT_ENV: "docker", MLFLOW_DOCKER_IMAGE_URI: image}
    variables = {
        "MLFLOW_RUN_ID": run_id,
        "MLFLOW_TRACKING_URI": tracking_uri,
        "MLFLOW_EXPERIMENT_ID": experiment_id,
    }
    name, context = opened.project.name or "project", backend_config.get(_CONTEXT)
    try:
        for key, value in tags.items():
            client.set_tag(run_id, key, value)
        return run_kubernetes_job(name, run_id, image, digest, job.argv, variables, context, template)
    except BaseException:
        client.set_terminated(run_id, "FAILED")
        raise


def _image(base: str, folder: Path, name: str, config: Mapping[str, Any]) -> tuple[str, str | None]:
    """The image to run, and its digest at the registry."""
    repository = config.get(_REPOSITORY)
    if not repository:
        return base, None
    tool = find_docker()
    image = build_image(tool, base, folder, name, str(repository))
    return image, push_image_to_registry(image, tool)
