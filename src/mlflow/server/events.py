"""Live events: one reader of the change log a process, and any number of listeners.

The `id` of an event is its sequence number, so a browser that reconnects says where it stopped (Last-Event-ID) and
misses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from mlflow.asgi.bodies import gone
from mlflow.asgi.responses import Receive, Scope, Send, begin
from mlflow.contract.caller import EVERYONE, Caller
from mlflow.contract.changes import ChangePage
from mlflow.exceptions import InvalidParameterValue, MlflowException, RequestLimitExceeded
from mlflow.server.context import Context
from mlflow.server.event_text import EventText

__all__ = ["EventHub"]

_log = logging.getLogger(__name__)
_EVERY = 0.1  # seconds between looks at the log while somebody listens; an event is seen within 300 ms
_AFTER_FAILURE = 2.0  # seconds
_AT_ONCE = 5000  # changes read at a time
_MOST_MISSED = 4  # such pages, for one who comes back
_HEARTBEAT = 15.0  # seconds; proxies close connections that are silent for longer
_FAREWELL = 1.0  # seconds
_MAX_LISTENERS = 1000
_BACKLOG = 100  # pages a slow listener may lag behind before it is told to read anew

_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
]

Pages = asyncio.Queue[tuple[int, ChangePage]]  # with the position each was read from


class EventHub:
    """Reads the change log while there are listeners, and gives each what it asked for.

    Args:
        most: how many listeners at most.
    """

    def __init__(self, most: int = _MAX_LISTENERS) -> None:
        self._most = most
        self._listeners: set[Pages] = set()
        self._streams: set[asyncio.Task[None]] = set()
        self._reader: asyncio.Task[None] | None = None
        self._closed = asyncio.Event()

    async def handle(self, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one listener until it leaves or the server stops."""
        topics, since = _wanted(scope)
        if self._closed.is_set() or len(self._listeners) >= self._most:
            raise RequestLimitExceeded(f"{self._most} listeners are connected already; poll /changes instead.")
        pages: Pages = asyncio.Queue(_BACKLOG)
        self._listeners.add(pages)  # before the first look, so that nothing falls between it and the reader's next
        try:
            missed = await _missed(context, scope["caller"], topics, since)
            self._start_reading(context, missed[-1].next)
            await begin(scope, send, 200, _HEADERS)
            texts = _texts(missed, pages, EventText(scope["caller"], topics))
            await self._until_gone(asyncio.ensure_future(_stream(texts, send)), receive)
        finally:
            self._listeners.discard(pages)
        if self._closed.is_set():
            with contextlib.suppress(TimeoutError):  # who does not read cannot keep the server from stopping
                async with asyncio.timeout(_FAREWELL):
                    await send({"type": "http.response.body", "body": b""})

    async def close(self) -> None:
        """End every stream, so that the server can stop."""
        self._closed.set()
        for task in [*self._streams, *([self._reader] if self._reader else [])]:
            task.cancel()

    async def _until_gone(self, stream: asyncio.Task[None], receive: Receive) -> None:
        leaving = asyncio.ensure_future(gone(receive))
        self._streams.add(stream)
        try:
            await asyncio.wait({stream, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._streams.discard(stream)
            for task in (stream, leaving):
                task.cancel()
            await asyncio.wait({stream, leaving})
        if not stream.cancelled():
            stream.result()

    def _start_reading(self, context: Context, position: int) -> None:
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read(context, position))

    async def _read(self, context: Context, position: int) -> None:
        """Follow the log from a position on, until nobody listens."""
        while self._listeners:
            try:
                page = await context.blocking(context.store.changes.get_changes, EVERYONE, [], position, _AT_ONCE)
            except MlflowException as failure:
                _log.warning("The change log cannot be read: %s", failure)
                await asyncio.sleep(_AFTER_FAILURE)
                continue
            if page.changes or page.reset:
                self._publish(position, page)
            position = page.next
            await asyncio.sleep(_EVERY)

    def _publish(self, since: int, page: ChangePage) -> None:
        for pages in self._listeners:
            if pages.full():
                while not pages.empty():
                    pages.get_nowait()
                pages.put_nowait((since, ChangePage([], page.next, reset=True)))
            else:
                pages.put_nowait((since, page))


async def _missed(context: Context, caller: Caller, topics: list[str], since: int | None) -> list[ChangePage]:
    """All changes after a position, up to now; who was away for too many is told to read anew."""
    found: list[ChangePage] = []
    for _ in range(_MOST_MISSED):
        page = await context.blocking(context.store.changes.get_changes, caller, topics, since, _AT_ONCE)
        found.append(page)
        if not page.changes:
            return found
        since = page.next
    now = await context.blocking(context.store.changes.get_changes, caller, topics)
    return [ChangePage([], now.next, reset=True)]


async def _texts(missed: list[ChangePage], pages: Pages, text: EventText) -> AsyncIterator[bytes]:
    yield text.first(missed)
    while True:
        try:
            async with asyncio.timeout(_HEARTBEAT):
                since, page = await pages.get()
        except TimeoutError:
            yield b": still here\n\n"
            continue
        news = text.later(page, since)
        if news:
            yield news


async def _stream(texts: AsyncIterator[bytes], send: Send) -> None:
    async for text in texts:
        await send({"type": "http.response.body", "body": text, "more_body": True})


def _wanted(scope: Scope) -> tuple[list[str], int | None]:
    arguments = scope["arguments"]
    topics = [topic for text in arguments.topics for topic in text.split(",") if topic]
    if not topics:
        raise InvalidParameterValue("Missing value for required parameter 'topics'; send exp:<id> or run:<id>.")
    last = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
    if last and not (last.isascii() and last.isdigit() and len(last) < 19):
        raise InvalidParameterValue(f"Invalid value '{last}' for header 'Last-Event-ID'; send an event's id.")
    return topics, int(last) if last else arguments.since
