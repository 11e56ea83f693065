"""Sources that are files or folders."""

from __future__ import annotations

from abc import abstractmethod

from mlflow.data.dataset_source import DatasetSource

__all__ = ["FileSystemDatasetSource"]


class FileSystemDatasetSource(DatasetSource):
    """A file or folder, local or remote, under a URI."""

    @property
    @abstractmethod
    def uri(self) -> str:
        """The URI, or local path, of the file or folder."""

    @abstractmethod
    def load(self, dst_path: str | None = None) -> str:
        """Download to a local folder, and return the local path.

        Args:
            dst_path: the folder; when omitted, a new temporary one, or nothing is copied because the data is local.
        """
