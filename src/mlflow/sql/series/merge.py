"""Bringing new points into a series: exact unions, and the split into segments."""

from __future__ import annotations

from collections.abc import Sequence

from mlflow._numpy import np, npt
from mlflow.sql.series.points import Points, Position
from mlflow.sql.series.segment import SEALED


def union(existing: Points, new: Points) -> tuple[Points, Points]:
    """Two sets of points as one.

    Args:
        existing: distinct points in storage order.
        new: points in any order, also repeated.

    Returns:
        The union in storage order, and those of `new` that `existing` lacks, each once, in storage order. `existing`
        itself is not read when `new` begins after its end.
    """
    new = new.distinct()
    if not len(new) or not len(existing):
        return (existing if len(existing) else new), new
    if existing.position(-1) < new.position(0):
        return Points.joined((existing, new)), new
    both = Points.joined((existing, new))
    order = both.storage_order()
    merged = both[order]
    kept = ~merged.repeats()
    return merged[kept], merged[kept & (order >= len(existing))]


def split(points: Points, size: int = SEALED) -> list[Points]:
    """The points in pieces of `size`; the last piece may be shorter, and there is none of no points."""
    return [points[start : start + size] for start in range(0, len(points), size)]


def route(lasts: Sequence[Position], new: Points) -> dict[int, Points]:
    """Which of a series' segments each new point may lie in.

    Args:
        lasts: the place of each segment's last point, ascending; segments do not overlap.
        new: points in any order, also repeated.

    Returns:
        For each segment that a point may lie in, its index and the distinct points; those after the last segment are
        under `len(lasts)`, and when they are all there is, nothing stored needs to be read.
    """
    new = new.distinct()
    if not len(new):
        return {}
    if not lasts or lasts[-1] < new.position(0):
        return {len(lasts): new}
    places = _places(lasts, new)
    targets, starts = np.unique(places, return_index=True)
    ends = [*starts.tolist(), len(new)][1:]
    pieces = zip(targets.tolist(), starts.tolist(), ends, strict=True)
    return {target: new[start:end] for target, start, end in pieces}


def _places(lasts: Sequence[Position], new: Points) -> npt.NDArray[np.intp]:
    ends = Points.of([end.step for end in lasts], [end.timestamp for end in lasts], [end.value for end in lasts])
    # the stable order puts a point before the segment's end that equals it, because new points are joined first
    order = Points.joined((new, ends)).storage_order()
    is_end = order >= len(new)
    places: npt.NDArray[np.intp] = np.cumsum(is_end, dtype=np.intp)
    return places[~is_end]
