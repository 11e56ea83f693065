"""Copying the files of a run from one artifact root to another."""

from __future__ import annotations

from pathlib import Path

from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.artifacts.registry import Access, open_store
from mlflow.artifacts.store import ArtifactStore
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.temporary_folders import temporary_folder

__all__ = ["copy_artifacts", "copy_files", "files_below"]


def copy_artifacts(source: str, target: str, access: Access | None = None) -> None:
    """Copy all files below one artifact root to below another; files that are there with the same size stay.

    Args:
        source: the root to read; one that does not exist has no files.
        target: the root to write.
        access: as whom servers are asked.
    """
    copy_files(open_store(source, access), _local_folder(source), open_store(target, access))


def copy_files(source: ArtifactStore, folder: Path | None, target: ArtifactStore) -> int:
    """Copy all files of a store to another, and answer how many there are.

    Args:
        source: where they are.
        folder: the same as a local folder, where it is one; the files are then read from there.
        target: where they are to be; files that are there with the same size stay.
    """
    there = files_below(target, ArtifactPath())
    files = files_below(source, ArtifactPath())
    for path, size in files.items():
        if there.get(path) == size:
            continue
        if folder is not None:
            target.upload_file(folder.joinpath(*path.parts), path)
            continue
        with temporary_folder("copy") as scratch:
            local = scratch / "file"
            source.download_file(path, local)
            target.upload_file(local, path)
    return len(files)


def files_below(store: ArtifactStore, folder: ArtifactPath) -> dict[ArtifactPath, int]:
    """Every file below a folder of a store, with its size; none where there is no such folder."""
    found: dict[ArtifactPath, int] = {}
    try:
        infos = store.list(folder)
    except ResourceDoesNotExist:
        return found
    for info in infos:
        path = ArtifactPath.parse(info.path)
        if info.is_dir:
            found |= files_below(store, path)
        else:
            found[path] = info.file_size or 0
    return found


def _local_folder(uri: str) -> Path | None:
    location = Location.parse(uri)
    return location.folder if location.scheme == "file" else None
