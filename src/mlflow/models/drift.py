"""How far values have moved from those that a model was trained on.

PSI is the population stability index, Σ (p − q) · ln(p / q) over bins, as in Siddiqi, *Credit Risk Scorecards* (2006):
below 0.1 little, above 0.2 much. KS is the two-sample Kolmogorov–Smirnov statistic, the largest distance of the two
empirical distribution functions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["ks_statistic", "psi"]

_LEAST = 1e-4  # the share of an empty bin, whose logarithm would be infinite


def psi(expected: Any, actual: Any) -> float:
    """The population stability index of two histograms over the same bins.

    Args:
        expected: counts of the baseline.
        actual: counts of what came; NaN is answered when there are none.
    """
    before, after = np.asarray(expected, dtype=float), np.asarray(actual, dtype=float)
    if not before.sum() or not after.sum():
        return float("nan")
    p, q = (np.maximum(counts / counts.sum(), _LEAST) for counts in (after, before))
    return float(np.sum((p - q) * np.log(p / q)))


def ks_statistic(expected: Any, actual: Any) -> float:
    """The two-sample Kolmogorov–Smirnov statistic.

    Args:
        expected: values of the baseline, sorted.
        actual: what came, in any order; NaN is answered when there is nothing.
    """
    before, after = np.asarray(expected, dtype=float), np.sort(np.asarray(actual, dtype=float))
    if not len(before) or not len(after):
        return float("nan")
    both = np.concatenate([before, after])
    distances = [np.searchsorted(values, both, side="right") / len(values) for values in (before, after)]
    return float(np.abs(distances[0] - distances[1]).max())
