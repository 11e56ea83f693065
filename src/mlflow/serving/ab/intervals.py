"""Intervals for means, and for the difference of two, that hold at all times together.

Asymptotic confidence sequences with the boundary of a normal mixture: with probability 1 - α the true value is inside
of all of them at once, once there are enough rewards for the central limit theorem. They show how large a difference
may be; whether there is one, the exact test in `sequential` says.

Source: I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, "Time-uniform central limit theory and
asymptotic confidence sequences", Annals of Statistics 52 (2024), theorem 2.2: after t observations, the radius is

    σ √( (t ρ² + 1) / (t² ρ²) · log( (t ρ² + 1) / α² ) ),

here with ρ² = 8 / TUNED_FOR, which is narrowest near that many observations.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

from mlflow.serving.ab.sequential import TUNED_FOR

__all__ = ["Interval", "Moments", "difference_interval", "mean_interval"]

_PRIOR_REWARDS = 2.0  # of the pair's variance, so that no variance is 0 after a few equal rewards


class Interval(msgspec.Struct, frozen=True):
    """An estimate, and the bounds between which the value is; infinite while nothing is known."""

    value: float
    low: float
    high: float

    def within(self, least: float, most: float) -> Interval:
        """The same, with bounds that are known no further out than values can be."""
        low = max(self.low, least) if math.isfinite(self.low) else self.low
        high = min(self.high, most) if math.isfinite(self.high) else self.high
        return Interval(self.value, low, high)


class Moments(msgspec.Struct, frozen=True):
    """Rewards in short: how many, their sum, and the sum of their squares."""

    count: float = 0.0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.count + other.count, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> float:
        """Their mean; not a number when there are none."""
        return self.total / self.count if self.count else math.nan

    @property
    def variance(self) -> float:
        """Their variance; 0 when there are none."""
        return max(0.0, self.squares / self.count - self.mean**2) if self.count else 0.0


def mean_interval(moments: Moments, alpha: float) -> Interval:
    """The interval of a mean."""
    return _interval(moments.mean, moments.variance, moments.count, alpha)


def difference_interval(pairs: Iterable[tuple[Moments, Moments]], alpha: float) -> Interval:
    """The interval of the challenger's mean less the control's.

    Args:
        pairs: the control and the challenger in each phase between changes of the weights. Phases are compared each by
            itself and then averaged, with the weights of Mantel and Haenszel, so that a drift of all rewards is not
            taken for a difference while the shares change.
        alpha: how often any of the intervals may be wrong.
    """
    whole = weighted = variance = 0.0
    for control, challenger in pairs:
        if not control.count or not challenger.count:
            continue
        both = control + challenger
        size = control.count * challenger.count / both.count
        whole += size
        weighted += size * (challenger.mean - control.mean)
        variance += size**2 * sum(_of_mean(one, both.variance) for one in (control, challenger))
    if not whole:
        return Interval(math.nan, -math.inf, math.inf)
    observations = 4 * whole  # of a pair that is split in halves
    return _interval(weighted / whole, variance / whole**2 * observations, observations, alpha)


def _of_mean(moments: Moments, shared: float) -> float:
    """The variance of a mean."""
    count = moments.count + _PRIOR_REWARDS
    return (moments.count * moments.variance + _PRIOR_REWARDS * shared) / count / moments.count


def _interval(value: float, variance: float, count: float, alpha: float) -> Interval:
    if not count or not variance:
        return Interval(value, -math.inf, math.inf)
    grown = count * 8 / TUNED_FOR
    radius = math.sqrt(variance / count * (1 + 1 / grown) * math.log((1 + grown) / alpha**2))
    return Interval(value, value - radius, value + radius)
