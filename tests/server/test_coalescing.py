"""Calls of one kind that are made together."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from mlflow.asgi.coalescing import Coalescing
from mlflow.asgi.threads import Threads

WAIT = 30


@pytest.fixture
def threads() -> Iterator[Threads]:
    pool = Threads(4)
    yield pool
    pool.close(5)


class Inverting:
    """Waits in its first batch until the rest has come, and keeps what the batches were."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.batches: list[list[int]] = []

    def __call__(self, numbers: Sequence[int]) -> list[float | Exception]:
        self.batches.append(list(numbers))
        assert self.go_on.wait(WAIT)
        return [1 / number if number else ZeroDivisionError("zero") for number in numbers]


async def run_all(
    together: Coalescing[int, float], numbers: Sequence[int], meanwhile: Callable[[], None]
) -> list[object]:
    calls = [asyncio.ensure_future(together.run(number)) for number in numbers]
    await asyncio.sleep(0)
    meanwhile()
    return await asyncio.gather(*calls, return_exceptions=True)


def test_calls_that_come_meanwhile_are_made_in_one(threads: Threads):
    inverting = Inverting()

    async def use() -> None:
        together = Coalescing(threads, inverting)
        first = asyncio.ensure_future(together.run(8))
        while not inverting.batches:
            await asyncio.sleep(0.001)
        assert await run_all(together, [1, 2, 4], inverting.go_on.set) == [1, 0.5, 0.25]
        assert await first == 0.125

    asyncio.run(use())
    assert inverting.batches == [[8], [1, 2, 4]]


def test_more_calls_than_fit_into_a_batch_are_all_answered(threads: Threads):
    inverting = Inverting()

    async def use() -> None:
        numbers = range(1, 700)
        answers = await run_all(Coalescing(threads, inverting), numbers, inverting.go_on.set)
        assert answers == [1 / number for number in numbers]

    asyncio.run(use())
    assert max(map(len, inverting.batches)) == 256


def test_a_refused_call_takes_no_other_with_it(threads: Threads):
    inverting = Inverting()

    async def use() -> None:
        one, zero, two = await run_all(Coalescing(threads, inverting), [1, 0, 2], inverting.go_on.set)
        assert (one, two) == (1, 0.5)
        assert isinstance(zero, ZeroDivisionError)

    asyncio.run(use())


def test_what_ends_a_batch_is_raised_in_each_call_and_the_next_goes_on(threads: Threads):
    failures: list[BaseException] = [SystemExit(), OSError("gone")]

    def fail(numbers: Sequence[int]) -> list[float | Exception]:
        if failures:
            raise failures.pop()
        return [float(number) for number in numbers]

    async def use() -> None:
        together = Coalescing(threads, fail)
        with pytest.raises(OSError, match="gone"):
            await together.run(1)
        with pytest.raises(RuntimeError, match="SystemExit"):
            await together.run(1)
        assert await together.run(1) == 1

    asyncio.run(use())


def test_a_caller_that_left_keeps_nobody_waiting(threads: Threads):
    inverting = Inverting()

    async def use() -> None:
        together = Coalescing(threads, inverting)
        calls = [asyncio.ensure_future(together.run(number)) for number in (1, 2)]
        await asyncio.sleep(0)
        calls[0].cancel()
        inverting.go_on.set()
        assert await calls[1] == 0.5

    asyncio.run(use())
