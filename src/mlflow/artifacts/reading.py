"""Artifacts that this package reads itself, as local files that nobody has to remove."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlflow.artifacts import download_artifacts
from mlflow.artifacts.uris import default_lookup
from mlflow.artifacts.wanted import wanted
from mlflow.temporary_folders import temporary_folder

__all__ = ["local_artifact"]


@contextmanager
def local_artifact(
    artifact_uri: str | None = None, *, run_id: str | None = None, artifact_path: str | None = None
) -> Iterator[Path]:
    """A file or folder on this machine for the length of a block: where it lies, or a copy.

    Args:
        artifact_uri: which; this or `run_id`.
        run_id: the run that has it.
        artifact_path: the path in the run.

    Raises:
        MlflowException: there is no such artifact.
    """
    if not wanted(artifact_uri, run_id, artifact_path, default_lookup()).is_copied_to(None):
        yield Path(download_artifacts(artifact_uri, run_id, artifact_path))
        return
    with temporary_folder("artifact") as folder:
        yield Path(download_artifacts(artifact_uri, run_id, artifact_path, dst_path=str(folder)))
