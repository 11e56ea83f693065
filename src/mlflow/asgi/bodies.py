"""Bodies of requests, whole or bit by bit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from mlflow.asgi.responses import Receive
from mlflow.exceptions import MlflowException

__all__ = ["BodyTooLarge", "ClientGone", "check_length", "chunks", "gone", "read_body"]


class BodyTooLarge(MlflowException):
    """A request's body is larger than the server takes."""

    def get_http_status_code(self) -> int:
        """413: the body is too large."""
        return 413


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


def check_length(header: bytes | None, limit: int) -> None:
    """Refuse a body by the Content-Length that it is announced with, before any of it is read.

    Raises:
        BodyTooLarge: it has more than `limit` bytes.
    """
    if header is not None:
        _check_size(int(header), limit)  # digits, as the HTTP parser has seen to


async def read_body(
    receive: Receive, limit: int, light: int | None = None, grow: Callable[[], Awaitable[None]] | None = None
) -> bytes:
    """The whole body of a request.

    Args:
        receive: what came in.
        limit: bytes that it may have.
        light: bytes that it may have before `grow` is waited for.
        grow: makes room for as many bytes as there may be.

    Raises:
        BodyTooLarge: it has more than `limit` bytes.
        ClientGone: the connection closed first.
    """
    message = await receive()
    if not message.get("more_body") and message["type"] == "http.request":
        body: bytes = message.get("body", b"")
        _check_size(len(body), limit)
        return body
    parts, size = [message.get("body", b"")], len(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        _check_size(size, limit)
        if grow is not None and size > (light or 0):
            await grow()
            grow = None
    if message["type"] != "http.request":
        raise ClientGone
    return b"".join(parts)


async def chunks(receive: Receive) -> AsyncIterator[bytes]:
    """The body of a request as it comes in.

    Raises:
        ClientGone: the connection closed before its end.
    """
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        more = message.get("more_body", False)
        if message.get("body"):
            yield message["body"]


async def gone(receive: Receive) -> None:
    """Return when the client has closed the connection; to be used after the request's body."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise BodyTooLarge(
            f"The request's body has over {limit} bytes, the most this endpoint takes. Send less in one request.",
            "INVALID_PARAMETER_VALUE",
        )
