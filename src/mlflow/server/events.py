"""Live events: one reader of the change log a process, and any number of listeners.

Server-sent events as in the HTML standard, section 9.2: `id` is the sequence number, so a browser that reconnects says
where it stopped (Last-Event-ID) and misses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import msgspec

from mlflow.contract.caller import EVERYONE, Caller
from mlflow.contract.changes import Change, ChangePage
from mlflow.exceptions import InvalidParameterValue, MlflowException, RequestLimitExceeded
from mlflow.server.context import Context
from mlflow.server.responses import Receive, Scope, Send, begin
from mlflow.server.streams import gone

__all__ = ["EventHub"]

_log = logging.getLogger(__name__)
_EVERY = 0.1  # seconds between looks at the log while somebody listens; an event is seen within 300 ms
_AFTER_FAILURE = 2.0  # seconds
_AT_ONCE = 5000  # changes read at a time
_HEARTBEAT = 15.0  # seconds; proxies close connections that are silent for longer
_FAREWELL = 1.0  # seconds
_MAX_LISTENERS = 1000
_BACKLOG = 100  # pages a slow listener may lag behind before it is told to read anew

_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
]


class EventHub:
    """Reads the change log while there are listeners, and gives each what it asked for.

    Args:
        most: how many listeners at most.
    """

    def __init__(self, most: int = _MAX_LISTENERS) -> None:
        self._most = most
        self._listeners: set[asyncio.Queue[ChangePage]] = set()
        self._streams: set[asyncio.Task[None]] = set()
        self._reader: asyncio.Task[None] | None = None
        self._closed = asyncio.Event()

    async def handle(self, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one listener until it leaves or the server stops."""
        topics, since = _wanted(scope)
        if self._closed.is_set() or len(self._listeners) >= self._most:
            raise RequestLimitExceeded(f"{self._most} listeners are connected already; poll /changes instead.")
        pages: asyncio.Queue[ChangePage] = asyncio.Queue(_BACKLOG)
        self._listeners.add(pages)  # before the first look, so that nothing falls between it and the reader's next
        try:
            first = await context.blocking(context.store.changes.get_changes, scope["caller"], topics, since)
            self._start_reading(context, first.next)
            await begin(scope, send, 200, _HEADERS)
            events = _events(first, pages, scope["caller"], topics)
            await self._until_gone(asyncio.ensure_future(_stream(events, send)), receive)
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
            position = page.next
            if page.changes or page.reset:
                self._publish(page)
            await asyncio.sleep(_EVERY)

    def _publish(self, page: ChangePage) -> None:
        for pages in self._listeners:
            if pages.full():
                while not pages.empty():
                    pages.get_nowait()
                pages.put_nowait(ChangePage([], page.next, reset=True))
            else:
                pages.put_nowait(page)


async def _events(
    first: ChangePage, pages: asyncio.Queue[ChangePage], caller: Caller, topics: list[str]
) -> AsyncIterator[bytes]:
    """The text of a stream; what the first look already showed is left out of what the reader brings."""
    yield b"retry: 2000\n\n" + _encode(first, caller, topics, -1)
    seen = first.next
    while True:
        try:
            async with asyncio.timeout(_HEARTBEAT):
                page = await pages.get()
        except TimeoutError:
            yield b": still here\n\n"
            continue
        text = _encode(page, caller, topics, seen)
        # a reset goes back where the database was put back to an earlier state
        seen = page.next if page.reset else max(seen, page.next)
        if text:
            yield text


async def _stream(events: AsyncIterator[bytes], send: Send) -> None:
    async for text in events:
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


def _encode(page: ChangePage, caller: Caller, topics: list[str], seen: int) -> bytes:
    """The changes that the listener asked for, may read, and has not seen."""
    reset = b"id: %d\nevent: reset\ndata: {}\n\n" % page.next if page.reset else b""
    fresh = (change for change in page.changes if page.reset or change.seq > seen)
    return reset + b"".join(_event(change) for change in fresh if _concerns(change, topics, caller))


def _concerns(change: Change, topics: list[str], caller: Caller) -> bool:
    wanted = f"exp:{change.experiment_id}" in topics or f"run:{change.run_id}" in topics
    return wanted and (caller.unrestricted or caller.permission("experiment", change.experiment_id) > 0)


def _event(change: Change) -> bytes:
    data = {"experiment_id": change.experiment_id, "run_id": change.run_id, **change.data}
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (change.seq, change.kind.encode(), msgspec.json.encode(data))
