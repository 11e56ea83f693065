"""Pages of a series in the order of get-history, (timestamp, step, value), from segments in storage order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from msgspec import Struct

from mlflow._numpy import np, npt
from mlflow.sql.series.points import Integers, Points


class Page(Struct, frozen=True):
    """Where a page of a listing by time is found.

    Attributes:
        needed: indices of the segments to load, ascending.
        skip: points of those segments that come before the page.
        limit: points of the page.
    """

    needed: list[int]
    skip: int
    limit: int

    @classmethod
    def of(
        cls,
        counts: Sequence[int],
        min_timestamps: Sequence[int],
        max_timestamps: Sequence[int],
        offset: int,
        limit: int,
    ) -> Page:
        """The page of `limit` points from `offset` on, of segments with these counts and extents in time."""
        order = np.argsort(np.asarray(min_timestamps, np.int64), kind="stable")
        sizes = np.asarray(counts, np.int64)[order]
        starts = np.cumsum(sizes) - sizes
        clusters = _clusters(np.asarray(min_timestamps, np.int64)[order], np.asarray(max_timestamps, np.int64)[order])
        bounds = [*starts[clusters].tolist(), int(sizes.sum())]
        first, last = bisect_right(bounds, offset) - 1, bisect_left(bounds, offset + limit, hi=len(clusters))
        if first >= len(clusters) or limit < 1:
            return cls([], 0, 0)
        ends = [*clusters.tolist(), len(order)]
        return cls(sorted(order[ends[first] : ends[last]].tolist()), offset - bounds[first], limit)

    def cut(self, loaded: Sequence[Points]) -> Points:
        """The page, from the points of the segments in `needed`, in that order."""
        return Points.joined(loaded).by_time()[self.skip : self.skip + self.limit]


def _clusters(least: Integers, greatest: Integers) -> npt.NDArray[np.intp]:
    """Where segments begin whose times all lie after those of the segments before, which are sorted by least time."""
    reached = np.maximum.accumulate(greatest)
    later = np.ones(len(least), np.bool_)
    later[1:] = least[1:] > reached[:-1]
    return np.flatnonzero(later)
