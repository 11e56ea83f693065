"""How far two answers differ."""

from __future__ import annotations

import math
from typing import Any

__all__ = ["SAME_WITHIN", "difference"]

SAME_WITHIN = 1e-9
"""Answers that differ by no more count as the same: sums are not always taken in the same order."""


def difference(one: Any, other: Any) -> float:
    """The largest difference between two numbers in the same place; infinite where anything else differs.

    Args:
        one: what an answer says.
        other: what another one does.
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return 0.0 if one is other else math.inf
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return _between_numbers(one, other)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return max((difference(*pair) for pair in zip(one, other, strict=True)), default=0.0)
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return max((difference(one[name], other[name]) for name in one), default=0.0)
    return 0.0 if one == other else math.inf


def _between_numbers(one: float, other: float) -> float:
    if one == other or (math.isnan(one) and math.isnan(other)):
        return 0.0
    found = abs(one - other)
    return found if math.isfinite(found) else math.inf
