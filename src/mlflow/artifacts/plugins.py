"""Artifact repositories that other packages bring, in MLflow's classic shape, behind this floor's interface.

They come by the entry-point group `mlflow.artifact_repository`, named by URI scheme, and know local files only:
`log_artifact`, `log_artifacts`, `list_artifacts`, `delete_artifacts`, and `download_artifacts` or `_download_file`.
"""

from __future__ import annotations

import tempfile
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from mlflow.artifacts.digests import Digest
from mlflow.artifacts.local import LocalStore
from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.artifacts.registry import Access
from mlflow.artifacts.spool import SpoolWriter
from mlflow.artifacts.store import ArtifactStore, FileStat, Stream, Writer
from mlflow.entities import FileInfo
from mlflow.exceptions import MlflowException, ResourceDoesNotExist
from mlflow.temporary_folders import temporary_folder

__all__ = ["PluginStore"]


class PluginStore(ArtifactStore):
    """One classic repository."""

    def __init__(self, repository: Any) -> None:
        self._repository = repository

    @classmethod
    def load(cls, point: EntryPoint, location: Location, access: Access) -> PluginStore:
        """The repository of an entry point, made for a location.

        Raises:
            MlflowException: the plugin cannot be loaded.
        """
        try:
            factory = point.load()
        except (ImportError, AttributeError) as exc:
            raise MlflowException(
                f"The plugin '{point.value}' for '{point.name}:' cannot be loaded: {exc}. Reinstall or remove it."
            ) from exc
        try:
            return cls(factory(location.uri, tracking_uri=access.tracking_uri, registry_uri=access.registry_uri))
        except TypeError:
            # Repositories written before MLflow 3 take the URI alone.
            return cls(factory(location.uri))

    def list(self, path: ArtifactPath = ArtifactPath(), /) -> list[FileInfo]:  # noqa: B008 - frozen
        found = self._repository.list_artifacts(str(path) or None) or []
        infos = [FileInfo(path=info.path, is_dir=info.is_dir, file_size=info.file_size) for info in found]
        return sorted(infos, key=lambda info: info.path)

    def stat(self, path: ArtifactPath, /) -> FileStat:
        if not path.parts:
            return FileStat(path, is_dir=True)
        for info in self.list(path.parent):
            if info.path == str(path):
                return FileStat(path, info.is_dir, info.file_size or 0)
        raise ResourceDoesNotExist(f"No such artifact: '{path}'")

    def open(self, path: ArtifactPath, /, start: int = 0, end: int | None = None) -> Stream:
        with temporary_folder("plugin") as folder:
            local = folder / "content"
            self.download_file(path, local)
            # The open handle keeps the bytes after the folder is gone.
            stream = LocalStore(folder).open(ArtifactPath(("content",)), start, end)
        return Stream(FileStat(path, False, stream.stat.size, stream.stat.modified), iter(stream), start)

    def writer(self, path: ArtifactPath, /, digest: Digest | None = None, size: int | None = None) -> Writer[FileStat]:
        return SpoolWriter(self, path, digest, size)

    def delete(self, path: ArtifactPath, /) -> None:
        self._repository.delete_artifacts(str(path) or None)

    def upload_file(self, local: Path, path: ArtifactPath, /) -> None:
        with temporary_folder("plugin") as folder:
            # The classic call takes the name from the local file.
            named = local if local.name == path.name else folder / path.name
            if named is not local:
                named.symlink_to(local.absolute())
            self._repository.log_artifact(str(named), str(path.parent) or None)

    def upload_directory(self, local: Path, path: ArtifactPath, /) -> None:
        self._repository.log_artifacts(str(local), str(path) or None)

    def download_file(self, path: ArtifactPath, target: Path, /) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        if hasattr(self._repository, "_download_file"):
            self._repository._download_file(str(path), str(target))
            return
        with tempfile.TemporaryDirectory(prefix="mlflow-", dir=target.parent) as folder:
            Path(self._repository.download_artifacts(str(path), folder)).replace(target)
