"""The files of model versions: what a version's own run or logged model holds, or the server's own roots."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from mlflow.artifacts.locations import is_below
from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.artifacts.proxy import ArtifactProxy, Reply
from mlflow.artifacts.registry import open_store
from mlflow.artifacts.store import ArtifactStore
from mlflow.artifacts.uris import parse_model_uri, parse_run_uri
from mlflow.artifacts.zipped import Folder
from mlflow.contract.artifacts import FolderListing, TablePage
from mlflow.contract.caller import EVERYONE, Caller
from mlflow.contract.store import TrackingStore
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.exceptions import InvalidParameterValue, PermissionDenied, ResourceDoesNotExist
from mlflow.server.artifact_documents import read_yaml
from mlflow.server.artifact_folders import entries_below, folder_of
from mlflow.server.artifact_rows import Wanted
from mlflow.server.artifact_tables import read_rows
from mlflow.server.model_sources import in_proxy, root_of_model, same_proxy

__all__ = ["ModelFiles", "ServedModelArtifacts"]


class ModelFiles:
    """Finds the files of a version.

    A registry's clients may name any folder or bucket as a source. With its own credentials this server opens those
    only that are inside the artifact root of the version's run or logged model, or inside a root of its own.

    Args:
        store: the registry, and where artifact roots are looked up.
        proxy: the files this server serves; None when it serves none.
        roots: the server's own artifact roots, as URIs or paths.
    """

    def __init__(self, store: TrackingStore, proxy: ArtifactProxy | None, roots: list[str]) -> None:
        self._store, self._proxy = store, proxy
        self._roots = [Location.parse(root) for root in roots]

    def place(self, name: str, version: str) -> tuple[ArtifactProxy, ArtifactPath, str]:
        """The files that hold a version, where in them its folder is, and the URI of that folder.

        Raises:
            PermissionDenied: they are where this server does not look on behalf of others.
            InvalidParameterValue: they are behind an artifact server, which this one is not.
        """
        entity = self._store.model_versions.get_model_version(EVERYONE, name, version)
        uri = self._store.model_versions.get_model_version_download_uri(EVERYONE, name, version)
        location = self._location(uri)
        logged, proxied = self._logged(entity), in_proxy(location)
        if proxied is not None and any(same_proxy(proxied, root) for root in logged):
            return self._served(name, version), proxied, uri
        own = [root for root in (*self._roots, *logged) if proxied is None and is_below(location, root)]
        if not own:
            raise PermissionDenied(
                f"Version {version} of '{name}' is kept in '{location.uri}', outside the artifacts of its run and of "
                "this server, which does not open it for others. Download it from there with your own credentials."
            )
        files = ArtifactProxy(_opened(own[0]), Path(tempfile.gettempdir()))
        return files, ArtifactPath(location.path.parts[len(own[0].path.parts) :]), uri

    def read(self, name: str, version: str, path: str, headers: Mapping[str, str], method: str) -> Reply:
        """A version's file, or the part of it that the request's headers ask for."""
        files, root, _ = self.place(name, version)
        return files.read(str(root / ArtifactPath.parse_file(path)), headers, method)

    def find(self, name: str, version: str, path: str) -> tuple[ArtifactProxy, ArtifactPath]:
        """Where a file of a version is."""
        files, root, _ = self.place(name, version)
        return files, root / ArtifactPath.parse_file(path)

    def folders(self, name: str, version: str, path: str) -> list[Folder]:
        """What a folder of a version is made of."""
        files, root, _ = self.place(name, version)
        return [folder_of(files, root / ArtifactPath.parse(path))]

    def _location(self, uri: str) -> Location:
        scheme = uri.partition(":")[0].lower()
        if scheme == "runs":
            run = parse_run_uri(uri)
            return Location.parse(self._root_of_run(run.run_id)).below(run.path)
        if scheme == "models":
            return Location.parse(root_of_model(self._store, EVERYONE, parse_model_uri(uri).model_id))
        return Location.parse(uri)

    def _logged(self, version: ModelVersion) -> list[Location]:
        """The artifact roots of the run and the logged model that a version was made of."""
        roots = []
        try:
            if version.run_id:
                roots.append(self._root_of_run(version.run_id))
            if version.model_id:
                roots.append(root_of_model(self._store, EVERYONE, version.model_id))
        except ResourceDoesNotExist:  # it was removed since, or was never of this store
            pass
        found = [Location.parse(root) for root in roots]
        return [root for root in found if root.scheme != "file" or any(is_below(root, own) for own in self._roots)]

    def _root_of_run(self, run_id: str) -> str:
        return self._store.runs.get_run(EVERYONE, run_id).info.artifact_uri or ""

    def _served(self, name: str, version: str) -> ArtifactProxy:
        if self._proxy is None:
            raise InvalidParameterValue(
                f"Version {version} of '{name}' is behind an artifact server, but this one runs with "
                "--no-serve-artifacts; ask the server that holds it."
            )
        return self._proxy


class ServedModelArtifacts:
    """What a server answers about the files of versions."""

    def __init__(self, files: ModelFiles) -> None:
        self._files = files

    def list_model_artifacts(self, caller: Caller, name: str, version: str, path: str = "") -> FolderListing:
        """See the contract."""
        files, root, uri = self._files.place(name, version)
        return FolderListing(uri, entries_below(files, root, ArtifactPath.parse(path)))

    def read_model_document(self, caller: Caller, name: str, version: str, path: str = "MLmodel") -> dict[str, Any]:
        """See the contract."""
        files, found = self._files.find(name, version, path)
        return read_yaml(files.store, found)

    def read_model_table(
        self,
        caller: Caller,
        name: str,
        version: str,
        path: str,
        offset: int = 0,
        limit: int = 100,
        sort: str = "",
        search: str = "",
        column: str = "",
    ) -> TablePage:
        """See the contract."""
        wanted = Wanted(offset, limit, sort, search, column)
        files, found = self._files.find(name, version, path)
        return read_rows(files.store, found, wanted)


@lru_cache(256)
def _opened(location: Location) -> ArtifactStore:
    return open_store(location)
