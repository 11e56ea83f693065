"""What a served model is called where callers name it."""

from __future__ import annotations

from urllib.parse import urlsplit

from mlflow.artifacts.uris import parse_model_uri
from mlflow.environment_variables import MLFLOW_SCORING_SERVER_MODEL_NAME

__all__ = ["registered_name", "served_name"]

_UNNAMED = "model"


def served_name(model_uri: str) -> str:
    """The name that MLFLOW_SCORING_SERVER_MODEL_NAME sets, else that in the registry, else the last part of the URI.

    Raises:
        InvalidParameterValue: the URI is none.
    """
    if chosen := MLFLOW_SCORING_SERVER_MODEL_NAME.get():
        return chosen
    return registered_name(model_uri) or urlsplit(model_uri).path.rstrip("/").rpartition("/")[2] or _UNNAMED


def registered_name(model_uri: str) -> str:
    """The name in the registry; empty for models that are not from there.

    Raises:
        InvalidParameterValue: the URI is none.
    """
    return parse_model_uri(model_uri).name if model_uri.lower().startswith("models:") else ""
