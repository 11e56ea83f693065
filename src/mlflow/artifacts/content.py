"""What a browser is told of an artifact: its type, and never to run it in this server's origin."""

from __future__ import annotations

import mimetypes
import re
from pathlib import PurePosixPath
from urllib.parse import quote

__all__ = ["content_disposition", "content_type", "page_headers", "safety_headers"]

_TEXT_SUFFIXES = frozenset(
    f".{suffix}"
    for suffix in (
        *("cfg", "conf", "csv", "diff", "err", "geojson", "ini", "ipynb", "js", "json", "jsonl", "log", "markdown"),
        *("md", "out", "patch", "py", "r", "rst", "sh", "sql", "text", "toml", "tsv", "txt", "xml", "yaml", "yml"),
    )
)
_TEXT_NAMES = frozenset(["mlmodel", "mlproject", "license", "readme", "dockerfile", "makefile"])
_TYPES = mimetypes.MimeTypes()
_INLINE = ("image/", "audio/", "video/")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$&+.^_`|~\-]+")


def content_type(name: str) -> str:
    """The media type of a file name; readable formats are text/plain, unknown ones application/octet-stream."""
    if PurePosixPath(name).suffix.lower() in _TEXT_SUFFIXES or name.lower() in _TEXT_NAMES:
        return "text/plain"
    return _TYPES.guess_type(name)[0] or "application/octet-stream"


def content_disposition(name: str) -> str:
    """How to save a file; images, audio, video and PDF may be shown in place, other types are downloads."""
    type_ = content_type(name)
    inline = type_ == "application/pdf" or (type_.startswith(_INLINE) and type_ != "image/svg+xml")
    kind = "inline" if inline else "attachment"
    if _PLAIN_NAME.fullmatch(name):
        return f"{kind}; filename={name}"
    ascii_name = re.sub(r"[^ !#-\[\]-~]", "_", name)
    if ascii_name == name:
        return f'{kind}; filename="{name}"'
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def safety_headers() -> dict[str, str]:
    """The headers that keep an artifact, whatever it says it is, from acting as a page of this server."""
    return {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; "
        "style-src 'unsafe-inline'",
    }


def page_headers() -> dict[str, str]:
    """The headers of an HTML artifact that is shown in a frame of this server.

    Its scripts run in an origin of their own, so they see nothing of the server's page, its cookies or its API; and
    they reach no network, so what they read of the file stays in it.
    """
    return {
        "Content-Type": "text/html; charset=utf-8",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; "
        "img-src data: blob:; media-src data: blob:; font-src data:; script-src 'unsafe-inline' 'unsafe-eval' blob:; "
        "worker-src blob:; frame-ancestors 'self'",
    }
