"""HTTP/1.1 from sockets: uvicorn's, with limits on how large and how slow a request's head may be.

The parser under it keeps whatever headers come, for as long as they come. It also writes the head and the body of an
answer one by one, which makes two packets and two system calls of what fits in one.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["LimitedProtocol"]

_MAX_HEAD = 64 << 10  # bytes
_HEAD_SECONDS = 30.0
_MOST_IGNORED = 1 << 20  # bytes, and seconds, of what a refused request goes on with
_SECONDS_IGNORED = 2.0
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 51\r\nconnection: close\r\n\r\n"
    b"The request's head has over 65536 bytes; send less."
)


class LimitedProtocol(HttpToolsProtocol):
    """A connection whose requests must begin within 64 KiB and 30 s."""

    _head = 0  # bytes of a head that is not complete
    _since: float | None = None  # when the head began; None between head and end of a request
    _timer: asyncio.TimerHandle | None = None
    _ignored: int | None = None  # bytes since the request was refused; None before

    def connection_made(self, transport: Any) -> None:
        """Take a new connection."""
        super().connection_made(_Joining(transport, self.loop))  # type: ignore[arg-type]  # it acts as a transport
        self._since = self.loop.time()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a closed connection."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came in."""
        if self._ignored is not None:
            self._ignored += len(data)
            if self._ignored > _MOST_IGNORED:
                self.transport.close()
            return
        super().data_received(data)
        if self._since is not None:
            self._head += len(data)
            if self._head > _MAX_HEAD and not self.transport.is_closing():
                self._refuse()

    def on_message_begin(self) -> None:
        """Note that a request begins."""
        self._since, self._head = self.loop.time(), 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Note that its head is complete."""
        self._since = None
        super().on_headers_complete()

    def _refuse(self) -> None:
        """Answer, and read on for a while: what nobody has read when a connection closes takes the answer with it."""
        self._ignored = 0
        self.transport.write(_TOO_LARGE)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(_SECONDS_IGNORED, self.transport.close)

    def _watch(self) -> None:
        if self._since is not None and self.loop.time() - self._since >= _HEAD_SECONDS:
            self.transport.close()
        else:
            self._timer = self.loop.call_later(_HEAD_SECONDS, self._watch)


class _Joining:
    """A transport that holds the head of an answer until its body follows, or the loop's next turn."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: bytes | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if self._held is not None:
            held, self._held = self._held, None
            self._transport.writelines([held, data])
        elif data[:7] == b"HTTP/1.":
            self._held = data
            self._loop.call_soon(self._flush)
        else:
            self._transport.write(data)

    def write_eof(self) -> None:
        self._flush()
        self._transport.write_eof()

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._held is not None:
            held, self._held = self._held, None
            self._transport.write(held)
