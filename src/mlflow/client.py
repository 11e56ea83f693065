"""The client of a tracking store, under its public path."""

from __future__ import annotations

from mlflow.tracking.client import MlflowClient

__all__ = ["MlflowClient"]
