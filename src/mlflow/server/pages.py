"""The server's own texts and documents: health, version, the API's description, the web UI."""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.resources
import mimetypes
from collections.abc import Iterable
from pathlib import Path

import msgspec

from mlflow.artifacts.paths import ArtifactPath
from mlflow.asgi.responses import Receive, Scope, Send, send_bytes, send_json
from mlflow.contract.openapi import openapi
from mlflow.contract.route import Route
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.server.context import Context
from mlflow.server.table import RawHandler
from mlflow.version import VERSION

__all__ = ["page_handlers"]

_TEXT = b"text/plain; charset=utf-8"
_HTML = b"text/html; charset=utf-8"
_CSP = (
    b"default-src 'self'; script-src 'self' 'sha256-%s'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data: blob:; media-src 'self' blob:; "
    b"object-src 'self' blob:; frame-src 'self' blob:; base-uri 'self'; frame-ancestors 'self'"
)
_YEAR = (b"cache-control", b"public, max-age=31536000, immutable")
_REVALIDATE = (b"cache-control", b"no-cache")

_NO_UI = """\
MLflow's server is running, but its web UI is not installed.

The REST API answers below /api; /docs describes it. To get the UI, install a wheel of this distribution
(pip install mlflow), or build it in a checkout: make ui
"""


def page_handlers(routes: Iterable[Route]) -> dict[str, RawHandler]:
    """The handlers of the server's own pages; `routes` are what the API's document describes."""
    declared = tuple(routes)
    return {
        "health": _health,
        "version": _version,
        "openapi_document": functools.partial(_openapi_document, declared),
        "api_reference": _api_reference,
        "index": _index,
        "static_file": _static_file,
    }


def ui_folder() -> Path:
    """Where the built web UI lies inside the distribution."""
    return Path(str(importlib.resources.files("mlflow.server"))) / "ui"


async def _health(context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    await send_bytes(send, 200, b"OK", _TEXT)


async def _version(context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    await send_bytes(send, 200, VERSION.encode(), _TEXT)


async def _openapi_document(
    routes: tuple[Route, ...], context: Context, scope: Scope, receive: Receive, send: Send
) -> None:
    await send_json(send, 200, _document(routes, context.settings.static_prefix))


@functools.cache
def _document(routes: tuple[Route, ...], prefix: str) -> bytes:
    return msgspec.json.encode(openapi(routes, VERSION, prefix))


async def _api_reference(context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    page, policy = _reference()
    await send_bytes(send, 200, page, _HTML, ((b"content-security-policy", policy), _REVALIDATE))


@functools.cache
def _reference() -> tuple[bytes, bytes]:
    """The page, and a policy that lets no other script run than its own."""
    page = (importlib.resources.files("mlflow.server") / "reference.html").read_bytes()
    policy = b"default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'sha256-%s'"
    return page, policy % _digest_of_script(page)


def _digest_of_script(page: bytes) -> bytes:
    """What a policy calls the script that stands in a page."""
    script = page.partition(b"<script>")[2].partition(b"</script>")[0]
    return base64.b64encode(hashlib.sha256(script).digest())


async def _index(context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    page = ui_folder() / "index.html"
    if not page.is_file():
        await send_bytes(send, 200, _NO_UI.encode(), _TEXT)
        return
    body = page.read_bytes().replace(b"__STATIC_PREFIX__", context.settings.static_prefix.encode())
    policy = (b"content-security-policy", _CSP % _digest_of_script(body))
    await send_bytes(send, 200, body, _HTML, (policy, _REVALIDATE))


async def _static_file(context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    accepted = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
    kind, coding, body = await context.blocking(_read_file, scope["arguments"].path, accepted)
    extra = ((b"content-encoding", coding), (b"vary", b"Accept-Encoding")) if coding else ()
    await send_bytes(send, 200, body, kind, (_YEAR, *extra))


def _read_file(path: str, accepted: bytes) -> tuple[bytes, bytes, bytes]:
    """A file's content type and bytes, or those of its best compressed twin (`.br`, `.gz`) that the client takes."""
    root = ui_folder().resolve()
    file = root.joinpath(*ArtifactPath.parse_file(path).parts).resolve()
    if not file.is_relative_to(root) or not file.is_file():
        raise ResourceDoesNotExist(f"The web UI has no file '{path}'; reload the page.")
    kind = (mimetypes.guess_type(file.name)[0] or "application/octet-stream").encode()
    for suffix, coding in ((".br", b"br"), (".gz", b"gzip")):
        twin = file.with_name(file.name + suffix)
        if coding in accepted and twin.is_file():
            return kind, coding, twin.read_bytes()
    return kind, b"", file.read_bytes()
