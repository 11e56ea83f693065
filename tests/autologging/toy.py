"""A framework, as small as one can be, whose training is watched in the tests of the mechanism."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


class Model:
    """Learns the mean of numbers, one round after the other."""

    def __init__(self, rate: float = 0.5) -> None:
        self.rate, self.mean = rate, 0.0

    def fit(
        self, numbers: Sequence[float], rounds: int = 3, callback: Callable[[int, float], Any] | None = None
    ) -> Model:
        if not numbers:
            raise ValueError("no numbers")
        target = sum(numbers) / len(numbers)
        for step in range(rounds):
            self.mean += self.rate * (target - self.mean)
            if callback is not None:
                callback(step, self.mean)
        return self

    def score(self, numbers: Sequence[float]) -> float:
        return -abs(sum(numbers) / len(numbers) - self.mean)


class Ensemble:
    """Fits several models; `run` says how, for instance in threads."""

    def __init__(self, count: int = 3, run: Callable[..., Any] = map) -> None:
        self.models, self.run = [Model() for _ in range(count)], run

    def fit(self, numbers: Sequence[float]) -> Ensemble:
        list(self.run(lambda model: model.fit(numbers), self.models))
        return self


def train(numbers: Sequence[float], model: Model | None = None) -> Model:
    return (model or Model()).fit(numbers)
