"""Reading and writing at the same time: while one block is hashed and stored, the next one comes in.

`pipelined` is for threads, `pump` for an asyncio server; both hold a handful of blocks, whatever the size of the file.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterable, Callable, Iterable
from typing import TypeVar

from mlflow.artifacts.digests import BLOCK
from mlflow.artifacts.store import Buffer, Writer

__all__ = ["pipelined", "pump"]

T_co = TypeVar("T_co", covariant=True)

_AHEAD = 4
_SMALL = 4 * BLOCK


def pipelined(blocks: Iterable[bytes], sink: Callable[[bytes], None], size: int) -> None:
    """Feed every block to a sink that runs in a thread of its own, unless so few bytes come that it is not worth it.

    A failure of the sink is raised here, and ends the reading.
    """
    if size <= _SMALL:
        for block in blocks:
            sink(block)
        return
    worker = _Consumer(sink)
    try:
        for block in blocks:
            worker.put(block)
    finally:
        worker.finish()
    worker.check()


class _Consumer:
    """A thread that eats blocks from a short queue; after a failure it goes on to empty the queue."""

    def __init__(self, sink: Callable[[bytes], None]) -> None:
        self._sink = sink
        self._blocks: queue.Queue[bytes | None] = queue.Queue(_AHEAD)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="mlflow-artifacts-sink", daemon=True)
        self._thread.start()

    def put(self, block: bytes) -> None:
        self.check()
        self._blocks.put(block)

    def finish(self) -> None:
        self._blocks.put(None)
        self._thread.join()

    def check(self) -> None:
        if self._failure:
            raise self._failure

    def _run(self) -> None:
        while (block := self._blocks.get()) is not None:
            if self._failure:
                continue
            try:
                self._sink(block)
            except BaseException as exc:  # noqa: BLE001 - raised again by the thread that feeds this one
                self._failure = exc


async def pump(chunks: AsyncIterable[Buffer], writer: Writer[T_co]) -> T_co:
    """Write a request's body as it arrives, hashing and storing in the executor; commit it, or abort on any failure.

    A client that goes away raises out of `chunks`, and nothing stays of its file.
    """
    loop = asyncio.get_running_loop()
    pending: asyncio.Future[None] | None = None
    batch: list[Buffer] = []
    size = 0
    try:
        async for chunk in chunks:
            batch.append(chunk)
            size += len(chunk)
            if size >= BLOCK:
                if pending:
                    await pending
                pending = loop.run_in_executor(None, _write, writer, batch)
                batch, size = [], 0
        if pending:
            await pending
        return await loop.run_in_executor(None, _finish, writer, batch)
    except BaseException:
        if pending:
            await asyncio.wait([pending])
        writer.abort()
        raise


def _write(writer: Writer[object], batch: list[Buffer]) -> None:
    # One join costs less than giving up the interpreter lock for each small chunk.
    writer.write(b"".join(batch))


def _finish(writer: Writer[T_co], rest: list[Buffer]) -> T_co:
    _write(writer, rest)
    return writer.commit()
