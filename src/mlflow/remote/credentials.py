"""Who the client says it is: settings, then the credentials file, then a token."""

from __future__ import annotations

import base64
import configparser
from pathlib import Path

from mlflow.environment_variables import (
    MLFLOW_TRACKING_PASSWORD,
    MLFLOW_TRACKING_TOKEN,
    MLFLOW_TRACKING_USERNAME,
)
from mlflow.exceptions import MissingConfigException

__all__ = ["authorization", "credentials_file"]


def credentials_file() -> Path:
    """Where user and password are read from when the environment does not give them."""
    return Path("~/.mlflow/credentials").expanduser()


def authorization() -> dict[str, str]:
    """The Authorization header: Basic if user and password are known, else Bearer if there is a token."""
    user, password = MLFLOW_TRACKING_USERNAME.get(), MLFLOW_TRACKING_PASSWORD.get()
    if not (user and password):
        stored_user, stored_password = _stored()
        user, password = user or stored_user, password or stored_password
    if user and password:
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    token = MLFLOW_TRACKING_TOKEN.get()
    return {"Authorization": f"Bearer {token}"} if token else {}


def _stored() -> tuple[str | None, str | None]:
    """User and password from the section [mlflow] of the credentials file."""
    path = credentials_file()
    if not path.is_file():
        return None, None
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path)
    except (configparser.Error, UnicodeDecodeError) as exc:
        raise MissingConfigException(f"The credentials file '{path}' cannot be read: {exc}. Correct it.") from exc
    section = parser["mlflow"] if parser.has_section("mlflow") else {}
    return section.get("mlflow_tracking_username"), section.get("mlflow_tracking_password")
