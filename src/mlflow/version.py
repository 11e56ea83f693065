"""The version: the API level that is matched, with a local part of this implementation's own."""

from __future__ import annotations

__all__ = ["API_LEVEL", "IS_FULL_MLFLOW", "IS_MLFLOW_SKINNY", "IS_TRACING_SDK_ONLY", "VERSION", "is_release_version"]

API_LEVEL = "3.17.2"
VERSION = f"{API_LEVEL}+1"
IS_MLFLOW_SKINNY = False
IS_TRACING_SDK_ONLY = False
IS_FULL_MLFLOW = True


def is_release_version() -> bool:
    """Whether this is no development version."""
    return "dev" not in VERSION
