"""The artifacts of runs: what the server exposes and a client calls, whatever holds the files."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import msgspec

from mlflow.contract.access import edit, filtered, read
from mlflow.contract.caller import Caller
from mlflow.contract.route import Text, route, stream
from mlflow.entities.file_info import FileInfo
from mlflow.entities.presigned_url import PresignedDownloadUrlResponse, PresignedUploadUrlResponse

__all__ = ["ArtifactListing", "FileEntry", "FolderListing", "MediaSeries", "RunArtifacts", "TablePage"]


class ArtifactListing(msgspec.Struct, frozen=True, omit_defaults=True):
    """The entries below a path of a run, sorted; paths are relative to the run's root."""

    root_uri: str
    files: list[FileInfo] = []
    next_page_token: str | None = None


class FileEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file or folder; `file_size` is in bytes, `modified` in UTC milliseconds, both absent where nobody knows."""

    path: str
    is_dir: bool
    file_size: int | None = None
    modified: int | None = None


class FolderListing(msgspec.Struct, frozen=True, omit_defaults=True):
    """As `ArtifactListing`, with the time of each file's last change."""

    root_uri: str
    files: list[FileEntry] = []


class MediaSeries(msgspec.Struct, frozen=True):
    """The pictures, sound or film that a run logged for one key, by step: a list has one item a step.

    `times` are UTC ms. `previews` are the same pictures at most 256 pixels wide and high; empty where there is none.
    Of several at one step the latest is there.
    """

    run_id: str
    key: str
    kind: Literal["image", "audio", "video"]
    steps: list[int]
    times: list[int]
    paths: list[str]
    previews: list[str]


class TablePage(msgspec.Struct, frozen=True):
    """Rows `offset`, `offset` + 1, … of a file that is a table, as text; what is missing is None.

    `total` counts the rows below the head; None where counting them would mean reading a very large file.
    """

    columns: list[str]
    rows: list[list[str | None]]
    offset: int
    total: int | None


class RunArtifacts(Protocol):
    """Listing and signed access below a run's artifact root."""

    @route("GET", "2.0/mlflow/artifacts/list", access=read(run="run_id"))
    def list_artifacts(self, caller: Caller, run_id: Text, path: str = "", page_token: str = "") -> ArtifactListing:
        """Answer the entries below `path`; none for a file or a path that does not exist."""
        ...

    @route("GET", "ext/v1/artifacts/list", access=read(run="run_id"))
    def list_files(self, caller: Caller, run_id: Text, path: str = "") -> FolderListing:
        """Answer the entries below `path` with the times when files were changed."""
        ...

    @route("GET", "ext/v1/runs/images", access=filtered(), envelope="images")
    def find_images(
        self,
        caller: Caller,
        run_ids: list[str],
        keys: list[str] = [],  # noqa: B006
    ) -> list[MediaSeries]:
        """Answer what up to 100 runs logged over steps by `log_image`, `log_audio` and `log_video`, by key.

        Runs are in the order asked for, keys in that of their names; all keys unless some are named.
        """
        ...

    @stream("GET", "ext/v1/runs/{run_id}/logs", access=read(run="run_id"))
    def get_log(self, caller: Caller, run_id: Text, lines: int = 0) -> None:
        """What a run printed, as text; byte ranges are honoured. With `lines` only the last so many, up to 10,000."""
        ...

    @route("POST", "2.0/mlflow/artifacts/presigned-download-url", access=read(run="run_id"))
    def presign_download(
        self, caller: Caller, run_id: Text, path: Text, expiration: int = 3600
    ) -> PresignedDownloadUrlResponse:
        """Answer a URL from which the file can be fetched for `expiration` seconds."""
        ...

    @route("POST", "2.0/mlflow/artifacts/presigned-upload-url", access=edit(run="run_id"))
    def presign_upload(
        self, caller: Caller, run_id: Text, path: Text, expiration: int = 3600
    ) -> PresignedUploadUrlResponse:
        """Answer a URL to which the file can be sent for `expiration` seconds."""
        ...

    @stream("GET", "/get-artifact", access=read(run="run_id"))
    def get_artifact(self, caller: Caller, run_id: Text, path: Text) -> None:
        """The bytes of a run's file, as an attachment; byte ranges are honoured."""
        ...

    @stream("GET", "ext/v1/artifacts/page", access=read(run="run_id"))
    def get_artifact_page(self, caller: Caller, run_id: Text, path: Text) -> None:
        """An HTML file for a frame: its scripts run in an origin of its own, without network."""
        ...

    @route("GET", "ext/v1/artifacts/document", access=read(run="run_id"), envelope="document")
    def read_document(self, caller: Caller, run_id: Text, path: Text) -> dict[str, Any]:
        """Answer a YAML file of up to 1 MiB, such as MLmodel, as JSON; nothing in it is run."""
        ...

    @route("GET", "ext/v1/artifacts/table", access=read(run="run_id"))
    def read_table(
        self,
        caller: Caller,
        run_id: Text,
        path: Text,
        offset: int = 0,
        limit: int = 100,
        sort: str = "",
        search: str = "",
        column: str = "",
    ) -> TablePage:
        """Answer up to 1,000 rows of a CSV, TSV or Parquet file, or of JSON that is a table.

        JSON is one when `mlflow.log_table` wrote it, or when it is a list of objects. `sort` names a column, with `-`
        before it for the greatest first; what is missing comes last. `search` keeps the rows in which some cell, or
        that of `column`, contains the text, whatever its case.
        """
        ...

    @stream("GET", "ext/v1/artifacts/zip", access=read(run="run_id"))
    def get_artifact_zip(self, caller: Caller, run_id: Text, path: str = "") -> None:
        """A folder of a run as a ZIP file, made while it is sent; without `path` all that the run has."""
        ...

    @stream("POST", "/ajax-api/2.0/mlflow/upload-artifact", access=edit(run="run_uuid"))
    def upload_artifact(self, caller: Caller, run_uuid: Text, path: Text) -> None:
        """Store the request's body as a run's file, up to 10 MiB."""
        ...
