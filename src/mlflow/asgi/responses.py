"""Answers as ASGI messages: the hot path needs no response object."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import msgspec

from mlflow.asgi.router import WrongMethod
from mlflow.exceptions import MlflowException

__all__ = [
    "Header",
    "Message",
    "Receive",
    "Scope",
    "Send",
    "begin",
    "encode_failure",
    "has_begun",
    "send_bytes",
    "send_failure",
    "send_json",
]

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

_JSON = b"application/json"


async def send_json(send: Send, status: int, body: bytes, headers: tuple[Header, ...] = ()) -> None:
    """Answer with a JSON body."""
    await send_bytes(send, status, body, _JSON, headers)


async def send_bytes(
    send: Send, status: int, body: bytes, content_type: bytes, headers: tuple[Header, ...] = ()
) -> None:
    """Answer with a body of any type."""
    length = (b"content-length", b"%d" % len(body))
    start = [(b"content-type", content_type), length, *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


async def send_failure(send: Send, failure: MlflowException, headers: tuple[Header, ...] = ()) -> None:
    """Answer with a failure: its status, and its JSON form."""
    if isinstance(failure, WrongMethod):
        headers = (*headers, (b"allow", ", ".join(failure.allowed).encode()))
    await send_json(send, failure.get_http_status_code(), encode_failure(failure), headers)


async def begin(scope: Scope, send: Send, status: int, headers: Iterable[Header]) -> None:
    """Send the head of an answer whose body follows bit by bit; a failure after this can only break it off."""
    scope["begun"] = True
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})


def has_begun(scope: Scope) -> bool:
    """Whether the head of a streamed answer is out."""
    return "begun" in scope


def encode_failure(failure: MlflowException) -> bytes:
    """The JSON form of a failure."""
    members = failure.to_wire()
    try:
        return msgspec.json.encode(members)
    except UnicodeEncodeError:  # the message quotes a lone surrogate
        shown = {name: str(value).encode("utf-8", "backslashreplace").decode() for name, value in members.items()}
        return msgspec.json.encode(shown)
