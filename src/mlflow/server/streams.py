"""Answers that are sent bit by bit."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

from mlflow.asgi.bodies import gone
from mlflow.asgi.responses import Receive, Send
from mlflow.server.context import Context

__all__ = ["send_blocks"]


async def send_blocks(context: Context, blocks: Iterator[bytes], receive: Receive, send: Send) -> None:
    """Send the blocks of a body while the next one is being read; stop when the client has gone."""
    upcoming = asyncio.ensure_future(context.blocking(next, blocks, None))
    leaving = asyncio.ensure_future(gone(receive))
    try:
        while (block := await upcoming) is not None and not leaving.done():
            upcoming = asyncio.ensure_future(context.blocking(next, blocks, None))
            await send({"type": "http.response.body", "body": block, "more_body": True})
        if not leaving.done():
            await send({"type": "http.response.body", "body": b""})
    finally:
        leaving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([upcoming])  # nobody may close the source while a thread reads from it
