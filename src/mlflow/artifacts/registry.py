"""From an artifact URI to the store that keeps it: built-in schemes, then those of installed plugins."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mlflow.artifacts.paths import Location
from mlflow.artifacts.store import ArtifactStore
from mlflow.exceptions import InvalidParameterValue, MlflowException

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from mlflow.artifacts.http import Connection

__all__ = ["PLUGIN_GROUP", "Access", "open_store", "schemes"]

PLUGIN_GROUP = "mlflow.artifact_repository"


class Access:
    """With whom a client speaks, and as whom; one for all stores of a session, so that connections are shared.

    Args:
        tracking_uri: the tracking server, which `mlflow-artifacts:` goes through; None for none.
        registry_uri: the model registry; handed to plugins.
        headers: called for each request to the tracking server; gives its authentication and other headers.
    """

    def __init__(
        self,
        tracking_uri: str | None = None,
        registry_uri: str | None = None,
        headers: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self.tracking_uri = tracking_uri
        self.registry_uri = registry_uri
        self.headers = headers
        self._lock = threading.Lock()
        self._connections: dict[str, Connection] = {}

    def connection(self, base: str) -> Connection:
        """The pooled connection to a server; the session's headers go to the tracking server's host alone."""
        from mlflow.artifacts.http import Connection  # urllib3 is loaded by those who speak HTTP

        with self._lock:
            if base not in self._connections:
                self._connections[base] = Connection(base, self.headers if self._is_tracking(base) else dict)
            return self._connections[base]

    def _is_tracking(self, base: str) -> bool:
        return self.tracking_uri is not None and _server(base) == _server(self.tracking_uri)


def open_store(uri: str | Location, access: Access | None = None) -> ArtifactStore:
    """The store whose root an artifact URI names.

    Raises:
        MlflowException: nothing that is installed knows the scheme.
    """
    location = Location.parse(uri) if isinstance(uri, str) else uri
    opener = _BUILT_IN.get(location.scheme)
    if opener is not None:
        return opener(location, access or Access())
    plugin = _plugins().get(location.scheme)
    if plugin is None:
        raise MlflowException(
            f"Could not find a registered artifact repository for: {location.uri}. "
            f"Currently registered schemes are: {schemes()}. Install the plugin that brings '{location.scheme}:'."
        )
    from mlflow.artifacts.plugins import PluginStore

    return PluginStore.load(plugin, location, access or Access())


def schemes() -> list[str]:
    """The URI schemes that `open_store` knows."""
    return ["", *_BUILT_IN, *sorted(_plugins())]


def _server(uri: str) -> tuple[str, str | None, int | None]:
    url = urlsplit(uri)
    return url.scheme, url.hostname, url.port


def _local(location: Location, access: Access) -> ArtifactStore:
    from mlflow.artifacts.local import LocalStore

    return LocalStore(location.folder)


def _s3(location: Location, access: Access) -> ArtifactStore:
    from mlflow.artifacts.s3 import open_s3

    return open_s3(location)


def _proxied(location: Location, access: Access) -> ArtifactStore:
    from mlflow.artifacts.proxied import ProxiedStore

    if not access.tracking_uri or urlsplit(access.tracking_uri).scheme not in ("http", "https"):
        raise InvalidParameterValue(
            f"'{location.uri}' is kept by a tracking server, but the tracking URI is '{access.tracking_uri or ''}'; "
            "set it to the server's http:// or https:// address."
        )
    return ProxiedStore.through(access, location)


def _http(location: Location, access: Access) -> ArtifactStore:
    from mlflow.artifacts.proxied import ProxiedStore

    return ProxiedStore.at(access, location)


_BUILT_IN: dict[str, Callable[[Location, Access], ArtifactStore]] = {
    "file": _local,
    "s3": _s3,
    "mlflow-artifacts": _proxied,
    "http": _http,
    "https": _http,
}


@functools.cache
def _plugins() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points  # takes longer to import than the rest of this floor

    return {point.name: point for point in entry_points(group=PLUGIN_GROUP)}
