"""The parts of a multipart upload."""

from __future__ import annotations

from typing import Any

from mlflow.entities._record import Record

__all__ = ["CreateMultipartUploadResponse", "MultipartUploadCredential", "MultipartUploadPart"]


class MultipartUploadPart(Record, frozen=True):
    """An uploaded part, numbered from 1."""

    part_number: int
    etag: str | None = None
    url: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return dict(self)


class MultipartUploadCredential(Record, frozen=True):
    """Where, and with which headers, one part is to be sent."""

    url: str
    part_number: int
    headers: dict[str, str] = {}

    @classmethod
    def from_dict(cls, dict_: dict[str, Any]) -> MultipartUploadCredential:
        """A credential from its fields by name."""
        return cls.from_dictionary(dict_)


class CreateMultipartUploadResponse(Record, frozen=True):
    """The id of a started upload, and a credential for each part."""

    upload_id: str | None = None
    credentials: list[MultipartUploadCredential] = []
