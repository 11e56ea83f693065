"""The artifacts of logged models: what the server exposes and a client calls, whatever holds the files."""

from __future__ import annotations

from typing import Any, Protocol

from mlflow.contract.access import edit, read
from mlflow.contract.artifacts import ArtifactListing, FolderListing, TablePage
from mlflow.contract.caller import Caller
from mlflow.contract.route import Text, route, stream

__all__ = ["LoggedModelArtifacts"]


class LoggedModelArtifacts(Protocol):
    """Listing, reading and writing below a logged model's artifact root."""

    @route("GET", "2.0/mlflow/logged-models/{model_id}/artifacts/directories", access=read(logged_model="model_id"))
    def list_logged_model_artifacts(
        self, caller: Caller, model_id: Text, artifact_directory_path: str = "", page_token: str = ""
    ) -> ArtifactListing:
        """Answer the entries below a folder; none for a file or a path that does not exist."""
        ...

    @route("GET", "ext/v1/logged-models/{model_id}/list", access=read(logged_model="model_id"))
    def list_logged_model_files(self, caller: Caller, model_id: Text, path: str = "") -> FolderListing:
        """Answer the entries below a folder with the times when files were changed."""
        ...

    @stream(
        "GET", "/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files", access=read(logged_model="model_id")
    )
    def get_logged_model_artifact(self, caller: Caller, model_id: Text, artifact_file_path: Text) -> None:
        """The bytes of a model's file, as an attachment; byte ranges are honoured."""
        ...

    @stream("PUT", "ext/v1/logged-models/{model_id}/artifacts/{path:path}", access=edit(logged_model="model_id"))
    def upload_logged_model_artifact(self, caller: Caller, model_id: Text, path: Text) -> None:
        """Store the request's body as a model's file, wherever the model's artifacts are."""
        ...

    @stream("GET", "ext/v1/logged-models/{model_id}/page", access=read(logged_model="model_id"))
    def get_logged_model_page(self, caller: Caller, model_id: Text, path: Text) -> None:
        """An HTML file for a frame: its scripts run in an origin of its own, without network."""
        ...

    @stream("GET", "ext/v1/logged-models/{model_id}/zip", access=read(logged_model="model_id"))
    def get_logged_model_zip(self, caller: Caller, model_id: Text, path: str = "") -> None:
        """A folder of a model as a ZIP file, made while it is sent; without `path` all of it."""
        ...

    @route("GET", "ext/v1/logged-models/{model_id}/document", access=read(logged_model="model_id"), envelope="document")
    def read_logged_model_document(self, caller: Caller, model_id: Text, path: str = "MLmodel") -> dict[str, Any]:
        """Answer a YAML file of a model of up to 1 MiB as JSON; nothing in it is run."""
        ...

    @route("GET", "ext/v1/logged-models/{model_id}/table", access=read(logged_model="model_id"))
    def read_logged_model_table(
        self,
        caller: Caller,
        model_id: Text,
        path: Text,
        offset: int = 0,
        limit: int = 100,
        sort: str = "",
        search: str = "",
        column: str = "",
    ) -> TablePage:
        """Answer rows of a file that is a table, as of a run's file."""
        ...
