"""Points of metric series as columns, and the one order that storage keeps them in.

The order is (step, timestamp, value). A NaN ranks as a zero that follows the other zeros, which is where MLflow's SQL
puts it: it stores 0 beside a flag. Identity is equality in that order, so NaN equals NaN and -0.0 equals 0.0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Self, TypeAlias, cast

from msgspec import Struct

from mlflow._numpy import np, npt

Integers: TypeAlias = "npt.NDArray[np.int64]"
Reals: TypeAlias = "npt.NDArray[np.float64]"
Mask: TypeAlias = "npt.NDArray[np.bool_]"
Index: TypeAlias = "slice | Mask | npt.NDArray[np.intp]"

LARGEST = 1.7976931348623157e308
"""The greatest finite double: what an infinity is stored as."""


class Position(NamedTuple):
    """A point's place in the storage order; compares as a tuple.

    Attributes:
        step: any int64.
        timestamp: milliseconds.
        rank: the value, or 0.0 for NaN.
        is_nan: whether the value is NaN.
    """

    step: int
    timestamp: int
    rank: float
    is_nan: bool

    @classmethod
    def of(cls, step: int, timestamp: int, value: float) -> Self:
        """The place of a point."""
        missing = math.isnan(value)
        return cls(step, timestamp, 0.0 if missing else value, missing)

    @property
    def value(self) -> float:
        """The point's value."""
        return math.nan if self.is_nan else self.rank


class Points(Struct, frozen=True, eq=False):
    """Columns of equal length; each position is one point of one series.

    Attributes:
        steps: int64, any sign.
        timestamps: int64 milliseconds.
        values: float64, finite or NaN (see `clamp`).
    """

    steps: Integers
    timestamps: Integers
    values: Reals

    @classmethod
    def of(cls, steps: Sequence[int], timestamps: Sequence[int], values: Sequence[float]) -> Self:
        """Columns from sequences, with infinities clamped."""
        columns = np.asarray(steps, np.int64), np.asarray(timestamps, np.int64)
        return cls(*columns, clamp(np.asarray(values, np.float64)))

    @classmethod
    def joined(cls, parts: Iterable[Points]) -> Self:
        """All points of the parts, one part after the other."""
        none, no_values = np.empty(0, np.int64), np.empty(0, np.float64)
        steps, timestamps, values = [none], [none], [no_values]
        for part in parts:
            steps.append(part.steps)
            timestamps.append(part.timestamps)
            values.append(part.values)
        return cls(np.concatenate(steps), np.concatenate(timestamps), np.concatenate(values))

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, index: Index) -> Points:
        return Points(self.steps[index], self.timestamps[index], self.values[index])

    def position(self, index: int) -> Position:
        """The place of the point at an index, which may be negative as in a list."""
        return Position.of(int(self.steps[index]), int(self.timestamps[index]), float(self.values[index]))

    def ordered(self) -> Points:
        """The points in storage order; those that are equal keep the order they had."""
        if self.is_strictly_ordered():
            return self
        return self[self.storage_order()]

    def storage_order(self) -> npt.NDArray[np.intp]:
        """The indices that put the points in storage order; those that are equal keep the order they had."""
        return np.lexsort((*_value_keys(self.values), self.timestamps, self.steps))

    def distinct(self) -> Points:
        """The points in storage order, of equal ones the first."""
        if self.is_strictly_ordered():
            return self
        points = self.ordered()
        return points[~points.repeats()]

    def is_strictly_ordered(self) -> bool:
        """Whether steps alone prove that points are in order and none repeats (the common case)."""
        return bool((self.steps[1:] > self.steps[:-1]).all())

    def repeats(self) -> Mask:
        """Of points in order: which ones equal the point before them."""
        same = np.zeros(len(self), np.bool_)
        earlier, later = self[:-1], self[1:]
        same[1:] = (later.steps == earlier.steps) & (later.timestamps == earlier.timestamps)
        same[1:] &= (later.values == earlier.values) | (np.isnan(later.values) & np.isnan(earlier.values))
        return same

    def by_time(self) -> Points:
        """Points that are in storage order, reordered as get-history lists them: by (timestamp, step, value)."""
        if (self.timestamps[1:] >= self.timestamps[:-1]).all():
            return self
        return self[np.lexsort((*_value_keys(self.values), self.steps, self.timestamps))]


class Batch(Struct, frozen=True, eq=False):
    """Points of several series.

    Attributes:
        keys: int32, the series each point belongs to.
        points: columns of the same length.
    """

    keys: npt.NDArray[np.int32]
    points: Points

    @classmethod
    def joined(cls, parts: Sequence[Batch]) -> Self:
        """All points of the parts, one part after the other."""
        keys = np.concatenate([np.empty(0, np.int32), *(part.keys for part in parts)])
        return cls(keys, Points.joined(part.points for part in parts))

    def __len__(self) -> int:
        return len(self.keys)

    def grouped(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.intp], Points]:
        """Points brought together by key.

        Returns:
            The distinct keys ascending (k), where each one's points start (k), and the points (n), which keep their
            order within a key.
        """
        keys, points = self.keys, self.points
        if len(keys) and (keys[1:] < keys[:-1]).any():
            order = _stable_order(keys)
            keys, points = keys[order], points[order]
        starts = np.flatnonzero(np.concatenate([np.ones(min(len(keys), 1), np.bool_), keys[1:] != keys[:-1]]))
        return keys[starts], starts, points

    def by_key(self) -> Iterator[tuple[int, Points]]:
        """Each key, ascending, with its points in the order they have here."""
        keys, starts, points = self.grouped()
        ends = [*starts.tolist(), len(points)][1:]
        for key, start, end in zip(keys.tolist(), starts.tolist(), ends, strict=True):
            yield key, points[start:end]


def clamp(values: Reals) -> Reals:
    """Values with each infinity replaced by the greatest finite double of its sign; the same array if there is none."""
    return cast("Reals", np.clip(values, -LARGEST, LARGEST)) if np.isinf(values).any() else values


def _value_keys(values: Reals) -> tuple[npt.NDArray[np.generic], ...]:
    missing = np.isnan(values)
    return (missing, np.where(missing, 0.0, values)) if missing.any() else (values,)


def _stable_order(keys: npt.NDArray[np.int32]) -> npt.NDArray[np.intp]:
    # numpy sorts 16-bit integers by radix: 6 ms for 1,000,000 keys against 70 ms for wider ones
    lowest, highest = int(keys.min()), int(keys.max())
    narrow = (keys - lowest).astype(np.uint16) if highest - lowest < 1 << 16 else keys
    return np.argsort(narrow, kind="stable")
