"""Intervals as lines of text, on one scale."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["interval_chart"]

_WIDTH = 60  # characters of the scale


def interval_chart(rows: Sequence[tuple[str, float, float, float]], unit: str = "") -> list[str]:
    """Lines with `[----o----]` from the low bound over the value to the high one, and `|` at zero.

    Args:
        rows: name, low bound, value and high bound of each.
        unit: what stands behind numbers.
    """
    least = min(0.0, *(low for _, low, _, _ in rows))
    most = max(0.0, *(high for _, _, _, high in rows))
    span = (most - least) or 1.0

    def place(value: float) -> int:
        return round((value - least) / span * (_WIDTH - 1))

    names = max(len(name) for name, *_ in rows)
    lines = [
        f"{name:<{names}}  {_bar(place(low), place(value), place(high), place(0.0))}" for name, low, value, high in rows
    ]
    left, right = f"{least:.3g}{unit}", f"{most:.3g}{unit}"
    scale = [" "] * _WIDTH
    scale[: len(left)] = left
    scale[_WIDTH - len(right) :] = right
    zero = place(0.0)
    if len(left) < zero < _WIDTH - len(right) - 1:
        scale[zero] = "0"
    return [*lines, f"{'':<{names}}  {''.join(scale)}"]


def _bar(low: int, value: int, high: int, zero: int) -> str:
    line = ["-" if low <= at <= high else " " for at in range(_WIDTH)]
    line[low], line[high] = "[", "]"
    line[zero] = "|"
    line[value] = "o"
    return "".join(line).rstrip()
