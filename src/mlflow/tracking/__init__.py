"""Tracking: the client, the fluent API and where they track to."""

from __future__ import annotations

from mlflow._lazy import attach

__all__ = [
    "MlflowClient",
    "get_registry_uri",
    "get_tracking_uri",
    "is_tracking_uri_set",
    "set_registry_uri",
    "set_tracking_uri",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "MlflowClient": "mlflow.tracking.client:MlflowClient",
        "artifact_utils": "mlflow.tracking.artifact_utils",
        "client": "mlflow.tracking.client",
        "fluent": "mlflow.tracking.fluent",
        **{name: f"mlflow.tracking.uris:{name}" for name in __all__ if name != "MlflowClient"},
    },
)
