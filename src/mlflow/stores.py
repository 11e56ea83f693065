"""Address to store: the only module that knows which kinds exist.

| scheme | store |
|---|---|
| http, https | a server |
| sqlite, postgresql, mysql, mssql … | a database, opened in this process |
| any other | a plugin of the entry-point groups `mlflow.tracking_store` and `mlflow.model_registry_store` |
"""

from __future__ import annotations

import atexit
import functools
import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mlflow.contract.addresses import shown
from mlflow.contract.store import TrackingStore
from mlflow.exceptions import InvalidParameterValue, MlflowException

__all__ = ["DATABASE_SCHEMES", "Backend", "close_all", "is_database", "is_server", "open_backend"]

DATABASE_SCHEMES = frozenset({"sqlite", "postgresql", "postgres", "mysql", "mariadb", "mssql"})
_PLUGIN_GROUP = "mlflow.tracking_store"
_REGISTRY_GROUP = "mlflow.model_registry_store"

Headers = Callable[[], Mapping[str, str]]


@dataclass(frozen=True)
class Backend:
    """An open store, and what the client must know of it.

    `extensions` says that it takes journal frames and answers the routes that MLflow's API lacks. `tend` looks after it
    in the background from then on, until it is closed; a process that lives long calls it.
    """

    uri: str
    store: TrackingStore
    extensions: bool
    close: Callable[[], None]
    tend: Callable[[], None] = lambda: None


_open: dict[tuple[str, str | None], tuple[int, Backend]] = {}
_lock = threading.Lock()


@atexit.register  # here, as this is imported before anything is logged: after what was logged is shipped
def _leave_databases() -> None:
    """Close databases, so that a SQLite file is whole by itself: the last to close it takes in what lies beside it."""
    engine = sys.modules.get("mlflow.sql.engine")
    if engine is not None:
        engine.close_databases()


def is_server(uri: str) -> bool:
    """Whether the address is a server's."""
    return _scheme(uri) in {"http", "https"}


def is_database(uri: str) -> bool:
    """Whether the address is a database's."""
    return _scheme(uri) in DATABASE_SCHEMES


def open_backend(uri: str, headers: Headers | None = None, artifact_root: str | None = None) -> Backend:
    """The store at an address; opened once a process, and again in a forked child.

    Args:
        uri: an absolute address.
        headers: gives each request's sign-on and plugin headers; for servers.
        artifact_root: where new experiments of a database keep their files; `mlruns` beside it or in the current
            folder when omitted.

    Raises:
        InvalidParameterValue: no kind of store has this scheme.
        Unreachable: there is no server at the address.
    """
    key = (uri, artifact_root)
    with _lock:
        opened = _open.get(key)
        if opened is None or opened[0] != os.getpid():
            opened = _open[key] = (os.getpid(), _opened(uri, headers, artifact_root))
        return opened[1]


def close_all() -> None:
    """Close every store this process opened."""
    with _lock:
        opened = [backend for pid, backend in _open.values() if pid == os.getpid()]
        _open.clear()
    for backend in opened:
        backend.close()


def _opened(uri: str, headers: Headers | None, artifact_root: str | None) -> Backend:
    if is_server(uri):
        return _server(uri, headers)
    if is_database(uri):
        return _database(uri, artifact_root or default_artifact_root(uri))
    return _plugin(uri, artifact_root)


def default_artifact_root(uri: str) -> str:
    """Where a database that names no other root keeps files: `mlruns` in the current folder.

    A database `mlflow.db` inside a folder named `mlruns` keeps them beside itself.
    """
    path = Path(urlsplit(uri).path.removeprefix("/")) if uri.startswith("sqlite") else Path()
    return str(path.parent if path.parent.name == "mlruns" else Path.cwd() / "mlruns")


def _server(uri: str, headers: Headers | None) -> Backend:
    from mlflow.remote.server import extensions
    from mlflow.remote.store import remote_store
    from mlflow.remote.transport import Transport

    transport = Transport(uri, headers)
    return Backend(uri, remote_store(transport), extensions(transport) > 0, transport.close)


def _database(uri: str, artifact_root: str) -> Backend:
    try:
        from mlflow.artifacts.locations import check_location
        from mlflow.registry_gates import load_gates
        from mlflow.sql.store import open_store
    except ImportError as exc:
        raise MlflowException(f"No driver for '{_scheme(uri)}': {exc}. Install it, e.g. mlflow[postgresql].") from exc
    check = functools.partial(check_location, own=[artifact_root])
    opened = open_store(uri, artifact_root, check, gates=load_gates())
    return Backend(uri, opened.store, True, opened.close, opened.tend)


def _plugin(uri: str, artifact_root: str | None) -> Backend:
    """What plugins have for an address: runs, registered models, or both."""
    tracking, registry = _entry_point(_PLUGIN_GROUP, uri), _entry_point(_REGISTRY_GROUP, uri)
    if tracking is None and registry is None:
        raise InvalidParameterValue(
            f"No kind of tracking store has the scheme of '{shown(uri)}'; use an http(s) or database address, or "
            f"install the plugin that brings it (entry-point group {_PLUGIN_GROUP} or {_REGISTRY_GROUP})."
        )
    from mlflow.plugin_store import adapt, without

    store = without({}) if tracking is None else adapt(tracking(store_uri=uri, artifact_uri=artifact_root))
    if registry is not None:
        from mlflow.plugin_registry import adapt_registry, build

        store = replace(store, **adapt_registry(build(registry, uri, uri)))
    return Backend(uri, store, False, lambda: None)


def _entry_point(group: str, uri: str) -> Callable[..., Any] | None:
    """What an installed plugin brings for the scheme of an address."""
    from importlib.metadata import entry_points  # as long as all other imports here together

    for point in entry_points(group=group, name=_scheme(uri)):
        loaded: Callable[..., Any] = point.load()
        return loaded
    return None


def _scheme(uri: str) -> str:
    return urlsplit(uri).scheme.partition("+")[0]
