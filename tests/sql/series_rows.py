"""Points as plain rows, the strategies that make them, and their order and identity spelt out in Python."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from mlflow.sql.series.points import LARGEST, Points

LOWEST, HIGHEST = -(1 << 63), (1 << 63) - 1


class Row(NamedTuple):
    step: int
    timestamp: int
    value: float

    @property
    def identity(self) -> tuple[int, int, float, bool]:
        missing = math.isnan(self.value)
        return self.step, self.timestamp, 0.0 if missing else self.value, missing


small = st.integers(-3, 3)
wide = st.integers(LOWEST, HIGHEST)
odd = st.sampled_from([0.0, -0.0, 1.0, -1.0, math.nan, LARGEST, -LARGEST, 5e-324])
values = odd | st.floats(allow_infinity=False)
crowded = st.builds(Row, small, small, odd)
spread = st.builds(Row, wide, wide, values)
rows = st.lists(crowded, max_size=60) | st.lists(spread, max_size=30)
some_rows = st.lists(crowded, min_size=1, max_size=60) | st.lists(spread, min_size=1, max_size=30)


def columns(given: list[Row]) -> Points:
    return Points.of([row.step for row in given], [row.timestamp for row in given], [row.value for row in given])


def listed(points: Points) -> list[Row]:
    return list(map(Row, points.steps.tolist(), points.timestamps.tolist(), points.values.tolist()))


def identities(given: Points | list[Row]) -> list[tuple[int, int, float, bool]]:
    return [row.identity for row in (listed(given) if isinstance(given, Points) else given)]


def distinct(given: list[Row]) -> list[Row]:
    """The rows in storage order, each identity once."""
    return sorted({row.identity: row for row in reversed(given)}.values(), key=lambda row: row.identity)


def same_bits(one: Points, other: Points) -> bool:
    pairs = (one.steps, other.steps), (one.timestamps, other.timestamps), (one.values, other.values)
    return all(np.array_equal(a.view(np.uint64), b.view(np.uint64)) for a, b in pairs)


def training(n: int, seed: int = 0) -> Points:
    """Points as a training run logs them: consecutive steps, a jittering clock, a noisy decay."""
    random = np.random.default_rng(seed)
    index = np.arange(n)
    clock = 1_700_000_000_000 + np.cumsum(100 + random.integers(-5, 6, n))
    return Points(index, clock, np.exp(-index / 1e5) + 0.1 * random.standard_normal(n))
