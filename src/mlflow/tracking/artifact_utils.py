"""Addresses of runs' artifacts."""

from __future__ import annotations

from mlflow.tracking.artifact_lookup import lookup

__all__ = ["get_artifact_uri"]


def get_artifact_uri(run_id: str, artifact_path: str | None = None, tracking_uri: str | None = None) -> str:
    """Return the URI of a run's artifacts, or of a path in them.

    Args:
        run_id: which run.
        artifact_path: a path in the run; its root when omitted.
        tracking_uri: another tracking store than the one set.
    """
    root = lookup(tracking_uri).run(run_id)
    return f"{root.rstrip('/')}/{artifact_path}" if artifact_path else root
