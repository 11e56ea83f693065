"""Folders of artifacts, sent as ZIP files."""

from __future__ import annotations

from collections.abc import Sequence

from mlflow.artifacts.content import content_disposition, safety_headers
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.proxy import ArtifactProxy
from mlflow.artifacts.store import Entry
from mlflow.artifacts.zipped import Folder, zipped
from mlflow.asgi.responses import Receive, Scope, Send, begin
from mlflow.contract.artifacts import ArtifactListing, FileEntry, FolderListing
from mlflow.entities.file_info import FileInfo
from mlflow.exceptions import InvalidParameterValue
from mlflow.server.context import Context
from mlflow.server.streams import send_blocks

__all__ = ["entries_below", "folder_of", "send_zip", "without_times"]


def folder_of(files: ArtifactProxy, path: ArtifactPath) -> Folder:
    """The folder at a path, as the top of an archive.

    Raises:
        ResourceDoesNotExist: there is nothing.
        InvalidParameterValue: it is a file.
    """
    if path.parts and not files.store.stat(path).is_dir:
        raise InvalidParameterValue(f"'{path}' is a file, not a folder; download it by itself.")
    return files.store, path, ""


def entries_below(files: ArtifactProxy, root: ArtifactPath, path: ArtifactPath) -> list[FileEntry]:
    """The entries of a folder, with paths from the root."""
    depth = len(str(root)) + 1 if root.parts else 0
    return [_below(entry, depth) for entry in files.store.entries(root / path)]


def _below(entry: Entry, depth: int) -> FileEntry:
    info, modified = entry.info, entry.modified
    changed = None if modified is None else round(modified * 1000)
    return FileEntry(info.path[depth:], info.is_dir, info.file_size, changed)


def without_times(listing: FolderListing) -> ArtifactListing:
    """The same as MLflow's API answers it."""
    files = [FileInfo(entry.path, entry.is_dir, entry.file_size) for entry in listing.files]
    return ArtifactListing(listing.root_uri, files)


async def send_zip(
    context: Context, folders: Sequence[Folder], name: str, scope: Scope, receive: Receive, send: Send
) -> None:
    """Send what is in folders; the file is named by the last part of `name`."""
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": content_disposition(f"{name.rstrip('/').rpartition('/')[2]}.zip"),
        "Cache-Control": "no-store",
    } | safety_headers()
    await begin(scope, send, 200, [(key.lower().encode(), value.encode("latin-1")) for key, value in headers.items()])
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    await send_blocks(context, zipped(folders), receive, send)
