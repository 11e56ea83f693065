"""The server itself: the endpoints that are about no noun."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from mlflow.contract.access import filtered, public, read
from mlflow.contract.caller import Caller
from mlflow.contract.route import route, stream

__all__ = ["FilterFault", "Pages", "ParsedFilter", "Server", "ServerInfo"]


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


class FilterFault(msgspec.Struct, frozen=True):
    """Why a filter cannot be read, and which of its characters to underline: from `start`, counted from 0, to `end`.

    They are equal where something is missing. `expected` is what could have stood there.
    """

    message: str
    start: int
    end: int
    expected: list[str]


class ParsedFilter(msgspec.Struct, frozen=True):
    """Whether a filter can be read."""

    ok: bool
    error: FilterFault | None = None


class Server(Protocol):
    """What a client asks before anything else, and what is answered without a store."""

    @route("GET", "3.0/mlflow/server-info", access=public())
    def get_server_info(self, caller: Caller) -> ServerInfo:
        """Answer what this server can do."""
        ...

    @route("POST", "ext/v1/filter/parse", access=filtered())
    def parse_filter(
        self,
        caller: Caller,
        filter: str,
        of: Literal["runs", "experiments", "logged_models", "registered_models", "model_versions"] = "runs",
    ) -> ParsedFilter:
        """Answer whether a filter of these can be read, and what is wrong with it, without searching."""
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
