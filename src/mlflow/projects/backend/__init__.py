"""Where projects run; distributions add backends under the entry-point group `mlflow.project_backend`."""

from mlflow.projects.backend.abstract_backend import AbstractBackend

__all__ = ["AbstractBackend"]
