"""How much of what callers send is in memory at a time, and what becomes of the rest."""

import asyncio
import gc
import logging
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlflow.serving.room import LIGHT, Room
from tests.serving.samples import JSON
from tests.serving.within import Within, within

MIB = 1 << 20
BODY = b'{"inputs": "' + b"x" * 200_000 + b'"}'


def test_who_comes_first_is_let_in_first_and_who_gives_up_takes_nothing() -> None:
    async def use() -> list[str]:
        room, order = Room(10), []

        async def take(name: str, size: int) -> None:
            await room.take(size)
            order.append(name)

        await take("first", 6)
        large, gone, small = (asyncio.create_task(take(*one)) for one in (("large", 9), ("gone", 4), ("small", 1)))
        await asyncio.sleep(0)
        assert order == ["first"]  # the small one would fit, and the large one would wait for ever
        gone.cancel()
        room.give(6)
        await asyncio.gather(large, small)
        room.give(9)
        room.give(1)
        await take("whole", 10)
        return order

    assert asyncio.run(use()) == ["first", "large", "small", "whole"]


def test_who_is_cancelled_in_the_moment_of_its_turn_gives_it_back() -> None:
    async def use() -> None:
        room = Room(1)
        await room.take(1)
        waiting = asyncio.create_task(room.take(1))
        await asyncio.sleep(0)
        room.give(1)  # the turn is set, and not taken up yet
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await room.take(1)

    asyncio.run(asyncio.wait_for(use(), 10))


@pytest.fixture
def server(models: Path) -> Iterator[Within]:
    route = f"default={models / 'free'}:1"
    with within(route, max_bytes=300_000, max_buffered=300_000, threads=2, timeout=60.0) as server:
        yield server


class Caller:
    """Sends a body, and knows how much of it was asked for."""

    def __init__(self, server: Within, *pieces: bytes, length: bool) -> None:
        self._server, self._pieces, self._length = server, list(pieces), length
        self.asked = 0
        self.status = 0

    async def run(self) -> None:
        headers = [(b"content-type", JSON.encode())]
        if self._length:
            headers.append((b"content-length", str(sum(map(len, self._pieces))).encode()))
        scope = {"type": "http", "method": "POST", "path": "/invocations", "headers": headers, "query_string": b""}
        await self._server.application(scope, self._receive, self._send)

    async def _receive(self) -> Any:
        self.asked += 1
        await asyncio.sleep(0)
        piece = self._pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(self._pieces)}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)


def blocking(path: Path) -> bytes:
    """A request that is in memory until there is such a file."""
    filler = b'"x": "' + b"x" * 150_000 + b'"'
    return b'{"dataframe_records": [{"wanted": "wait for ' + str(path).encode() + b'"}], ' + filler + b"}"


async def reaches(holds: Any) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("length", [True, False], ids=["of a known length", "of an unknown length"])
def test_bodies_beyond_the_limit_wait_unread_until_others_are_answered(
    server: Within, tmp_path: Path, *, length: bool
) -> None:
    pieces = [BODY[:100_000], BODY[100_000:150_000], BODY[150_000:]]
    held = Caller(server, blocking(tmp_path / "go"), length=True)
    waiting = Caller(server, *pieces, length=length)
    light = Caller(server, b'{"inputs": [1]}', length=True)

    async def use() -> None:
        one, other = asyncio.create_task(held.run()), asyncio.create_task(waiting.run())
        await reaches(lambda: server.application._exchanges.threads._since)
        await light.run()
        assert light.status == 200
        assert waiting.asked <= (0 if length else 2)
        (tmp_path / "go").touch()
        await asyncio.gather(one, other)

    server.runner.run(use())
    assert (waiting.status, held.status) == (200, 200)
    assert server.application._exchanges._room._free == 300_000


def test_memory_does_not_grow_with_the_number_of_requests(models: Path) -> None:
    route = f"default={models / 'free'}:1"

    def ask(number: int) -> None:
        names = {"x_user": f"user {number}", "x_request_id": f"request-{number}"}
        assert server.post({"inputs": ["x" * 20_000]}, **names).status == 200
        assert server.post({"dataframe_records": [{"wanted": "fail"}]}, **names).status == 400
        assert server.post(b"{" + str(number).encode(), **names).status == 400
        assert server.post({"inputs": [1]}, path=f"/variants/v{number}/invocations", **names).status == 404
        assert server.get(f"/nothing/{number}").status == 404

    with within(route, sticky_header="X-User", threads=1) as server:
        logging.disable()  # pytest keeps what is logged
        for number in range(30):
            ask(number)
        tracemalloc.start()
        try:
            for number in range(30, 35):
                ask(number)
            gc.collect()
            before = tracemalloc.get_traced_memory()[0]
            for number in range(35, 85):
                ask(number)
            server.application.traffic.tick()
            gc.collect()
            grown = tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()
            logging.disable(logging.NOTSET)
    assert grown < 200_000  # of the 250 requests since


def test_room_is_given_back_by_requests_that_fail(server: Within) -> None:
    bodies = (b"{" + BODY, b'{"inputs": ' + b"[" * 200_000, b"x" * 300_001, (BODY[:150_000], BODY[150_000:] * 3))
    assert [server.post(body, kind=JSON).status for body in bodies] == [400, 400, 413, 413]
    assert server.application._exchanges._room._free == 300_000
    assert LIGHT < 200_000
