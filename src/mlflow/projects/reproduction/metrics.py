"""Metrics of two runs, point by point."""

from __future__ import annotations

import math
import re
import struct
from collections import defaultdict
from collections.abc import Iterable
from itertools import zip_longest

from msgspec import Struct

from mlflow.entities import Metric
from mlflow.tracking.client import MlflowClient

__all__ = ["MetricVerdict", "Tolerance", "compare_histories", "compare_metrics", "is_left_out"]

_TIMES = re.compile(
    r"(^|[_/. -])(time|times|seconds|secs|sec|ms|millis|minutes|hours|duration|latency|runtime|elapsed|timestamp|"
    r"throughput|fps|samples_per_second|steps_per_second|per_second|per_sec)([_/. -]|$)",
    re.IGNORECASE,
)


class Tolerance(Struct, frozen=True):
    """How far two values may be apart: `absolute + relative * |the first|`."""

    relative: float = 1e-6
    absolute: float = 1e-9


class MetricVerdict(Struct, frozen=True):
    """How a metric of two runs compares.

    Attributes:
        key: its name.
        verdict: EXACT, WITHIN TOLERANCE or DIFFERENT.
        points: of the first run.
        parts_at: the first step at which the values are not the same; None when they all are.
        first: the values there; None where there is none.
        second: likewise.
        largest: the largest difference over all steps; None when a value is missing or not finite.
    """

    key: str
    verdict: str
    points: int
    parts_at: int | None = None
    first: float | None = None
    second: float | None = None
    largest: float | None = None


def is_left_out(key: str) -> bool:
    """Whether a metric says how long or how fast something was, or is the system's: no repetition can equal it."""
    return key.startswith("system/") or bool(_TIMES.search(key))


def compare_metrics(
    client: MlflowClient, first: str, second: str, tolerance: Tolerance
) -> tuple[list[MetricVerdict], list[str]]:
    """Every metric of two runs, the worst first; and the names of those left out."""
    keys = sorted({key for run_id in (first, second) for key in client.get_run(run_id).data.metrics})
    compared = [
        compare_histories(key, client.get_metric_history(first, key), client.get_metric_history(second, key), tolerance)
        for key in keys
        if not is_left_out(key)
    ]
    order = {"DIFFERENT": 0, "WITHIN TOLERANCE": 1, "EXACT": 2}
    compared.sort(key=lambda found: (order[found.verdict], found.parts_at or 0, found.key))
    return compared, [key for key in keys if is_left_out(key)]


def compare_histories(
    key: str, first: Iterable[Metric], second: Iterable[Metric], tolerance: Tolerance
) -> MetricVerdict:
    """Two histories by step; times do not count, nor the order of several values of one step."""
    left, right = _by_step(first), _by_step(second)
    points = sum(map(len, left.values()))
    parted: tuple[int, float | None, float | None] | None = None
    largest: float | None = 0.0
    within = True
    for step in sorted(left.keys() | right.keys()):
        ours, theirs = left.get(step, []), right.get(step, [])
        if [_bits(value) for value in ours] == [_bits(value) for value in theirs]:
            continue
        if parted is None:
            unlike = ((a, b) for a, b in zip_longest(ours, theirs) if a is None or b is None or _bits(a) != _bits(b))
            parted = (step, *next(unlike))
        pairs = list(zip(ours, theirs, strict=False))
        within = within and len(ours) == len(theirs) and all(_close(a, b, tolerance) for a, b in pairs)
        largest = _larger(largest, pairs, len(ours) == len(theirs))
    if parted is None:
        return MetricVerdict(key, "EXACT", points)
    return MetricVerdict(key, "WITHIN TOLERANCE" if within else "DIFFERENT", points, *parted, largest)


def _by_step(history: Iterable[Metric]) -> dict[int, list[float]]:
    found: dict[int, list[float]] = defaultdict(list)
    for point in history:
        found[point.step].append(point.value)
    for values in found.values():
        values.sort(key=lambda value: (math.isnan(value), value))
    return found


def _bits(value: float) -> bytes:
    return b"nan" if math.isnan(value) else struct.pack("<d", value)


def _close(a: float, b: float, tolerance: Tolerance) -> bool:
    if _bits(a) == _bits(b):
        return True
    return math.isfinite(a) and math.isfinite(b) and abs(a - b) <= tolerance.absolute + tolerance.relative * abs(a)


def _larger(so_far: float | None, pairs: list[tuple[float, float]], complete: bool) -> float | None:
    if so_far is None or not complete or not all(math.isfinite(a) and math.isfinite(b) for a, b in pairs):
        return None
    return max([so_far, *(abs(a - b) for a, b in pairs)])
