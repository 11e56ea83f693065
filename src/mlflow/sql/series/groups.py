"""Reductions over runs of points that lie side by side, one result a group."""

from __future__ import annotations

from typing import TypeVar

from mlflow._numpy import np, npt
from mlflow.sql.series.points import Integers, Mask, Points, Reals, clamp

_Scalar = TypeVar("_Scalar", bound="np.generic")

_LOWEST, _HIGHEST = -(2**63), 2**63 - 1


class Groups:
    """Points in k groups, which start at `starts` (ascending, the first 0); no group is empty, values are not infinite.

    Attributes:
        counts: points in each group.
        numbers: those that are not NaN.
    """

    def __init__(self, starts: npt.NDArray[np.intp], points: Points) -> None:
        self.starts = starts
        self.points = points
        self.counts = np.diff(starts, append=len(points))
        missing = np.isnan(points.values)
        self._any_missing = bool(missing.any())
        self._missing = missing
        self.numbers = self.counts - np.add.reduceat(missing, starts, dtype=np.int64)

    def latest(self) -> tuple[Reals, Integers, Integers]:
        """Value, step and timestamp of the greatest (step, timestamp, value), NaN below numbers."""
        points = self.points
        steps = np.maximum.reduceat(points.steps, self.starts)
        there = points.steps == self._spread(steps)
        timestamps = np.maximum.reduceat(np.where(there, points.timestamps, _LOWEST), self.starts)
        there &= points.timestamps == self._spread(timestamps)
        return self._greatest(there), steps, timestamps

    def first(self) -> tuple[Reals, Integers, Integers]:
        """Value, step and timestamp of the smallest (step, timestamp, value), NaN above numbers."""
        points = self.points
        steps = np.minimum.reduceat(points.steps, self.starts)
        there = points.steps == self._spread(steps)
        timestamps = np.minimum.reduceat(np.where(there, points.timestamps, _HIGHEST), self.starts)
        there &= points.timestamps == self._spread(timestamps)
        return self._smallest(there), steps, timestamps

    def least(self) -> Reals:
        """The least number; NaN where a group has none."""
        return self._smallest(None)

    def greatest(self) -> Reals:
        """The greatest number; NaN where a group has none."""
        return self._greatest(None)

    def first_step_of(self, values: Reals) -> Integers:
        """The smallest step at which each group holds a value (k) that is one of its numbers."""
        there = self.points.values == self._spread(values)
        return np.minimum.reduceat(np.where(there, self.points.steps, _HIGHEST), self.starts)

    def mean(self) -> Reals:
        """The mean of the numbers; NaN where a group has none."""
        values = self._masked(None, 0.0)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            means: Reals = np.add.reduceat(values, self.starts) / self.numbers
        overflown = ~np.isfinite(means) & (self.numbers > 0)
        if overflown.any():
            means[overflown] = weighted_sum(values, 1 / self._spread(np.maximum(self.numbers, 1)), self.starts)[
                overflown
            ]
        return means

    def last(self) -> Reals:
        """The number that comes last; NaN where a group has none."""
        ends = self.starts + self.counts - 1
        if not self._any_missing:
            return self.points.values[ends]
        places = np.where(self._missing, -1, np.arange(len(self._missing)))
        last = np.maximum.reduceat(places, self.starts)
        return np.where(last < 0, np.nan, self.points.values[last])

    def last_timestamp(self) -> Integers:
        """The greatest timestamp."""
        return np.maximum.reduceat(self.points.timestamps, self.starts)

    def _spread(self, column: npt.NDArray[_Scalar]) -> npt.NDArray[_Scalar]:
        return np.repeat(column, self.counts)

    def _smallest(self, there: Mask | None) -> Reals:
        return _number(np.minimum.reduceat(self._masked(there, np.inf), self.starts))

    def _greatest(self, there: Mask | None) -> Reals:
        return _number(np.maximum.reduceat(self._masked(there, -np.inf), self.starts))

    def _masked(self, there: Mask | None, filler: float) -> Reals:
        values = self.points.values
        if self._any_missing:
            there = ~self._missing if there is None else there & ~self._missing
        return values if there is None else np.where(there, values, filler)


def weighted_sum(values: Reals, weights: Reals, starts: npt.NDArray[np.intp]) -> Reals:
    """The mean of each group's finite values, whose weights sum to one there up to rounding."""
    with np.errstate(over="ignore"):
        sums = np.add.reduceat(values * weights, starts)
    # rounding may carry a mean of the greatest doubles to infinity
    return clamp(sums)


def _number(values: Reals) -> Reals:
    return np.where(np.isinf(values), np.nan, values)
