"""How far two answers differ."""

from __future__ import annotations

import json
import math
from typing import Any

__all__ = ["SAME_WITHIN", "difference"]

SAME_WITHIN = 1e-9
"""Answers that differ by no more count as the same: sums are not always taken in the same order."""


def difference(answer: bytes, other: bytes) -> float:
    """The largest difference between two numbers in the same place; infinite where anything else differs.

    Args:
        answer: a body in JSON.
        other: another one.
    """
    return 0.0 if answer == other else _between(json.loads(answer), json.loads(other))


def _between(one: Any, other: Any) -> float:
    if isinstance(one, bool) or isinstance(other, bool):
        return 0.0 if one is other else math.inf
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return _between_numbers(one, other)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return max((_between(*pair) for pair in zip(one, other, strict=True)), default=0.0)
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return max((_between(one[name], other[name]) for name in one), default=0.0)
    return 0.0 if one == other else math.inf


def _between_numbers(one: float, other: float) -> float:
    if one == other or (math.isnan(one) and math.isnan(other)):
        return 0.0
    found = abs(one - other)
    return found if math.isfinite(found) else math.inf
