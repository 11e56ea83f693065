"""Sources whose `load` downloads files into a folder."""

from __future__ import annotations

from typing import Any, TypeGuard

from mlflow.data.artifact_dataset_sources import LocalArtifactDatasetSource
from mlflow.data.filesystem_dataset_source import FileSystemDatasetSource
from mlflow.data.http_dataset_source import HTTPDatasetSource

__all__ = ["is_downloaded"]


def is_downloaded(source: Any) -> TypeGuard[FileSystemDatasetSource | HTTPDatasetSource]:
    """Whether a source is files elsewhere, which `load` brings to the folder that it is given."""
    elsewhere = not isinstance(source, LocalArtifactDatasetSource)
    return isinstance(source, (FileSystemDatasetSource, HTTPDatasetSource)) and elsewhere
