"""The pool that blocking calls run in."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from mlflow.asgi.threads import Threads
from tests.server.served import eventually


@pytest.fixture
def threads() -> Iterator[Threads]:
    pool = Threads(4)
    yield pool
    pool.close(5)


def test_a_call_is_answered_or_raises(threads: Threads):
    async def use() -> int:
        with pytest.raises(ZeroDivisionError):
            await threads.run(lambda: 1 // 0)
        return await threads.run(int, "7")

    assert asyncio.run(use()) == 7


def test_no_more_threads_run_than_are_allowed(threads: Threads):
    running, most = [0], [0]
    lock = threading.Lock()

    def work() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.01)
        with lock:
            running[0] -= 1

    async def use() -> None:
        await asyncio.gather(*(threads.run(work) for _ in range(40)))

    asyncio.run(use())
    assert most[0] == 4


def test_threads_start_when_they_are_needed(threads: Threads):
    async def use() -> None:
        for _ in range(20):
            await threads.run(time.sleep, 0)

    asyncio.run(use())
    assert len(threads._threads) == 1


def test_a_call_whose_caller_left_still_ends(threads: Threads):
    began, left, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        left.wait(30)
        ended.set()

    async def use() -> None:
        call = asyncio.ensure_future(threads.run(work))
        while not began.is_set():
            await asyncio.sleep(0.001)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        left.set()
        assert await threads.run(ended.wait, 30)
        assert await threads.run(int, "1") == 1

    asyncio.run(use())


def test_closing_waits_for_calls_under_way_but_not_for_ever():
    pool, ended = Threads(2), threading.Event()

    async def use() -> None:
        calls = [asyncio.ensure_future(pool.run(time.sleep, 0.2)), asyncio.ensure_future(pool.run(ended.wait, 30))]
        await asyncio.sleep(0.05)
        began = time.monotonic()
        await asyncio.to_thread(pool.close, 0.5)
        assert 0.15 < time.monotonic() - began < 5
        assert calls[0].done()
        calls[1].cancel()

    asyncio.run(use())
    ended.set()


def test_what_a_call_was_about_is_let_go(threads: Threads):
    class Large:
        alive = 0

        def __init__(self) -> None:
            Large.alive += 1

        def __del__(self) -> None:
            Large.alive -= 1

    async def use() -> None:
        await threads.run(id, Large())

    asyncio.run(use())
    eventually(lambda: Large.alive == 0)


def test_a_pool_knows_whether_all_its_threads_are_held() -> None:
    pool, go = Threads(2), threading.Event()

    async def use() -> None:
        first = pool.begin(go.wait)
        eventually(lambda: len(pool._since) == 1)
        assert not pool.all_since(0.0)
        second = pool.begin(go.wait)
        eventually(lambda: pool.all_since(0.0))
        assert not pool.all_since(3600.0)
        go.set()
        await asyncio.gather(first, second)
        assert not pool.all_since(0.0)

    asyncio.run(use())
    pool.close(5)
