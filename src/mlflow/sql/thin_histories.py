"""Histories thinned to a few points.

The points that are kept lie in nearly all segments, so all of them are read: 15 ms for 1,000,000 points. A page that
shows charts asks for the same ones again and again; what it was told counts while the version of the run is the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from mlflow._numpy import np, npt
from mlflow.sql.recent import Recent
from mlflow.sql.run_rows import read_versions
from mlflow.sql.series.points import Points
from mlflow.sql.series.thin import located, thinned
from mlflow.sql.stored_series import Extent, each_segment, read_extents, read_points

__all__ = ["ThinHistories", "Window"]

Window = tuple[int, int]
_MOST_KEPT = 256  # of at most 2,500 points, 60 kB


class ThinHistories:
    """Reads thinned histories and keeps the last ones."""

    def __init__(self) -> None:
        self._recent: Recent[tuple[int, int, int, Window | None, int], Points] = Recent(_MOST_KEPT)

    def read(
        self, connection: Connection, runs: Sequence[int], key_id: int, window: Window | None, most: int
    ) -> dict[int, Points]:
        """Points of one key of runs in storage order, at most so many a run, spread evenly; by the run's number.

        Args:
            connection: in a transaction.
            runs: the numbers of the runs.
            key_id: the number of the metric's key.
            window: the first and last step to be considered; None for all.
            most: points a run.
        """
        # versions first: what is read afterwards may be newer, and is then kept under a version that nobody asks for
        versions = read_versions(connection, runs)
        keys = {run: (run, versions.get(run, -1), key_id, window, most) for run in runs}
        found = {run: points for run, key in keys.items() if (points := self._recent.get(key)) is not None}
        missing = [run for run in runs if run not in found]
        if missing:
            none, read = Points.joined(()), _read_thinned(connection, missing, key_id, window, most)
            for run in missing:
                found[run] = read.get(run, none)
                self._recent.put(keys[run], found[run])
        return found


def _read_thinned(
    connection: Connection, runs: Sequence[int], key_id: int, window: Window | None, most: int
) -> dict[int, Points]:
    found = {
        series.run: _touched(extents, window) for series, extents in read_extents(connection, runs, [key_id]).items()
    }
    edges = [extent for extents in found.values() for extent in extents if window and _is_cut(extent, window)]
    outside = dict(
        zip(map(id, edges), (_outside(points, window) for points in read_points(connection, edges)), strict=True)
    )
    chosen = {run: _choose(extents, outside, most) for run, extents in found.items()}
    places = [(found[run][index], inside) for run, parts in chosen.items() for index, inside in parts]
    kept = [Points.joined(())] * len(places)
    for index, points in each_segment(connection, [extent for extent, _ in places]):
        kept[index] = points[places[index][1]]  # a copy: the rest of the segment is let go at once
    pieces = iter(kept)
    return {run: Points.joined(next(pieces) for _ in parts) for run, parts in chosen.items()}


def _touched(extents: list[Extent], window: Window | None) -> list[Extent]:
    if window is None:
        return extents
    start, end = window
    return [extent for extent in extents if extent.max_step >= start and extent.min_step <= end]


def _is_cut(extent: Extent, window: Window) -> bool:
    return extent.min_step < window[0] or extent.max_step > window[1]


def _outside(points: Points, window: Window | None) -> tuple[int, int]:
    """How many points of a segment come before the window and after it."""
    if window is None:
        return 0, 0
    before, until = np.searchsorted(points.steps, window[0]), np.searchsorted(points.steps, window[1], "right")
    return int(before), len(points) - int(until)


def _choose(
    extents: Sequence[Extent], outside: dict[int, tuple[int, int]], most: int
) -> list[tuple[int, npt.NDArray[np.intp]]]:
    """Which points to take of which segments."""
    before, after = (
        sum(side) for side in zip((0, 0), *(outside.get(id(extent), (0, 0)) for extent in extents), strict=True)
    )
    counts = np.array([extent.n for extent in extents], np.int64)
    return located(thinned(int(counts.sum()) - before - after, most) + before, counts)
