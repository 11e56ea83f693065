"""Live events: one reader of the change log a process, and any number of listeners.

Server-sent events as in the HTML standard, section 9.2: `id` is the sequence number, so a browser that reconnects says
where it stopped (Last-Event-ID) and misses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl

import msgspec

from mlflow.contract.caller import EVERYONE, Caller
from mlflow.contract.changes import Change, ChangePage
from mlflow.exceptions import InvalidParameterValue, RequestLimitExceeded
from mlflow.server.context import Context
from mlflow.server.responses import Receive, Scope, Send

__all__ = ["EventHub"]

_EVERY = 0.1  # seconds between looks at the log while somebody listens; an event is seen within 300 ms
_HEARTBEAT = 15.0  # seconds; proxies close connections that are silent for longer
_MAX_LISTENERS = 1000
_BACKLOG = 1000  # pages a slow listener may lag behind before it is told to read anew

_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
]


class EventHub:
    """Reads the change log while there are listeners, and gives each what it asked for."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[ChangePage]] = set()
        self._reader: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    async def handle(self, context: Context, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one listener until it leaves or the server stops."""
        topics, since = _wanted(scope)
        if len(self._listeners) >= _MAX_LISTENERS:
            raise RequestLimitExceeded(f"{_MAX_LISTENERS} listeners are connected already; poll /changes instead.")
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send(_chunk(b"retry: 2000\n\n"))
        leaving = asyncio.create_task(_gone(receive))
        try:
            async with contextlib.aclosing(self._events(context, scope["caller"], topics, since)) as events:
                await _forward(events, leaving, send)
        finally:
            leaving.cancel()

    async def close(self) -> None:
        """End every stream, so that the server can stop."""
        self._closing.set()
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader

    async def _events(
        self, context: Context, caller: Caller, topics: list[str], since: int | None
    ) -> AsyncGenerator[bytes]:
        queue: asyncio.Queue[ChangePage] = asyncio.Queue(_BACKLOG)
        self._listeners.add(queue)
        try:
            page = await context.blocking(context.store.changes.get_changes, caller, topics, since)
            yield _encode(page, caller, topics, -1)
            seen = page.next
            self._start_reading(context, seen)
            while not self._closing.is_set():
                news = await self._next(queue)
                if news is None:
                    yield b": still here\n\n"
                    continue
                text = _encode(news, caller, topics, seen)
                seen = max(seen, news.next)
                if text:
                    yield text
        finally:
            self._listeners.discard(queue)

    async def _next(self, queue: asyncio.Queue[ChangePage]) -> ChangePage | None:
        """The next page; None when it is time for a heartbeat or to stop."""
        getting = asyncio.create_task(queue.get())
        closing = asyncio.create_task(self._closing.wait())
        done, waiting = await asyncio.wait({getting, closing}, timeout=_HEARTBEAT, return_when="FIRST_COMPLETED")
        for task in waiting:
            task.cancel()
        return getting.result() if getting in done else None

    def _start_reading(self, context: Context, position: int) -> None:
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read(context, position))

    async def _read(self, context: Context, position: int) -> None:
        """Follow the log from a position on, until nobody listens."""
        while self._listeners:
            page = await context.blocking(context.store.changes.get_changes, EVERYONE, [], position)
            position = page.next
            if page.changes or page.reset:
                self._publish(page)
            if len(page.changes) < _BACKLOG:
                await asyncio.sleep(_EVERY)

    def _publish(self, page: ChangePage) -> None:
        for queue in self._listeners:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(ChangePage([], page.next, reset=True))
            else:
                queue.put_nowait(page)


def _wanted(scope: Scope) -> tuple[list[str], int | None]:
    query = parse_qsl(scope["query_string"].decode("latin-1"))
    topics = [topic for name, value in query if name == "topics" for topic in value.split(",") if topic]
    if not topics:
        raise InvalidParameterValue("Missing value for required parameter 'topics'; send exp:<id> or run:<id>.")
    last = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1") or dict(query).get("since", "")
    if last and not last.isdigit():
        raise InvalidParameterValue(f"Invalid value '{last}' for parameter 'since'; send an event's id.")
    return topics, int(last) if last else None


def _encode(page: ChangePage, caller: Caller, topics: list[str], seen: int) -> bytes:
    """The changes that the listener asked for, may read, and has not seen."""
    reset = b"event: reset\ndata: {}\n\n" if page.reset else b""
    fresh = (change for change in page.changes if change.seq > seen)
    return reset + b"".join(_event(change) for change in fresh if _concerns(change, topics, caller))


def _concerns(change: Change, topics: list[str], caller: Caller) -> bool:
    wanted = f"exp:{change.experiment_id}" in topics or f"run:{change.run_id}" in topics
    return wanted and (caller.unrestricted or caller.permission("experiment", change.experiment_id) > 0)


def _event(change: Change) -> bytes:
    data = {"experiment_id": change.experiment_id, "run_id": change.run_id, **change.data}
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (change.seq, change.kind.encode(), msgspec.json.encode(data))


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _forward(events: AsyncGenerator[bytes], leaving: asyncio.Task[None], send: Send) -> None:
    while not leaving.done():
        upcoming = asyncio.ensure_future(anext(events, None))
        await asyncio.wait({upcoming, leaving}, return_when="FIRST_COMPLETED")
        if not upcoming.done():
            upcoming.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await upcoming
            return
        text = upcoming.result()
        if text is None:
            break
        await send(_chunk(text))
    if not leaving.done():
        await send({"type": "http.response.body", "body": b""})


def _chunk(text: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": text, "more_body": True}
