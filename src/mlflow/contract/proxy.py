"""Files behind the server: MLflow's artifact proxy, and resumable uploads and bundles beyond it."""

from __future__ import annotations

from typing import Protocol

import msgspec

from mlflow.contract.access import edit, manage, public, read
from mlflow.contract.caller import Caller
from mlflow.contract.route import Text, route, stream

__all__ = ["ArtifactProxy", "ArtifactUploads", "BundleStored", "Features", "Part", "Stored", "UploadState"]


class Part(msgspec.Struct, frozen=True):
    """A part that an upload holds, numbered from 1."""

    number: int
    size: int
    sha256: str


class UploadState(msgspec.Struct, frozen=True):
    """An upload and the parts it holds; sizes in bytes."""

    upload_id: str
    path: str
    size: int
    part_size: int
    parts: list[Part] = []


class Stored(msgspec.Struct, frozen=True):
    """A file in place."""

    path: str
    size: int
    sha256: str


class BundleStored(msgspec.Struct, frozen=True):
    """How many files a bundle held."""

    files: int


class Features(msgspec.Struct, frozen=True):
    """What this server offers beyond MLflow's requests; `part_size` is the one it likes best, in bytes."""

    uploads: bool = False
    bundle: bool = False
    part_size: int = 0


class ArtifactUploads(Protocol):
    """Multipart uploads that resume by sending only the missing parts."""

    @route("GET", "ext/v1/artifacts/features", access=public())
    def get_features(self, caller: Caller) -> Features:
        """Answer what the artifact endpoints can do."""
        ...

    @route("POST", "ext/v1/artifacts/uploads", access=edit(artifact_path="path"))
    def create_upload(self, caller: Caller, path: Text, size: int, part_size: int = 0) -> UploadState:
        """Start an upload; the server chooses the part size when there is none."""
        ...

    @route("GET", "ext/v1/artifacts/uploads/{upload_id}", access=edit(upload="upload_id"))
    def get_upload(self, caller: Caller, upload_id: str) -> UploadState:
        """Answer the parts held so far."""
        ...

    @route("POST", "ext/v1/artifacts/uploads/{upload_id}/complete", access=edit(upload="upload_id"))
    def complete_upload(self, caller: Caller, upload_id: str, sha256: Text) -> Stored:
        """Put the parts together, if they are what `sha256` says.

        It is hexadecimal: of the whole file, or of the parts' digests as `<hex>-<part size>`.

        Raises:
            DataLoss: parts are missing, or the digest is another; the upload stays.
        """
        ...

    @route("DELETE", "ext/v1/artifacts/uploads/{upload_id}", access=edit(upload="upload_id"))
    def abort_upload(self, caller: Caller, upload_id: str) -> None:
        """Give an upload up."""
        ...


class ArtifactProxy(Protocol):
    """The bytes of files below the server's artifact destination."""

    @stream("GET", "2.0/mlflow-artifacts/artifacts", access=read(artifact_path="path"))
    def list_proxied(self, caller: Caller, path: str = "") -> None:
        """Entries below a path of the artifact destination, by base name."""
        ...

    @stream("GET", "2.0/mlflow-artifacts/artifacts/{artifact_path:path}", access=read(artifact_path="artifact_path"))
    def download_proxied(self, caller: Caller, artifact_path: str) -> None:
        """The bytes of a file; byte ranges are honoured, its SHA-256 is in the header Repr-Digest."""
        ...

    @stream("PUT", "2.0/mlflow-artifacts/artifacts/{artifact_path:path}", access=edit(artifact_path="artifact_path"))
    def upload_proxied(self, caller: Caller, artifact_path: str) -> None:
        """Store the request's body as a file, whole or not at all."""
        ...

    @stream(
        "DELETE", "2.0/mlflow-artifacts/artifacts/{artifact_path:path}", access=manage(artifact_path="artifact_path")
    )
    def delete_proxied(self, caller: Caller, artifact_path: str) -> None:
        """Remove a file or folder; what is not there is fine."""
        ...

    @stream("POST", "2.0/mlflow-artifacts/mpu/create/{artifact_path:path}", access=edit(artifact_path="artifact_path"))
    def create_multipart(self, caller: Caller, artifact_path: str) -> None:
        """Start a multipart upload in MLflow's dialect."""
        ...

    @stream(
        "POST", "2.0/mlflow-artifacts/mpu/complete/{artifact_path:path}", access=edit(artifact_path="artifact_path")
    )
    def complete_multipart(self, caller: Caller, artifact_path: str) -> None:
        """Finish a multipart upload in MLflow's dialect."""
        ...

    @stream("POST", "2.0/mlflow-artifacts/mpu/abort/{artifact_path:path}", access=edit(artifact_path="artifact_path"))
    def abort_multipart(self, caller: Caller, artifact_path: str) -> None:
        """Give up a multipart upload in MLflow's dialect."""
        ...

    @stream("GET", "2.0/mlflow-artifacts/presigned/{artifact_path:path}", access=read(artifact_path="artifact_path"))
    def presign_proxied(self, caller: Caller, artifact_path: str) -> None:
        """A URL from which the file can be fetched without this server."""
        ...

    @stream("PUT", "ext/v1/artifacts/uploads/{upload_id}/parts/{number:int}", access=edit(upload="upload_id"))
    def upload_part(self, caller: Caller, upload_id: str, number: int) -> None:
        """Store the request's body as one part; its SHA-256 is in the header X-Content-SHA256."""
        ...

    @stream("PUT", "ext/v1/artifacts/bundle/{artifact_path:path}", access=edit(artifact_path="artifact_path"))
    def upload_bundle(self, caller: Caller, artifact_path: str) -> None:
        """Store many files sent in one body, below a folder."""
        ...

    @stream("GET", "ext/v1/artifacts/bundle/{artifact_path:path}", access=read(artifact_path="artifact_path"))
    def download_bundle(self, caller: Caller, artifact_path: str) -> None:
        """All files below a folder in one body."""
        ...
