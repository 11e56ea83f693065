"""Resumable uploads, as the contract declares them, over the artifact proxy."""

from __future__ import annotations

from mlflow.artifacts import wire
from mlflow.artifacts.proxy import ArtifactProxy
from mlflow.contract.caller import Caller
from mlflow.contract.proxy import Features, Stored, UploadState

__all__ = ["ServedUploads"]


class ServedUploads:
    """The uploads of one destination."""

    def __init__(self, proxy: ArtifactProxy) -> None:
        self._proxy = proxy

    def path_of(self, upload_id: str) -> str:
        """The artifact path that an upload is for; access depends on it."""
        return self._proxy.upload(upload_id).path

    def get_features(self, caller: Caller) -> Features:
        """See the contract."""
        return self._proxy.features()

    def create_upload(self, caller: Caller, path: str, size: int, part_size: int = 0) -> UploadState:
        """See the contract."""
        return self._proxy.create_upload(wire.CreateUpload(path, size, part_size))

    def get_upload(self, caller: Caller, upload_id: str) -> UploadState:
        """See the contract."""
        return self._proxy.upload(upload_id)

    def complete_upload(self, caller: Caller, upload_id: str, sha256: str) -> Stored:
        """See the contract."""
        return self._proxy.complete_upload(upload_id, wire.CompleteUpload(sha256))

    def abort_upload(self, caller: Caller, upload_id: str) -> None:
        """See the contract."""
        self._proxy.abort_upload(upload_id)
