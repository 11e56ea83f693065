"""A series as one line of text."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["sparkline"]

_BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None], low: float, high: float) -> str:
    """One character a value, higher for greater ones; a space where there is none.

    Args:
        values: in order.
        low: what gets the lowest bar.
        high: what gets the highest.
    """
    span = high - low
    return "".join(" " if value is None or math.isnan(value) else _bar(value, low, span) for value in values)


def _bar(value: float, low: float, span: float) -> str:
    if not span > 0 or math.isinf(span):
        return _BARS[3]
    return _BARS[min(len(_BARS) - 1, max(0, int((value - low) / span * len(_BARS))))]
