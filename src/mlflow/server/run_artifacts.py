"""The artifacts of runs: behind this server's proxy, or in a store that it can reach."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.artifacts.proxy import ArtifactProxy, Reply
from mlflow.artifacts.registry import open_store
from mlflow.artifacts.store import ArtifactStore
from mlflow.artifacts.zipped import Folder
from mlflow.contract.artifacts import ArtifactListing, FileEntry, FolderListing, MediaSeries, TablePage
from mlflow.contract.caller import EVERYONE, Caller
from mlflow.contract.store import TrackingStore
from mlflow.entities import Run
from mlflow.entities.presigned_url import PresignedDownloadUrlResponse, PresignedUploadUrlResponse
from mlflow.exceptions import InvalidParameterValue, MlflowException, PermissionDenied, ResourceDoesNotExist
from mlflow.server.artifact_documents import read_yaml
from mlflow.server.artifact_folders import entries_below, folder_of, without_times
from mlflow.server.artifact_rows import Wanted
from mlflow.server.artifact_tables import read_rows
from mlflow.server.media_series import read_media_series
from mlflow.tracking.run_models import model_of_run

__all__ = ["RunFiles", "ServedRunArtifacts"]

_PROXIED = frozenset({"mlflow-artifacts", "http", "https"})
_PROXY_PATH = "api/2.0/mlflow-artifacts/artifacts/"
_MOST = 1000  # models of a run that are shown among its files
_MOST_RUNS = 100  # whose pictures are looked for at once
_MAX_EXPIRATION = 604_800  # seconds; seven days, as S3 signs at most


class RunFiles:
    """Finds the store of a run's artifacts; runs of one experiment share it.

    Clients may give an experiment any location, since they may reach folders that this server must not show: of its
    own disk it opens what lies below its own roots, and nothing else.

    Args:
        store: where runs are looked up.
        proxy: the files this server serves; None when it serves none.
        roots: the server's own artifact roots, as URIs or paths.
    """

    def __init__(self, store: TrackingStore, proxy: ArtifactProxy | None, roots: Iterable[str]) -> None:
        self._store = store
        self._proxy = proxy
        self._roots = [location for root in roots if (location := Location.parse(root)).scheme == "file"]

    def root(self, run_id: str) -> str:
        """A run's artifact URI."""
        return _root_of(self._store.runs.get_run(EVERYONE, run_id))

    def place(self, run_id: str) -> tuple[ArtifactProxy, ArtifactPath]:
        """The files that hold a run's artifacts, and where in them its root is; raises as `place_of`."""
        return self.place_of(f"run '{run_id}'", self.root(run_id))

    def places(self, caller: Caller, run_ids: Sequence[str]) -> list[tuple[str, ArtifactStore, ArtifactPath]]:
        """The ids of the runs that a caller may read, and where each one's artifacts are; raises as `place_of`."""
        found = []
        for run in self._store.runs.get_runs(caller, list(run_ids)):
            files, root = self.place_of(f"run '{run.info.run_id}'", _root_of(run))
            found.append((run.info.run_id, files.store, root))
        return found

    def place_of(self, what: str, uri: str) -> tuple[ArtifactProxy, ArtifactPath]:
        """The files that hold what is at an artifact URI, and where in them its root is.

        Args:
            what: has its artifacts there; for messages.
            uri: the root.

        Raises:
            PermissionDenied: they are in a folder of this machine outside the server's own roots.
            InvalidParameterValue: they are behind an artifact server, which this one is not.
        """
        location = Location.parse(uri)
        if location.scheme not in _PROXIED:
            store, path = self._reachable(what, location)
            return ArtifactProxy(store, Path(tempfile.gettempdir())), path
        if self._proxy is None:
            raise InvalidParameterValue(
                f"The artifacts of {what} are behind an artifact server, but this one runs with "
                f"--no-serve-artifacts; ask the server that holds them."
            )
        return self._proxy, ArtifactPath.parse(str(location.path).removeprefix(_PROXY_PATH))

    def signable(self, run_id: str) -> tuple[ArtifactStore, ArtifactPath]:
        """The store that holds a run's artifacts without this server, and where in it its root is."""
        location = Location.parse(self.root(run_id))
        if location.scheme in _PROXIED:
            raise InvalidParameterValue(
                f"The artifacts of run '{run_id}' go through the server's proxy, which signs no URLs; use the proxy."
            )
        return self._reachable(f"run '{run_id}'", location)

    def _reachable(self, what: str, location: Location) -> tuple[ArtifactStore, ArtifactPath]:
        if location.scheme == "file":
            root = self._own_root(what, location)
            return _opened(root), ArtifactPath.parse(location.folder.relative_to(root.folder).as_posix())
        if location.scheme == "s3":  # one client a bucket, not a run
            return _opened(Location(location.scheme, location.host)), location.path
        return _opened(location), ArtifactPath()

    def _own_root(self, what: str, location: Location) -> Location:
        for root in self._roots:
            if location.folder.is_relative_to(root.folder):
                return root
        raise PermissionDenied(
            f"The artifacts of {what} are in '{location.folder}', outside this server's own artifact root; "
            f"open them where that folder is, or start the server with it as --default-artifact-root."
        )

    def read(self, run_id: str, path: str, headers: Mapping[str, str], method: str) -> Reply:
        """A run's file, or the part of it that the request's headers ask for.

        Where the run has no such file, one of the logged model that it made by the first part of the path.
        """
        files, root = self.place(run_id)
        wanted = ArtifactPath.parse_file(path)
        try:
            return files.read(str(root / wanted), headers, method)
        except ResourceDoesNotExist:
            place = self.in_model(run_id, wanted)
            if place is None:
                raise
            files, inside = place
            return files.read(str(inside), headers, method)

    def find(self, run_id: str, path: str) -> tuple[ArtifactProxy, ArtifactPath]:
        """Where a file or folder of a run is; as `read`, it looks into the models that the run made too.

        Raises:
            ResourceDoesNotExist: there is none.
        """
        files, root = self.place(run_id)
        wanted = ArtifactPath.parse_file(path)
        try:
            files.store.stat(root / wanted)
        except ResourceDoesNotExist:
            place = self.in_model(run_id, wanted)
            if place is None:
                raise
            return place
        return files, root / wanted

    def folders(self, run_id: str, path: str) -> list[Folder]:
        """What a folder of a run is made of; the run's own top has the models that it made too."""
        if ArtifactPath.parse(path).parts:
            files, found = self.find(run_id, path)
            return [folder_of(files, found)]
        files, root = self.place(run_id)
        names = {info.path.rpartition("/")[2] for info in files.store.list(root)}
        models = [name for name in self.models(run_id) if name not in names]
        places = [(self.in_model(run_id, ArtifactPath.parse(name)), name) for name in models]
        return [(files.store, root, ""), *((place[0].store, place[1], name) for place, name in places if place)]

    def in_model(self, run_id: str, path: ArtifactPath) -> tuple[ArtifactProxy, ArtifactPath] | None:
        """Where a path is that begins with the name of a logged model that the run made."""
        model = model_of_run(self._store, run_id, path.parts[0]) if path.parts else None
        if model is None:
            return None
        files, root = self.place_of(f"logged model '{model.model_id}'", model.artifact_location)
        return files, root / ArtifactPath(path.parts[1:])

    def models(self, run_id: str) -> list[str]:
        """The names of the logged models that a run made."""
        experiment_id = self._store.runs.get_run(EVERYONE, run_id).info.experiment_id
        made = f"source_run_id = '{run_id}'"
        found = self._store.logged_models.search_logged_models(EVERYONE, [experiment_id], made, max_results=_MOST)
        return list(dict.fromkeys(model.name for model in found))

    def write(self, run_id: str, path: str, body: bytes) -> None:
        """Store a small file of a run."""
        files, root = self.place(run_id)
        files.store.write(root / ArtifactPath.parse_file(path), [body], None, len(body))


