"""URLs that carry their own permission."""

from __future__ import annotations

from mlflow.entities._record import Record

__all__ = ["PresignedDownloadUrlResponse", "PresignedUploadUrlResponse"]


class PresignedDownloadUrlResponse(Record, frozen=True):
    """Where, and with which headers, a file may be fetched until the URL expires."""

    url: str
    headers: dict[str, str] = {}
    file_size: int | None = None


class PresignedUploadUrlResponse(Record, frozen=True):
    """Where, and with which headers, a file may be sent until the URL expires."""

    url: str
    headers: dict[str, str] = {}
