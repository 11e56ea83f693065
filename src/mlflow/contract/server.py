"""The server itself: the endpoints that are about no noun."""

from __future__ import annotations

from typing import Protocol

import msgspec

from mlflow.contract.access import edit, manage, public, read
from mlflow.contract.caller import Caller
from mlflow.contract.route import route, stream

__all__ = ["Pages", "Server", "ServerInfo"]


class ServerInfo(msgspec.Struct, frozen=True):
    """What a server can do; `extensions` is the version of the API below /api/ext (absent on other servers)."""

    store_type: str | None = "SqlStore"
    workspaces_enabled: bool = False
    trace_archival_enabled: bool = False
    multipart_uploads_enabled: bool = True
    multipart_downloads_enabled: bool = False
    presigned_upload_run_id_supported: bool = True
    presigned_upload_model_id_supported: bool = False
    features_enabled: dict[str, bool] = msgspec.field(default_factory=lambda: {"gateway": False})
    extensions: int = 0


class Server(Protocol):
    """What a client asks before anything else."""

    @route("GET", "3.0/mlflow/server-info", access=public())
    def get_server_info(self, caller: Caller) -> ServerInfo:
        """Answer what this server can do."""
        ...


class Pages(Protocol):
    """Everything else that is served: files, texts, documents. Declared here so that nothing is served undeclared."""

    @stream("GET", "/health", access=public())
    def health(self, caller: Caller) -> None:
        """`OK` while the server takes requests."""
        ...

    @stream("GET", "/version", access=public())
    def version(self, caller: Caller) -> None:
        """The version, as text."""
        ...

    @stream("GET", "/metrics", access=read())
    def prometheus(self, caller: Caller) -> None:
        """Counters and histograms in Prometheus' text format."""
        ...

    @stream("GET", "/openapi.json", access=public())
    def openapi_document(self, caller: Caller) -> None:
        """The OpenAPI 3.1 document of this server."""
        ...

    @stream("GET", "/docs", access=public())
    def api_reference(self, caller: Caller) -> None:
        """A page to browse the OpenAPI document."""
        ...

    @stream("GET", "/", access=public())
    def index(self, caller: Caller) -> None:
        """The web UI, or plain words where it is not installed."""
        ...

    @stream("GET", "/static-files/{path:path}", access=public())
    def static_file(self, caller: Caller, path: str) -> None:
        """A file of the web UI."""
        ...

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

    @stream("POST", "ext/v1/artifacts/uploads", access=edit(artifact_path="path"))
    def create_upload(self, caller: Caller, path: str = "") -> None:
        """Start a resumable upload: path, size, part size; answers its id."""
        ...

    @stream("GET", "ext/v1/artifacts/uploads/{upload_id}", access=edit(upload="upload_id"))
    def get_upload(self, caller: Caller, upload_id: str) -> None:
        """The parts held so far, each with its size and SHA-256."""
        ...

    @stream("PUT", "ext/v1/artifacts/uploads/{upload_id}/parts/{number:int}", access=edit(upload="upload_id"))
    def upload_part(self, caller: Caller, upload_id: str, number: int) -> None:
        """Store the request's body as one part; its SHA-256 is in the header X-Content-SHA256."""
        ...

    @stream("POST", "ext/v1/artifacts/uploads/{upload_id}/complete", access=edit(upload="upload_id"))
    def complete_upload(self, caller: Caller, upload_id: str) -> None:
        """Put the parts together, if the whole has the SHA-256 given."""
        ...

    @stream("DELETE", "ext/v1/artifacts/uploads/{upload_id}", access=edit(upload="upload_id"))
    def abort_upload(self, caller: Caller, upload_id: str) -> None:
        """Give a resumable upload up."""
        ...

    @stream("PUT", "ext/v1/artifacts/bundle/{artifact_path:path}", access=edit(artifact_path="artifact_path"))
    def upload_bundle(self, caller: Caller, artifact_path: str) -> None:
        """Store many files sent in one body, below a folder."""
        ...

    @stream("GET", "ext/v1/artifacts/bundle/{artifact_path:path}", access=read(artifact_path="artifact_path"))
    def download_bundle(self, caller: Caller, artifact_path: str) -> None:
        """All files below a folder in one body."""
        ...
