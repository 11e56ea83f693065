"""The artifacts of logged models: behind this server's proxy, or in a store that it can reach."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.pipeline import pump
from mlflow.artifacts.proxy import ArtifactProxy, Reply
from mlflow.artifacts.zipped import Folder
from mlflow.asgi.bodies import chunks
from mlflow.asgi.responses import Receive, Scope, Send, send_json
from mlflow.contract.artifacts import ArtifactListing, FolderListing, TablePage
from mlflow.contract.caller import EVERYONE, Caller
from mlflow.contract.store import TrackingStore
from mlflow.server.artifact_documents import read_yaml
from mlflow.server.artifact_folders import entries_below, folder_of, send_zip, without_times
from mlflow.server.artifact_rows import Wanted
from mlflow.server.artifact_tables import read_rows
from mlflow.server.context import Context
from mlflow.server.files import request_headers, send_page, send_reply
from mlflow.server.run_artifacts import RunFiles
from mlflow.server.table import RawHandler

__all__ = ["LoggedModelFiles", "ServedLoggedModelArtifacts", "logged_model_file_handlers"]


class LoggedModelFiles:
    """Finds the store of a logged model's artifacts.

    Args:
        store: where models are looked up.
        runs: opens what this server may open.
    """

    def __init__(self, store: TrackingStore, runs: RunFiles) -> None:
        self._store = store
        self._runs = runs

    def root(self, model_id: str) -> str:
        """A model's artifact URI."""
        return self._store.logged_models.get_logged_model(EVERYONE, model_id).artifact_location

    def place(self, model_id: str) -> tuple[ArtifactProxy, ArtifactPath]:
        """The files that hold a model's artifacts, and where in them its root is."""
        return self._runs.place_of(f"logged model '{model_id}'", self.root(model_id))

    def read(self, model_id: str, path: str, headers: Mapping[str, str], method: str) -> Reply:
        """A model's file, or the part of it that the request's headers ask for."""
        files, root = self.place(model_id)
        return files.read(str(root / ArtifactPath.parse_file(path)), headers, method)

    def find(self, model_id: str, path: str) -> tuple[ArtifactProxy, ArtifactPath]:
        """Where a file of a model is."""
        files, root = self.place(model_id)
        return files, root / ArtifactPath.parse_file(path)

    def folders(self, model_id: str, path: str) -> list[Folder]:
        """What a folder of a model is made of."""
        files, root = self.place(model_id)
        return [folder_of(files, root / ArtifactPath.parse(path))]


class ServedLoggedModelArtifacts:
    """What a server answers about logged models' artifacts."""

    def __init__(self, files: LoggedModelFiles) -> None:
        self._files = files

    def list_logged_model_artifacts(
        self, caller: Caller, model_id: str, artifact_directory_path: str = "", page_token: str = ""
    ) -> ArtifactListing:
        """See the contract."""
        return without_times(self.list_logged_model_files(caller, model_id, artifact_directory_path))

    def list_logged_model_files(self, caller: Caller, model_id: str, path: str = "") -> FolderListing:
        """See the contract."""
        files, root = self._files.place(model_id)
        return FolderListing(self._files.root(model_id), entries_below(files, root, ArtifactPath.parse(path)))

    def read_logged_model_document(self, caller: Caller, model_id: str, path: str = "MLmodel") -> dict[str, Any]:
        """See the contract."""
        files, found = self._files.find(model_id, path)
        return read_yaml(files.store, found)

    def read_logged_model_table(
        self,
        caller: Caller,
        model_id: str,
        path: str,
        offset: int = 0,
        limit: int = 100,
        sort: str = "",
        search: str = "",
        column: str = "",
    ) -> TablePage:
        """See the contract."""
        wanted = Wanted(offset, limit, sort, search, column)
        files, found = self._files.find(model_id, path)
        return read_rows(files.store, found, wanted)


def logged_model_file_handlers(models: LoggedModelFiles) -> dict[str, RawHandler]:
    """The handlers by the name they answer."""
    return {
        "get_logged_model_artifact": partial(_get, models),
        "get_logged_model_page": partial(_get_page, models),
        "get_logged_model_zip": partial(_get_zip, models),
        "upload_logged_model_artifact": partial(_upload, models),
    }


async def _get(models: LoggedModelFiles, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    arguments = scope["arguments"]
    reply = await context.blocking(
        models.read, arguments.model_id, arguments.artifact_file_path, request_headers(scope), scope["method"]
    )
    await send_reply(context, reply, scope, receive, send)


async def _get_page(models: LoggedModelFiles, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    arguments = scope["arguments"]
    reply = await context.blocking(
        models.read, arguments.model_id, arguments.path, request_headers(scope), scope["method"]
    )
    await send_page(context, reply, scope, receive, send)


async def _get_zip(models: LoggedModelFiles, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    arguments = scope["arguments"]
    folders = await context.blocking(models.folders, arguments.model_id, arguments.path)
    await send_zip(context, folders, arguments.path or arguments.model_id, scope, receive, send)


async def _upload(models: LoggedModelFiles, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    arguments = scope["arguments"]
    files, root = await context.blocking(models.place, arguments.model_id)
    path = str(root / ArtifactPath.parse_file(arguments.path))
    writer = await context.blocking(files.writer, path, request_headers(scope))
    await pump(chunks(receive), writer)
    await send_json(send, 200, b"{}")
