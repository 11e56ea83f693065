"""The bytes of artifacts: the proxy's endpoints, bundles, and single files of runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from mlflow.artifacts.bundle import CONTENT_TYPE as BUNDLE
from mlflow.artifacts.content import page_headers
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.pipeline import pump
from mlflow.artifacts.proxy import ArtifactProxy, Reply
from mlflow.asgi.bodies import chunks, read_body
from mlflow.asgi.responses import Receive, Scope, Send, begin, send_bytes, send_json
from mlflow.contract.proxy import BundleStored
from mlflow.entities.presigned_url import PresignedDownloadUrlResponse
from mlflow.exceptions import InvalidParameterValue, NotImplementedByStore
from mlflow.server.artifact_folders import send_zip
from mlflow.server.context import Context
from mlflow.server.model_files import ModelFiles
from mlflow.server.proxied_models import ProxiedModels
from mlflow.server.run_artifacts import RunFiles
from mlflow.server.run_logs import read_log
from mlflow.server.streams import send_blocks
from mlflow.server.switched_off import NO_ARTIFACTS, refuse
from mlflow.server.table import RawHandler

__all__ = ["file_handlers", "model_file_handlers", "request_headers", "send_page", "send_reply"]

_MAX_SMALL_UPLOAD = 10 << 20  # bytes a page may send without the proxy
_SIGNED_FOR = 3600  # seconds
_JSON = b"application/json"

Handler = Callable[[ArtifactProxy, Context, Scope, Receive, Send], Any]


def file_handlers(proxy: ArtifactProxy | None, runs: RunFiles) -> dict[str, RawHandler]:
    """The handlers by the name they answer; without a proxy its endpoints say that they are switched off."""
    proxied: dict[str, Handler] = {
        "upload_proxied": _upload,
        "delete_proxied": _delete,
        "create_multipart": _no_multipart,
        "complete_multipart": _no_multipart,
        "abort_multipart": _no_multipart,
        "presign_proxied": _presign,
        "upload_part": _upload_part,
        "upload_bundle": _upload_bundle,
        "download_bundle": _download_bundle,
    }
    handlers: dict[str, RawHandler] = {
        name: partial(handler, proxy) if proxy else refuse(NO_ARTIFACTS) for name, handler in proxied.items()
    }
    models = ProxiedModels(proxy, runs) if proxy else None
    handlers |= {
        "list_proxied": partial(_list, models) if models else refuse(NO_ARTIFACTS),
        "download_proxied": partial(_download, models) if models else refuse(NO_ARTIFACTS),
    }
    return handlers | {
        "get_artifact": partial(_get_artifact, runs),
        "get_artifact_page": partial(_get_artifact_page, runs),
        "get_artifact_zip": partial(_get_artifact_zip, runs),
        "get_log": partial(_get_log, runs),
        "upload_artifact": partial(_upload_artifact, runs),
    }


async def _list(models: ProxiedModels, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    files = await context.blocking(models.list, scope["arguments"].path, request_headers(scope))
    await send_json(send, 200, msgspec.json.encode({"files": files} if files else {}))


async def _download(models: ProxiedModels, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    reply = await context.blocking(
        models.read, scope["arguments"].artifact_path, request_headers(scope), scope["method"]
    )
    await send_reply(context, reply, scope, receive, send)


async def _upload(proxy: ArtifactProxy, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    writer = await context.blocking(proxy.writer, scope["arguments"].artifact_path, request_headers(scope))
    await pump(chunks(receive), writer)
    await send_bytes(send, 200, b"", _JSON)


async def _delete(proxy: ArtifactProxy, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    await context.blocking(proxy.delete, scope["arguments"].artifact_path)
    await send_json(send, 200, b"{}")


async def _no_multipart(proxy: ArtifactProxy, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    raise NotImplementedByStore(
        "Multipart upload in this dialect needs a store that hands out signed part URLs; send the file by one PUT, or "
        "in parts to /api/ext/v1/artifacts/uploads."
    )


async def _presign(proxy: ArtifactProxy, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    signed = await context.blocking(_signed, proxy, scope["arguments"].artifact_path)
    await send_json(send, 200, msgspec.json.encode(signed))


def _signed(proxy: ArtifactProxy, path: str) -> PresignedDownloadUrlResponse:
    target = ArtifactPath.parse_file(path)
    size = proxy.store.stat(target).size
    return PresignedDownloadUrlResponse(proxy.store.presign(target, "GET", _SIGNED_FOR), {}, size)


async def _upload_part(proxy: ArtifactProxy, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    arguments = scope["arguments"]
    writer = await context.blocking(proxy.part_writer, arguments.upload_id, arguments.number, request_headers(scope))
    part = await pump(chunks(receive), writer)
    await send_json(send, 200, msgspec.json.encode(part))


async def _upload_bundle(proxy: ArtifactProxy, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    writer = await context.blocking(proxy.bundle_writer, scope["arguments"].artifact_path)
    stored = await pump(chunks(receive), writer)
    await send_json(send, 200, msgspec.json.encode(BundleStored(stored)))


async def _download_bundle(proxy: ArtifactProxy, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    blocks = await context.blocking(proxy.bundle, scope["arguments"].artifact_path)
    await begin(scope, send, 200, [(b"content-type", BUNDLE.encode()), (b"content-disposition", b"attachment")])
    await send_blocks(context, blocks, receive, send)


async def _get_artifact(runs: RunFiles, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    arguments = scope["arguments"]
    reply = await context.blocking(runs.read, arguments.run_id, arguments.path, request_headers(scope), scope["method"])
    await send_reply(context, reply, scope, receive, send)


async def _get_artifact_page(runs: RunFiles, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    arguments = scope["arguments"]
    reply = await context.blocking(runs.read, arguments.run_id, arguments.path, request_headers(scope), scope["method"])
    await send_page(context, reply, scope, receive, send)


async def _get_artifact_zip(runs: RunFiles, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    arguments = scope["arguments"]
    folders = await context.blocking(runs.folders, arguments.run_id, arguments.path)
    await send_zip(context, folders, arguments.path or arguments.run_id, scope, receive, send)


async def _get_log(runs: RunFiles, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    run_id, lines = scope["arguments"].run_id, scope["arguments"].lines
    reply = await context.blocking(read_log, runs, run_id, lines, request_headers(scope), scope["method"])
    await send_reply(context, reply, scope, receive, send)


def model_file_handlers(files: ModelFiles) -> dict[str, RawHandler]:
    """The handlers of the files of model versions, by the name they answer."""
    return {
        "get_model_artifact": partial(_get_model_artifact, files),
        "get_model_artifact_page": partial(_get_model_page, files),
        "get_model_artifact_zip": partial(_get_model_zip, files),
    }


async def _get_model_artifact(files: ModelFiles, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    await send_reply(context, await _model_reply(files, context, scope), scope, receive, send)


async def _get_model_page(files: ModelFiles, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    await send_page(context, await _model_reply(files, context, scope), scope, receive, send)


async def _model_reply(files: ModelFiles, context: Context, scope: Scope) -> Reply:
    name, version, path = scope["arguments"].name, scope["arguments"].version, scope["arguments"].path
    return await context.blocking(files.read, name, version, path, request_headers(scope), scope["method"])


async def _get_model_zip(files: ModelFiles, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    arguments = scope["arguments"]
    folders = await context.blocking(files.folders, arguments.name, arguments.version, arguments.path)
    name = arguments.path or f"{arguments.name}-{arguments.version}"
    await send_zip(context, folders, name, scope, receive, send)


async def _upload_artifact(runs: RunFiles, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    arguments = scope["arguments"]
    body = await read_body(receive, _MAX_SMALL_UPLOAD)
    if not body:
        raise InvalidParameterValue(f"The request for '{arguments.path}' has no body; send the file's bytes.")
    await context.blocking(runs.write, arguments.run_uuid, arguments.path, body)
    await send_bytes(send, 200, b"", _JSON)


async def send_reply(context: Context, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
    """Send what an artifact store answers."""
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
    await begin(scope, send, reply.status, headers)
    if reply.body is None:
        await send({"type": "http.response.body", "body": b""})
        return
    try:
        await send_blocks(context, iter(reply.body), receive, send)
    finally:
        reply.body.close()


async def send_page(context: Context, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
    """Send an HTML file for a frame."""
    reply.headers.pop("Content-Disposition", None)
    reply.headers.update(page_headers())
    await send_reply(context, reply, scope, receive, send)


def request_headers(scope: Scope) -> dict[str, str]:
    """A request's headers by name, in small letters."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
