"""Sources in the object stores and file servers that artifacts can live in."""

from __future__ import annotations

import os
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from mlflow.artifacts import download_artifacts
from mlflow.data.dataset_source_registry import register_dataset_source
from mlflow.data.filesystem_dataset_source import FileSystemDatasetSource
from mlflow.exceptions import InvalidParameterValue

__all__ = [
    "ARTIFACT_SOURCES",
    "AzureBlobArtifactDatasetSource",
    "AzureDataLakeArtifactDatasetSource",
    "B2ArtifactDatasetSource",
    "FTPArtifactDatasetSource",
    "GCSArtifactDatasetSource",
    "HdfsArtifactDatasetSource",
    "LocalArtifactDatasetSource",
    "R2ArtifactDatasetSource",
    "S3ArtifactDatasetSource",
    "SFTPArtifactDatasetSource",
    "ViewfsArtifactDatasetSource",
    "register_artifact_dataset_sources",
]


class _ArtifactDatasetSource(FileSystemDatasetSource):
    """A file or folder of one URI scheme."""

    scheme: ClassVar[str]

    def __init__(self, uri: str) -> None:
        self._uri = os.fspath(uri)

    @property
    def uri(self) -> str:
        """The URI, or local path, of the file or folder."""
        return self._uri

    @classmethod
    def _get_source_type(cls) -> str:
        return cls.scheme

    @classmethod
    def _can_resolve(cls, raw_source: Any) -> bool:
        if not isinstance(raw_source, (str, os.PathLike)):
            return False
        try:
            return urlsplit(os.fspath(raw_source)).scheme.lower() in cls._schemes()
        except ValueError:
            return False

    @classmethod
    def _schemes(cls) -> set[str]:
        return {cls.scheme}

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        return cls(raw_source)

    def load(self, dst_path: str | None = None) -> str:
        return download_artifacts(artifact_uri=self._uri, dst_path=dst_path)

    def to_dict(self) -> dict[str, Any]:
        return {"uri": self._uri}

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        if "uri" not in source_dict:
            raise InvalidParameterValue(f"Source '{source_dict}' of type '{cls.scheme}' has no 'uri'. Add it.")
        return cls(source_dict["uri"])


class LocalArtifactDatasetSource(_ArtifactDatasetSource):
    """A local path or `file:` URI."""

    scheme = "local"

    @classmethod
    def _schemes(cls) -> set[str]:
        return {"", "file"}


class S3ArtifactDatasetSource(_ArtifactDatasetSource):
    """An object, or prefix, in S3."""

    scheme = "s3"


class R2ArtifactDatasetSource(_ArtifactDatasetSource):
    """An object, or prefix, in Cloudflare R2."""

    scheme = "r2"


class B2ArtifactDatasetSource(_ArtifactDatasetSource):
    """An object, or prefix, in Backblaze B2."""

    scheme = "b2"


class GCSArtifactDatasetSource(_ArtifactDatasetSource):
    """An object, or prefix, in Google Cloud Storage."""

    scheme = "gs"


class AzureBlobArtifactDatasetSource(_ArtifactDatasetSource):
    """A blob, or prefix, in Azure Blob Storage."""

    scheme = "wasbs"


class AzureDataLakeArtifactDatasetSource(_ArtifactDatasetSource):
    """A file or folder in Azure Data Lake Storage."""

    scheme = "abfss"


class FTPArtifactDatasetSource(_ArtifactDatasetSource):
    """A file or folder on an FTP server."""

    scheme = "ftp"


class SFTPArtifactDatasetSource(_ArtifactDatasetSource):
    """A file or folder on an SSH server."""

    scheme = "sftp"


class HdfsArtifactDatasetSource(_ArtifactDatasetSource):
    """A file or folder in HDFS."""

    scheme = "hdfs"


class ViewfsArtifactDatasetSource(HdfsArtifactDatasetSource):
    """A file or folder under a ViewFS mount of HDFS."""

    scheme = "viewfs"


ARTIFACT_SOURCES: tuple[type[_ArtifactDatasetSource], ...] = (
    LocalArtifactDatasetSource,
    S3ArtifactDatasetSource,
    R2ArtifactDatasetSource,
    B2ArtifactDatasetSource,
    GCSArtifactDatasetSource,
    AzureBlobArtifactDatasetSource,
    FTPArtifactDatasetSource,
    SFTPArtifactDatasetSource,
    HdfsArtifactDatasetSource,
    ViewfsArtifactDatasetSource,
    AzureDataLakeArtifactDatasetSource,
)


def register_artifact_dataset_sources() -> None:
    """Register the source of each scheme again, which puts them before others that were registered since."""
    for source in ARTIFACT_SOURCES:
        register_dataset_source(source)
