"""Signing requests as the pod's service account, or as the user of the current kubeconfig context.

Reads the files Kubernetes mounts and kubeconfig's own tokens; users whose kubeconfig runs a command for a token name
another provider.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from mlflow.exceptions import MissingConfigException
from mlflow.tracking.request_auth.abstract_request_auth_provider import RequestAuthProvider

__all__ = [
    "AUTHORIZATION_HEADER_NAME",
    "KubernetesAuth",
    "KubernetesNamespacedRequestAuthProvider",
    "KubernetesRequestAuthProvider",
]

AUTHORIZATION_HEADER_NAME = "Authorization"
WORKSPACE_HEADER_NAME = "X-MLFLOW-WORKSPACE"

_SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


class KubernetesAuth:
    """Adds a bearer token to each request, read anew because Kubernetes replaces it within the hour.

    Args:
        enable_workspaces: add the namespace as the workspace too.
        service_account: the folder Kubernetes mounts into pods.
    """

    def __init__(self, *, enable_workspaces: bool = False, service_account: Path = _SERVICE_ACCOUNT) -> None:
        self._enable_workspaces = enable_workspaces
        self._service_account = service_account

    def __call__(self, request: Any) -> Any:
        """Sign a request, which has `headers`; headers that are there already stay.

        Raises:
            MissingConfigException: there is no token, or no namespace where one is needed.
        """
        if AUTHORIZATION_HEADER_NAME not in request.headers:
            request.headers[AUTHORIZATION_HEADER_NAME] = f"Bearer {self._find('token')}"
        if self._enable_workspaces and WORKSPACE_HEADER_NAME not in request.headers:
            request.headers[WORKSPACE_HEADER_NAME] = self._find("namespace")
        return request

    def _find(self, what: str) -> str:
        try:
            found = (self._service_account / what).read_text(encoding="utf-8").strip()
        except OSError:
            found = _kubeconfig().get(what, "")
        if not found:
            raise MissingConfigException(
                f"No Kubernetes {what} was found in '{self._service_account}' or the current kubeconfig context. "
                "Run inside a pod with a service account, or log in with a token."
            )
        return found


def _kubeconfig() -> dict[str, str]:
    """Token and namespace of the current context; what is missing or unreadable is left out."""
    import yaml

    path = Path(os.environ.get("KUBECONFIG", "").split(os.pathsep)[0] or Path.home() / ".kube/config")
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
        context = _named(config, "context", config["current-context"])
        token = _named(config, "user", context["user"]).get("token")
        return {"token": token or "", "namespace": context.get("namespace", "")}
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
        return {}


def _named(config: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        entry[kind] for entry in [*config[f"{kind}s"], {"name": name, kind: {}}] if entry["name"] == name
    )
    return found


class KubernetesRequestAuthProvider(RequestAuthProvider):
    """MLFLOW_TRACKING_AUTH=kubernetes: the token alone."""

    def get_name(self) -> str:
        return "kubernetes"

    def get_auth(self) -> KubernetesAuth:
        return KubernetesAuth()


class KubernetesNamespacedRequestAuthProvider(RequestAuthProvider):
    """MLFLOW_TRACKING_AUTH=kubernetes-namespaced: the token, and the namespace as the workspace."""

    def get_name(self) -> str:
        return "kubernetes-namespaced"

    def get_auth(self) -> KubernetesAuth:
        return KubernetesAuth(enable_workspaces=True)
