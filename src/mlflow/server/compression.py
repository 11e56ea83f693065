"""Answers that browsers get compressed. Programs get theirs as they are: they mostly run near the server, and its time
is dearer to them than bytes.
"""

from __future__ import annotations

import zlib

from mlflow.asgi.responses import Header, Scope

__all__ = ["compress", "is_compressible"]

_SMALLEST = 1024  # bytes; below that there is little to win
_LEVEL = 3
_GZIP = 16 + zlib.MAX_WBITS
_CODING: tuple[Header, ...] = ((b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding, User-Agent"))


def is_compressible(scope: Scope) -> bool:
    """Whether a browser asks, and takes gzip; every browser calls itself Mozilla (RFC 9110, section 10.1.5)."""
    headers = dict(scope["headers"])
    return b"gzip" in headers.get(b"accept-encoding", b"") and headers.get(b"user-agent", b"").startswith(b"Mozilla/")


def compress(body: bytes) -> tuple[bytes, tuple[Header, ...]]:
    """The body to send, and the headers that say how it is packed."""
    if len(body) < _SMALLEST:
        return body, ()
    packer = zlib.compressobj(_LEVEL, wbits=_GZIP)
    return packer.compress(body) + packer.flush(), _CODING
