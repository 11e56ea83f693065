"""Kubernetes jobs: a template with the project's image, command and variables in it, handed to kubectl.

kubectl brings contexts, credentials and certificates with it; every call is a raw request, so it needs no discovery.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import logging
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from mlflow._yaml import load_yaml
from mlflow.entities import RunStatus
from mlflow.environments.failures import run_tool
from mlflow.exceptions import ExecutionException, InvalidParameterValue
from mlflow.projects.submitted_run import SubmittedRun
from mlflow.tracking.client import MlflowClient

__all__ = [
    "InvalidJobTemplate",
    "KubernetesFailed",
    "KubernetesSubmittedRun",
    "job_manifest",
    "push_image_to_registry",
    "read_template",
    "run_kubernetes_job",
]

_FINISHED, _FAILED, _KILLED = (RunStatus.to_string(status) for status in (3, 4, 5))
_PATIENCE = 5  # failures to ask about a job, one after the other
_RUNNING, _SCHEDULED = RunStatus.to_string(RunStatus.RUNNING), RunStatus.to_string(RunStatus.SCHEDULED)


_logger = logging.getLogger(__name__)


class InvalidJobTemplate(ExecutionException, InvalidParameterValue):
    """A template is no Kubernetes job with a container."""


class KubernetesFailed(ExecutionException):
    """kubectl is missing, or the cluster refuses."""


class KubernetesSubmittedRun(SubmittedRun):
    """A job in a cluster.

    Args:
        mlflow_run_id: the run.
        job_name: of the job.
        job_namespace: that it is in.
        kube_context: the context of kubectl's configuration; the current one when omitted.
        tracking_uri: where the run is; as set when omitted.
    """

    POLL_STATUS_INTERVAL = 5.0

    def __init__(
        self,
        mlflow_run_id: str,
        job_name: str,
        job_namespace: str,
        kube_context: str | None = None,
        tracking_uri: str | None = None,
    ) -> None:
        self._run_id, self._context, self._tracking_uri = mlflow_run_id, kube_context, tracking_uri
        self._path = f"/apis/batch/v1/namespaces/{job_namespace}/jobs/{job_name}"
        self._ended: str | None = None

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self._run_id

    def wait(self) -> bool:
        """Ask until the job has ended; returns whether it succeeded.

        Raises:
            KubernetesFailed: the cluster does not answer, several times one after the other.
        """
        failures = 0
        while self._ended is None:
            try:
                self.get_status()
                failures = 0
            except KubernetesFailed as exc:  # a job goes on while a network does not
                failures += 1
                if failures == _PATIENCE:
                    raise
                _logger.warning("%s It is asked again.", exc.message)
            if self._ended is None:
                time.sleep(self.POLL_STATUS_INTERVAL)
        return self._ended == _FINISHED

    def get_status(self) -> str:
        """The state now; once it has ended, the run at the tracking store is given the same."""
        if self._ended is not None:
            return self._ended
        status = _status_of(json.loads(_kubectl(self._context, "get", "--raw", self._path, doing="Reading the job")))
        if status not in {_RUNNING, _SCHEDULED}:
            self._end(status)
        return status

    def cancel(self) -> None:
        """Delete the job and its pods."""
        if self._ended is None:
            path = f"{self._path}?propagationPolicy=Foreground"
            _kubectl(self._context, "delete", "--raw", path, doing="Deleting the job")
            self._end(_KILLED)

    def _end(self, status: str) -> None:
        self._ended = status
        MlflowClient(self._tracking_uri).set_terminated(self._run_id, status)


def _status_of(job: Mapping[str, Any]) -> str:
    state = job.get("status") or {}
    conditions = {condition["type"] for condition in state.get("conditions") or () if condition.get("status") == "True"}
    if "Failed" in conditions:
        return _FAILED
    if "Complete" in conditions or state.get("succeeded"):
        return _FINISHED
    return _RUNNING if state.get("active") or state.get("failed") else _SCHEDULED


def read_template(path: Path) -> dict[str, Any]:
    """A job's template.

    Raises:
        InvalidJobTemplate: it cannot be read, or is no job with a container.
    """
    try:
        found = load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        raise InvalidJobTemplate(f"The job template '{path}' cannot be read: {exc}.") from exc
    if not isinstance(found, dict) or found.get("kind") != "Job":
        raise InvalidJobTemplate(f"The job template '{path}' is no Kubernetes Job; expected kind: Job.")
    try:
        containers = found["spec"]["template"]["spec"]["containers"]
    except (KeyError, TypeError):
        containers = None
    if not isinstance(containers, list) or not containers or not isinstance(containers[0], dict):
        raise InvalidJobTemplate(f"The job template '{path}' has no container in spec.template.spec.containers.")
    return found


def job_manifest(
    template: Mapping[str, Any], project_name: str, image: str, command: Sequence[str], env_vars: Mapping[str, str]
) -> dict[str, Any]:
    """The job: the template, with a name of its own and the first container's name, image, command and variables."""
    manifest = copy.deepcopy(dict(template))
    name = re.sub(r"[^a-z0-9-]+", "-", project_name.lower()).strip("-")[:30] or "project"
    stamp = f"{dt.datetime.now(dt.UTC):%Y-%m-%d-%H-%M-%S}-{secrets.token_hex(3)}"
    manifest.setdefault("metadata", {})["name"] = f"{name}-{stamp}"
    manifest["metadata"].setdefault("namespace", "default")
    container = manifest["spec"]["template"]["spec"]["containers"][0]
    container |= {"name": name, "image": image, "command": list(command)}
    own = [{"name": key, "value": value} for key, value in env_vars.items()]
    kept = [variable for variable in container.get("env") or () if variable.get("name") not in env_vars]
    container["env"] = [*kept, *own]
    return manifest


