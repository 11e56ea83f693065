"""The files of model versions: what a server exposes."""

from __future__ import annotations

from typing import Any, Protocol

from mlflow.contract.access import read
from mlflow.contract.artifacts import FolderListing, TablePage
from mlflow.contract.caller import Caller
from mlflow.contract.route import Text, route, stream

__all__ = ["ModelArtifacts"]


class ModelArtifacts(Protocol):
    """Listing and reading the files of a version, where this server can reach them."""

    @stream("GET", "/model-versions/get-artifact", access=read(registered_model="name"))
    def get_model_artifact(self, caller: Caller, name: Text, version: Text, path: Text) -> None:
        """The bytes of a version's file, as an attachment; byte ranges are honoured."""
        ...

    @route("GET", "ext/v1/registry/artifacts", access=read(registered_model="name"))
    def list_model_artifacts(self, caller: Caller, name: Text, version: Text, path: str = "") -> FolderListing:
        """Answer the files and folders directly below a path of a version's folder, with the times of files."""
        ...

    @route("GET", "ext/v1/registry/document", access=read(registered_model="name"), envelope="document")
    def read_model_document(self, caller: Caller, name: Text, version: Text, path: str = "MLmodel") -> dict[str, Any]:
        """Answer a YAML file of a version of up to 1 MiB as JSON; nothing in it is run."""
        ...

    @stream("GET", "ext/v1/registry/page", access=read(registered_model="name"))
    def get_model_artifact_page(self, caller: Caller, name: Text, version: Text, path: Text) -> None:
        """An HTML file for a frame: its scripts run in an origin of its own, without network."""
        ...

    @stream("GET", "ext/v1/registry/zip", access=read(registered_model="name"))
    def get_model_artifact_zip(self, caller: Caller, name: Text, version: Text, path: str = "") -> None:
        """A folder of a version as a ZIP file, made while it is sent; without `path` all of it."""
        ...

    @route("GET", "ext/v1/registry/table", access=read(registered_model="name"))
    def read_model_table(
        self,
        caller: Caller,
        name: Text,
        version: Text,
        path: Text,
        offset: int = 0,
        limit: int = 100,
        sort: str = "",
        search: str = "",
        column: str = "",
    ) -> TablePage:
        """Answer rows of a file that is a table, as of a run's file."""
        ...
