"""Backends by name."""

from __future__ import annotations

import logging
from collections.abc import Callable

from mlflow.projects.backend.abstract_backend import AbstractBackend

__all__ = ["ENTRYPOINT_GROUP_NAME", "backend_names", "load_backend"]

ENTRYPOINT_GROUP_NAME = "mlflow.project_backend"
_OWN = {
    "local": "mlflow.projects.backend.local:LocalBackend",
    "kubernetes": "mlflow.projects.backend.kubernetes:KubernetesBackend",
    "spark": "mlflow.projects.backend.spark:SparkBackend",
}

_logger = logging.getLogger(__name__)


def backend_names() -> list[str]:
    """Those there are, our own and of plugins."""
    from importlib.metadata import entry_points

    return sorted({*_OWN, *entry_points(group=ENTRYPOINT_GROUP_NAME).names})


def load_backend(backend_name: str) -> AbstractBackend | None:
    """The backend of a name; None where there is none."""
    from importlib.metadata import entry_points
    from pkgutil import resolve_name

    if backend_name in _OWN:
        made: AbstractBackend = resolve_name(_OWN[backend_name])()
        return made
    for entry_point in entry_points(group=ENTRYPOINT_GROUP_NAME, name=backend_name):
        builder: Callable[[], AbstractBackend] = entry_point.load()
        return builder()
    _logger.warning("Backend '%s' is not available. There are: %s", backend_name, ", ".join(backend_names()))
    return None
