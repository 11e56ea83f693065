"""What a served model is called where callers name it."""

from __future__ import annotations

from urllib.parse import urlsplit

from mlflow.artifacts.uris import parse_model_uri
from mlflow.environment_variables import MLFLOW_SCORING_SERVER_MODEL_NAME

__all__ = ["served_name"]

_UNNAMED = "model"


def served_name(model_uri: str) -> str:
    """The name that MLFLOW_SCORING_SERVER_MODEL_NAME sets, else that in the registry, else the last part of the URI.

    Raises:
        InvalidParameterValue: the URI is none.
    """
    if chosen := MLFLOW_SCORING_SERVER_MODEL_NAME.get():
        return chosen
    if model_uri.lower().startswith("models:") and (name := parse_model_uri(model_uri).name):
        return name
    return urlsplit(model_uri).path.rstrip("/").rpartition("/")[2] or _UNNAMED
