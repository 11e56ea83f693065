"""Text to source: a folder, a file or an address of a database."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.legacy_database import open_legacy_database
from mlflow.transfer.mlruns import MlrunsFolder
from mlflow.transfer.source import Source

__all__ = ["local_path", "open_source"]


def open_source(text: str) -> Source:
    """The older store that a path or an address names.

    Raises:
        ResourceDoesNotExist: there is nothing.
        InvalidParameterValue: it is no store of MLflow's, or a server's address.
        InvalidState: it is one of ours already.
    """
    path = local_path(text)
    if path is not None:
        return open_legacy_database(f"sqlite:///{path}") if path.is_file() else MlrunsFolder(path)
    if urlsplit(text).scheme in {"http", "https"}:
        raise InvalidParameterValue(
            f"'{text}' is a server. Copy runs from it with `mlflow runs import {text} --experiment …`, or name its "
            "database here."
        )
    return open_legacy_database(text)


def local_path(text: str) -> Path | None:
    """The file or folder that a text names: a path, a `file:` or a `sqlite:` address; None for other addresses."""
    parts = urlsplit(text)
    if parts.scheme == "sqlite":
        return Path(text.removeprefix("sqlite:///")).absolute()
    if parts.scheme == "file":
        return Path(unquote(parts.path)).absolute()
    return Path(text).expanduser().absolute() if len(parts.scheme) < 2 else None  # one letter is a Windows drive
