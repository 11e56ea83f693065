"""Requests that wait at the same time are answered by one call of the model.

A call of a framework costs about the same for one row and for fifty. While a call runs, requests gather; the next call
takes all of them. When no call runs, the first waits for company a millisecond at most, and only if the last call had
company: callers that were answered together ask again together. A batch is only as large as the model answers within
the latency budget beyond what it takes for one request, so a model that takes its rows one by one is left with single
requests, several at a time.

What is asked together must have the same columns and parameters. A request that cannot be read, and one for which the
model fails, fails alone: when a batch fails, each of its requests is asked by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from statistics import median

import msgspec

from mlflow.asgi.threads import Threads
from mlflow.serving.scorer import Answer, Asked, Scorer

__all__ = ["Batcher", "Budget"]

_LOOK_BACK = 15  # calls of which the quickest counts: a busy machine makes most of them take many times as long
_HOLD = 0.001  # seconds that the first of many waits for the others; timers of event loops know no shorter time
_TRY_AGAIN = 100  # calls for one request until two are tried again


class Budget:
    """How many requests a batch may have: as many as the model answers within a time beyond what one takes.

    Args:
        most: never more.
        seconds: how much longer than for one request a batch may take.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self.seconds = most, seconds
        self._alone: deque[float] = deque(maxlen=_LOOK_BACK)
        self._each: deque[float] = deque(maxlen=_LOOK_BACK)  # what each further request took
        self._singles = 0
        self.size = most

    def learn(self, size: int, took: float) -> None:
        """Note how long a batch took."""
        if size == 1:
            self._alone.append(took)
            self._singles += 1
        else:
            self._singles = 0
            first = median(self._alone) if self._alone else took / size
            self._each.append(max(0.0, took - first) / (size - 1))
        each = min(self._each, default=0.0)
        fits = 1 + int(self.seconds / each) if each > 0 else self._most
        again = fits == 1 and self._singles >= _TRY_AGAIN
        self.size = min(2 if again else fits, self._most)


class _Job(msgspec.Struct, eq=False):
    scorer: Scorer
    asked: Asked
    future: asyncio.Future[Answer]
    since: float


class Batcher:
    """Gathers the requests to one variant.

    Args:
        threads: where the model is called.
        at_once: calls at a time.
        budget: how many requests a call may have.
        watch: told `queue`, and how many `requests` a batch has.
    """

    def __init__(self, threads: Threads, at_once: int, budget: Budget, watch: Callable[[str, float], None]) -> None:
        self._threads, self._at_once, self._budget, self._watch = threads, at_once, budget, watch
        self._waiting: list[_Job] = []
        self._under_way = 0
        self._looking = False
        self._expected = 1  # as many as the last call answered: they are likely to come again
        self._holding: asyncio.TimerHandle | None = None

    async def ask(self, scorer: Scorer, asked: Asked) -> bytes:
        """The body of the answer.

        Raises:
            MlflowException: what `Scorer.answer` raises.
        """
        loop = asyncio.get_running_loop()
        job = _Job(scorer, asked, loop.create_future(), time.perf_counter())
        self._waiting.append(job)
        if not self._looking:  # what else came in with this turn of the loop goes along
            self._looking = True
            loop.call_soon(self._look)
        answer = await job.future
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _look(self) -> None:
        self._looking = False
        if self._is_early():
            if self._holding is None:
                self._holding = asyncio.get_running_loop().call_later(_HOLD, self._go_on)
            return
        if self._holding is not None:
            self._holding.cancel()
            self._holding = None
        while self._waiting and self._has_room():
            batch = self._taken()
            if batch:
                self._under_way += 1
                self._expected = len(batch)
                self._threads.begin(self._answers, batch).add_done_callback(partial(self._ended, batch))

    def _is_early(self) -> bool:
        """Whether those that were answered together a moment ago may still be about to ask again."""
        wanted = min(self._expected, self._budget.size)
        return not self._under_way and 0 < len(self._waiting) < wanted and self._budget.seconds >= _HOLD

    def _go_on(self) -> None:
        self._holding, self._expected = None, 1
        self._look()

    def _has_room(self) -> bool:
        if not self._under_way:
            return True
        return self._under_way < self._at_once and len(self._waiting) >= self._budget.size

    def _taken(self) -> list[_Job]:
        """As many of those that wait as one call may have; all for the model that the first one is for."""
        waiting = [job for job in self._waiting if not job.future.done()]  # others have given up
        scorer = waiting[0].scorer if waiting else None
        batch = [job for job in waiting if job.scorer is scorer][: self._budget.size]
        chosen = set(map(id, batch))
        self._waiting = [job for job in waiting if id(job) not in chosen]
        return batch

    def _ended(self, batch: list[_Job], call: asyncio.Future[tuple[list[Answer], float]]) -> None:
        self._under_way -= 1
        error = call.exception()
        if error is None:
            answers, took = call.result()
            self._budget.learn(len(batch), took)
        else:  # raised again where each request waits
            answers = [error if isinstance(error, Exception) else RuntimeError(str(error))] * len(batch)
        for job, answer in zip(batch, answers, strict=True):
            if not job.future.done():
                job.future.set_result(answer)
        self._look()

    def _answers(self, batch: list[_Job]) -> tuple[list[Answer], float]:
        began = time.perf_counter()
        for job in batch:
            self._watch("queue", began - job.since)
        self._watch("requests", len(batch))
        answers = batch[0].scorer.answer_together([job.asked for job in batch], self._watch)
        return answers, time.perf_counter() - began
