"""Where runs are tracked: the process-wide tracking and registry addresses."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mlflow.environment_variables import MLFLOW_REGISTRY_URI, MLFLOW_TRACKING_URI
from mlflow.exceptions import InvalidParameterValue

__all__ = [
    "default_tracking_uri",
    "get_registry_uri",
    "get_tracking_uri",
    "is_tracking_uri_set",
    "normalized",
    "registry_uri_of",
    "set_registry_uri",
    "set_tracking_uri",
]

_tracking_uri: str | None = None
_registry_uri: str | None = None


def set_tracking_uri(uri: str | Path) -> None:
    """Track runs at `uri` from now on, in this process and the ones it starts.

    Args:
        uri: a server (`http://…`), a database (`sqlite:///path`, `postgresql://…`, `mysql://…`), a scheme of a plugin,
            or a path to a SQLite file. An empty text goes back to the default.
    """
    global _tracking_uri
    _tracking_uri = normalized(uri) or None
    if _tracking_uri is None:
        MLFLOW_TRACKING_URI.unset()
    else:
        MLFLOW_TRACKING_URI.set(_tracking_uri)


def get_tracking_uri() -> str:
    """The address in use: the one set, else MLFLOW_TRACKING_URI, else `sqlite:///mlflow.db` in the current folder."""
    return _tracking_uri or normalized(MLFLOW_TRACKING_URI.get() or "") or default_tracking_uri()


def is_tracking_uri_set() -> bool:
    """Whether an address was set, by the program or by the environment."""
    return bool(_tracking_uri or MLFLOW_TRACKING_URI.get())


def set_registry_uri(uri: str) -> None:
    """Keep registered models at `uri` from now on; an empty text goes back to the tracking address."""
    global _registry_uri
    _registry_uri = normalized(uri) or None


def get_registry_uri() -> str:
    """The registry's address: the one set, else MLFLOW_REGISTRY_URI, else the tracking address."""
    return registry_uri_of(get_tracking_uri())


def registry_uri_of(tracking_uri: str) -> str:
    """The registry's address for who tracks at `tracking_uri`, which is it unless one was set."""
    return _registry_uri or MLFLOW_REGISTRY_URI.get() or tracking_uri


def default_tracking_uri() -> str:
    """The database in the current folder.

    Raises:
        InvalidParameterValue: there is none yet, but a folder of the older file store, which must be migrated first.
    """
    database = Path.cwd() / "mlflow.db"
    if not database.exists():
        _refuse_file_store(Path.cwd() / "mlruns", "")
    return f"sqlite:///{database}"


def normalized(uri: str | Path) -> str:
    """The address with a path made absolute, so that it means the same in another folder.

    A folder, as text or `file:` address, means the SQLite database `mlflow.db` in it.

    Raises:
        InvalidParameterValue: the folder holds experiments of the older file store, which must be migrated first.
    """
    text = os.fspath(uri)
    scheme = urlsplit(text).scheme
    if not text or (len(scheme) > 1 and scheme != "file"):  # one letter is a Windows drive
        return text
    path = Path(unquote(urlsplit(text).path) if scheme == "file" else text).expanduser().absolute()
    if path.suffix in {".db", ".sqlite", ".sqlite3"}:
        return f"sqlite:///{path}"
    own = f"sqlite:///{path / 'mlflow.db'}"
    _refuse_file_store(path, f" --target {shlex.quote(own)}")
    return own


def _refuse_file_store(folder: Path, option: str) -> None:
    """Raise when the folder is such a store; `option` makes the command build the database that would be opened."""
    if any(folder.glob("*/meta.yaml")) and not (folder / "mlflow.db").exists():
        command = f"mlflow migrate {shlex.quote(str(folder))}{option}"
        raise InvalidParameterValue(
            f"'{folder}' holds experiments of the file store, which keeps one file a metric and is not written any "
            f"more. Run `{command}` to read it into a database; its files stay as they are."
        )
