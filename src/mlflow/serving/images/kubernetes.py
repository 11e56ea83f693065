"""Manifests that run an image in a cluster: for Kubernetes itself, or KServe's InferenceService."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import yaml

from mlflow.exceptions import InvalidParameterValue
from mlflow.serving.images.dockerfile import PORT, USER
from mlflow.serving.images.recipe import check_image

__all__ = ["Workload", "inference_service", "manifests", "to_yaml"]

_LABEL = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_QUANTITY = re.compile(r"\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?")
_SECRET = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
_STOPPING = 5  # seconds that a pod goes on answering while the cluster still sends to it
_VOLUMES: list[dict[str, Any]] = [{"name": "tmp", "emptyDir": {}}]
_TOKEN = "MLFLOW_SCORING_SERVER_TOKEN"  # noqa: S105 - the name of a variable


class Workload(msgspec.Struct, frozen=True, kw_only=True):
    """What runs, and how much of it.

    Attributes:
        name: of everything that is made; also what the open inference protocol calls the model.
        image: built by `mlflow models build-docker`.
        namespace: that it goes to; None for the one that is current when the manifests are applied.
        replicas: the fewest pods.
        max_replicas: the most.
        cpu: that a pod asks for; autoscaling goes by it.
        memory: that a pod asks for, and its limit.
        cpu_target: percent of that CPU, above which pods are added.
        timeout: seconds a request may take; so long a pod may take to end.
        token_secret: a secret whose key `token` has the token that callers need; None lets everybody in.
        variables: further ones of the server's environment.
    """

    name: str
    image: str
    namespace: str | None = None
    replicas: int = 1
    max_replicas: int = 4
    cpu: str = "500m"
    memory: str = "1Gi"
    cpu_target: int = 70
    timeout: int = 60
    token_secret: str | None = None
    variables: Mapping[str, str] = {}

    def check(self) -> None:
        """Raise InvalidParameterValue for what a cluster would refuse."""
        check_image(self.image)
        _check(self.name, _LABEL, "--name", "Give lower-case letters, digits and dashes, 63 at most, a letter first.")
        if self.namespace is not None:
            _check(self.namespace, _LABEL, "--namespace", "Give lower-case letters, digits and dashes, 63 at most.")
        if self.token_secret is not None:
            _check(self.token_secret, _SECRET, "--token-secret", "Give the name of a secret.")
        for option, quantity in (("--cpu", self.cpu), ("--memory", self.memory)):
            _check(quantity, _QUANTITY, option, "Give a quantity such as 500m or 2Gi.")
        if not 1 <= self.replicas <= self.max_replicas:
            raise InvalidParameterValue(
                f"--replicas {self.replicas} and --max-replicas {self.max_replicas} are no range. Give 1 or more, and "
                "as many or more for the second."
            )


def manifests(workload: Workload) -> list[dict[str, Any]]:
    """Deployment, Service and HorizontalPodAutoscaler.

    Raises:
        InvalidParameterValue: a cluster would refuse them.
    """
    workload.check()
    labels = _labels(workload)
    selector = {"app.kubernetes.io/name": workload.name}
    deployment = {
        "replicas": workload.replicas,
        "selector": {"matchLabels": selector},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "template": {"metadata": {"labels": labels}, "spec": _pod(workload)},
    }
    service = {"selector": selector, "ports": [{"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"}]}
    target = {"type": "Utilization", "averageUtilization": workload.cpu_target}
    autoscaler = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload.name},
        "minReplicas": workload.replicas,
        "maxReplicas": workload.max_replicas,
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
    }
    return [
        _manifest("apps/v1", "Deployment", workload, deployment),
        _manifest("v1", "Service", workload, service),
        _manifest("autoscaling/v2", "HorizontalPodAutoscaler", workload, autoscaler),
    ]


def inference_service(workload: Workload) -> list[dict[str, Any]]:
    """KServe's InferenceService, of what Knative takes of a pod: it has no probe of the start, so liveness waits long.

    Raises:
        InvalidParameterValue: a cluster would refuse it.
    """
    workload.check()
    container = {**_container(workload, "kserve-container"), "livenessProbe": _probe("/ping", 10, 30)}
    predictor = {
        "minReplicas": workload.replicas,
        "maxReplicas": workload.max_replicas,
        "scaleMetric": "cpu",
        "scaleTarget": workload.cpu_target,
        "timeout": workload.timeout,
        "automountServiceAccountToken": False,
        "containers": [container],
        "volumes": _VOLUMES,
    }
    return [_manifest("serving.kserve.io/v1beta1", "InferenceService", workload, {"predictor": predictor})]


def to_yaml(documents: list[dict[str, Any]]) -> str:
    """The documents, as kubectl takes them."""
    return yaml.safe_dump_all(documents, sort_keys=False, explicit_start=True)


def _manifest(version: str, kind: str, workload: Workload, spec: dict[str, Any]) -> dict[str, Any]:
    namespace = {"namespace": workload.namespace} if workload.namespace is not None else {}
    metadata = {"name": workload.name, **namespace, "labels": _labels(workload)}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}


def _labels(workload: Workload) -> dict[str, str]:
    return {"app.kubernetes.io/name": workload.name, "app.kubernetes.io/component": "model-server"}


def _pod(workload: Workload) -> dict[str, Any]:
    """A pod without rights: no root, no writable disk but /tmp, no token of the cluster."""
    container = {
        **_container(workload, "server"),
        "startupProbe": _probe("/ping", 5, 60),
        "livenessProbe": _probe("/ping", 10, 3),
        "lifecycle": {"preStop": {"exec": {"command": ["sleep", str(_STOPPING)]}}},
    }
    container["ports"][0]["name"] = "http"
    return {
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": workload.timeout + _STOPPING + 10,
        "securityContext": {"fsGroup": USER},
        "containers": [container],
        "volumes": _VOLUMES,
    }


def _container(workload: Workload, name: str) -> dict[str, Any]:
    """What both kinds of cluster take."""
    variables = {
        "MLFLOW_SCORING_SERVER_MODEL_NAME": workload.name,
        "MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT": str(workload.timeout),
        **workload.variables,
    }
    environment: list[dict[str, Any]] = [{"name": key, "value": value} for key, value in variables.items()]
    if workload.token_secret is not None:
        reference = {"secretKeyRef": {"name": workload.token_secret, "key": "token"}}
        environment.append({"name": _TOKEN, "valueFrom": reference})
    return {
        "name": name,
        "image": workload.image,
        "ports": [{"containerPort": PORT, "protocol": "TCP"}],
        "env": environment,
        "resources": {
            "requests": {"cpu": workload.cpu, "memory": workload.memory},
            "limits": {"memory": workload.memory},
        },
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108 - the pod's own, the only writable place
        "readinessProbe": _probe("/v2/health/ready", 5, 2),
    }


def _probe(path: str, period: int, failures: int) -> dict[str, Any]:
    get = {"path": path, "port": PORT, "scheme": "HTTP"}
    return {"httpGet": get, "periodSeconds": period, "timeoutSeconds": 3, "failureThreshold": failures}


def _check(value: str, pattern: re.Pattern[str], option: str, remedy: str) -> None:
    if not pattern.fullmatch(value):
        raise InvalidParameterValue(f"{option} is '{value[:200]}'. {remedy}")
