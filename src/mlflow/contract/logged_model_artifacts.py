"""The artifacts of logged models: what the server exposes and a client calls, whatever holds the files."""

from __future__ import annotations

from typing import Protocol

from mlflow.contract.access import edit, read
from mlflow.contract.artifacts import ArtifactListing
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
