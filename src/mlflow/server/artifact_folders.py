"""Folders of artifacts, sent as ZIP files."""

from __future__ import annotations

from collections.abc import Sequence

from mlflow.artifacts.content import content_disposition, safety_headers
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.proxy import ArtifactProxy
from mlflow.artifacts.zipped import Folder, zipped
from mlflow.asgi.responses import Receive, Scope, Send, begin
from mlflow.exceptions import InvalidParameterValue
from mlflow.server.context import Context
from mlflow.server.streams import send_blocks

__all__ = ["folder_of", "send_zip"]


def folder_of(files: ArtifactProxy, path: ArtifactPath) -> Folder:
    """The folder at a path, as the top of an archive.

    Raises:
        ResourceDoesNotExist: there is nothing.
        InvalidParameterValue: it is a file.
    """
    if path.parts and not files.store.stat(path).is_dir:
        raise InvalidParameterValue(f"'{path}' is a file, not a folder; download it by itself.")
    return files.store, path, ""


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