class ServedRunArtifacts:
    """What a server answers about runs' artifacts."""

    def __init__(self, files: RunFiles) -> None:
        self._files = files

    def list_artifacts(self, caller: Caller, run_id: str, path: str = "", page_token: str = "") -> ArtifactListing:
        """See the contract."""
        return without_times(self.list_files(caller, run_id, path))

    def list_files(self, caller: Caller, run_id: str, path: str = "") -> FolderListing:
        """See the contract."""
        files, root = self._files.place(run_id)
        wanted = ArtifactPath.parse(path)
        entries = entries_below(files, root, wanted)
        if not wanted.parts:
            known = {entry.path for entry in entries}
            entries += [FileEntry(name, True) for name in self._files.models(run_id) if name not in known]
            entries.sort(key=lambda entry: entry.path)
        elif not entries and (place := self._files.in_model(run_id, wanted)) is not None:
            name, inside = wanted.parts[0], ArtifactPath(wanted.parts[1:])
            model_root = ArtifactPath(place[1].parts[: len(place[1].parts) - len(inside.parts)])
            found = entries_below(place[0], model_root, inside)
            entries = [msgspec.structs.replace(entry, path=f"{name}/{entry.path}") for entry in found]
        return FolderListing(self._files.root(run_id), entries)

    def find_images(self, caller: Caller, run_ids: Sequence[str], keys: Sequence[str] = ()) -> list[MediaSeries]:
        """See the contract."""
        if len(run_ids) > _MOST_RUNS:
            raise InvalidParameterValue(f"{len(run_ids)} runs are too many; ask for {_MOST_RUNS} at once.")
        return read_media_series(self._files.places(caller, run_ids), frozenset(keys))

    def read_document(self, caller: Caller, run_id: str, path: str) -> dict[str, Any]:
        """See the contract."""
        files, found = self._files.find(run_id, path)
        return read_yaml(files.store, found)

    def read_table(
        self,
        caller: Caller,
        run_id: str,
        path: str,
        offset: int = 0,
        limit: int = 100,
        sort: str = "",
        search: str = "",
        column: str = "",
    ) -> TablePage:
        """See the contract."""
        wanted = Wanted(offset, limit, sort, search, column)
        files, found = self._files.find(run_id, path)
        return read_rows(files.store, found, wanted)

    def presign_download(
        self, caller: Caller, run_id: str, path: str, expiration: int = 3600
    ) -> PresignedDownloadUrlResponse:
        """See the contract."""
        store, target = self._signable(run_id, path, expiration)
        size = store.stat(target).size
        return PresignedDownloadUrlResponse(store.presign(target, "GET", expiration), {}, size)

    def presign_upload(
        self, caller: Caller, run_id: str, path: str, expiration: int = 3600
    ) -> PresignedUploadUrlResponse:
        """See the contract."""
        store, target = self._signable(run_id, path, expiration)
        return PresignedUploadUrlResponse(store.presign(target, "PUT", expiration), {})

    def _signable(self, run_id: str, path: str, expiration: int) -> tuple[ArtifactStore, ArtifactPath]:
        if not 1 <= expiration <= _MAX_EXPIRATION:
            raise InvalidParameterValue(
                f"Invalid expiration '{expiration}'; give seconds from 1 to {_MAX_EXPIRATION} (seven days)."
            )
        target = ArtifactPath.parse_file(path)
        store, root = self._files.signable(run_id)
        return store, root / target


def _root_of(run: Run) -> str:
    if not run.info.artifact_uri:
        raise MlflowException(f"Run '{run.info.run_id}' has no artifact location.")
    return run.info.artifact_uri


@lru_cache(256)
def _opened(location: Location) -> ArtifactStore:
    return open_store(location)
