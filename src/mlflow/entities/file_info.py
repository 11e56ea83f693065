"""A file or folder among artifacts."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["FileInfo"]


class FileInfo(Record, frozen=True, omit_defaults=True):
    """One entry of an artifact listing; `file_size` is in bytes and None for folders."""

    path: str
    is_dir: bool
    file_size: int | None = None