def run_kubernetes_job(
    project_name: str,
    active_run: str,
    image_tag: str,
    image_digest: str | None,
    command: Sequence[str],
    env_vars: Mapping[str, str],
    kube_context: str | None = None,
    job_template: Mapping[str, Any] | None = None,
) -> KubernetesSubmittedRun:
    """Create a job.

    Args:
        project_name: names the job and its container.
        active_run: the run's id.
        image_tag: the image.
        image_digest: holds it to one content; None for whatever the tag means.
        command: the container's.
        env_vars: for the container.
        kube_context: of kubectl's configuration.
        job_template: the job to fill in.

    Raises:
        KubernetesFailed: the cluster refuses it.
    """
    image = f"{image_tag}@{image_digest}" if image_digest else image_tag
    manifest = job_manifest(job_template or {}, project_name, image, command, env_vars)
    namespace = manifest["metadata"]["namespace"]
    path = f"/apis/batch/v1/namespaces/{namespace}/jobs"
    arguments = ("create", "--raw", path, "-f", "-")
    _kubectl(kube_context, *arguments, doing="Creating the job", stdin=json.dumps(manifest))
    uri = env_vars.get("MLFLOW_TRACKING_URI")
    return KubernetesSubmittedRun(active_run, manifest["metadata"]["name"], namespace, kube_context, uri)


def push_image_to_registry(image_tag: str, tool: str = "docker") -> str | None:
    """Push an image; returns its digest at the registry, where the tool tells it."""
    printed = run_tool([tool, "push", image_tag], f"Pushing '{image_tag}'")
    found = re.search(r"sha256:[0-9a-f]{64}", printed)
    return found[0] if found else None


def _kubectl(context: str | None, *arguments: str, doing: str, stdin: str | None = None) -> str:
    if shutil.which("kubectl") is None:
        raise KubernetesFailed("kubectl is not there. Install it, with the cluster in its configuration.")
    command = ["kubectl", *(["--context", context] if context else []), *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if done.returncode:
        raise KubernetesFailed(f"{doing} failed: {' '.join(done.stderr.split()) or done.returncode}")
    return done.stdout
