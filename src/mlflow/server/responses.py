"""Answers as ASGI messages: the hot path needs no response object."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

from mlflow.exceptions import MlflowException

__all__ = ["Message", "Receive", "Scope", "Send", "read_body", "send_bytes", "send_failure", "send_json"]

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_JSON = b"application/json"


class BodyTooLarge(MlflowException):
    """A request's body is larger than the server takes."""

    def get_http_status_code(self) -> int:
        """413: the body is too large."""
        return 413


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


async def read_body(receive: Receive, limit: int) -> bytes:
    """The whole body of a request.

    Raises:
        BodyTooLarge: it has more than `limit` bytes.
        ClientGone: the connection closed first.
    """
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return _within(body, limit)
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise _too_large(size, limit)
    return b"".join(parts)


async def send_json(send: Send, status: int, body: bytes) -> None:
    """Answer with a JSON body."""
    await send_bytes(send, status, body, _JSON)


async def send_bytes(
    send: Send, status: int, body: bytes, content_type: bytes, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    """Answer with a body of any type."""
    length = (b"content-length", str(len(body)).encode())
    start = [(b"content-type", content_type), length, *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


async def send_failure(send: Send, failure: MlflowException) -> None:
    """Answer with a failure: its status, and its JSON form."""
    await send_json(send, failure.get_http_status_code(), msgspec.json.encode(failure.to_wire()))


def _within(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise _too_large(len(body), limit)
    return body


def _too_large(size: int, limit: int) -> BodyTooLarge:
    return BodyTooLarge(
        f"The request's body has over {size} bytes; this endpoint takes {limit}. Send less in one request.",
        "INVALID_PARAMETER_VALUE",
    )
