"""A chart's view of a series: a range of steps or times in so many buckets, read from as few bytes as it takes."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from mlflow._numpy import np, npt
from mlflow.sql.series.groups import weighted_sum
from mlflow.sql.series.outline import Cells, decode_outlines
from mlflow.sql.series.points import Integers, Points, Reals


class Axis(enum.Enum):
    """What a chart's buckets divide."""

    STEP = "step"
    TIME = "time"


class Buckets(Struct, frozen=True, eq=False):
    """Columns of equal length, a position for each bucket that holds a point, ascending.

    Attributes:
        index: which of the zoom's buckets.
        low: the least step or timestamp of its points.
        high: the greatest one; above the bucket's end by at most half a bucket.
        min: the least number; NaN, as the next three, when all its points are NaN.
        max: the greatest number.
        mean: of the numbers.
        last: the number that comes last along the axis; inside a cell, in storage order.
        count: points, NaN among them.
    """

    index: npt.NDArray[np.intp]
    low: Integers
    high: Integers
    min: Reals
    max: Reals
    mean: Reals
    last: Reals
    count: Integers


class Zoom:
    """A range of an axis in equal buckets: make it from outlines, load the segments it needs, then draw.

    A cell of an outline is drawn whole, in the bucket of its middle, when it lies in the range and spans at most half a
    bucket; other cells in the range have their segments read. So each count is of real points, every point in the range
    is counted once, and none is drawn further than half a bucket from its place.

    Args:
        axis: what `start` and `end` are of.
        start: the least step or timestamp.
        end: the greatest one, included.
        count: buckets, at least 1.
        outlines: of the segments that touch the range, in storage order.

    Attributes:
        needed: indices of the segments whose points `draw` wants.
    """

    def __init__(self, axis: Axis, start: int, end: int, count: int, outlines: Sequence[bytes]) -> None:
        if start > end or count < 1:
            raise ValueError(f"{count} buckets cannot divide {start} to {end}")
        self._axis, self._start, self._end = axis, start, end
        self._edges = _edges(end - start + 1, count)
        cells, owners = decode_outlines(outlines)
        low, high = _extent(axis, cells)
        usable = (low >= start) & (high <= end)
        usable &= high.astype(np.float64) - low <= (end - start + 1) / count / 2
        wanted = np.array([not outline for outline in outlines], np.bool_)
        wanted[owners[(low <= end) & (high >= start) & ~usable]] = True
        self.needed: list[int] = np.flatnonzero(wanted).tolist()
        self._cells = cells[usable & ~wanted[owners]]

    def draw(self, loaded: Mapping[int, Points], others: Points | None = None) -> Buckets:
        """The buckets.

        Args:
            loaded: the points of the segments in `needed`.
            others: points of the series that are in no segment yet.
        """
        parts = [loaded[index] for index in self.needed]
        points = Points.joined(parts if others is None else [*parts, others]).ordered()
        if self._axis is Axis.TIME:
            points = points.by_time()
        along = points.steps if self._axis is Axis.STEP else points.timestamps
        first, last = np.searchsorted(along, self._start), np.searchsorted(along, self._end, "right")
        summed = self._summed(points[first:last], along[first:last])
        return self._reduced(Cells.joined([self._cells, summed])) if len(self._cells) else self._whole(summed)

    def _whole(self, cells: Cells) -> Buckets:
        """The buckets of cells of which each is all of one."""
        low, high = _extent(self._axis, cells)
        index = np.searchsorted(self._edges, self._distance(low), "right") - 1
        return Buckets(index, low, high, cells.min, cells.max, cells.mean, cells.last, cells.count.astype(np.int64))

    def _summed(self, points: Points, along: Integers) -> Cells:
        if not len(points):
            return self._cells[:0]
        starts = np.searchsorted(self._distance(along), self._edges)
        return Cells.of(points, starts[np.diff(starts, append=len(points)) > 0])

    def _reduced(self, cells: Cells) -> Buckets:
        low, high = _extent(self._axis, cells)
        middle = self._distance(low) + (high - low).view(np.uint64) // np.uint64(2)
        buckets = np.searchsorted(self._edges, middle, "right") - 1
        order = np.lexsort((cells.max_timestamp, cells.last_step, high, buckets))
        index, starts = np.unique(buckets[order], return_index=True)
        return _buckets(index, starts, cells[order], low[order], high[order])

    def _distance(self, along: Integers) -> npt.NDArray[np.uint64]:
        # modulo 2^64 no distance inside the range overflows
        return (along - np.int64(self._start)).view(np.uint64)


@lru_cache(maxsize=64)  # the series of a chart mostly have the same
def _edges(span: int, count: int) -> npt.NDArray[np.uint64]:
    """The least distance from the start in each bucket, where a distance d lies in bucket d * count // span."""
    edges = np.array([-(-index * span // count) for index in range(count)], np.uint64)
    edges.flags.writeable = False
    return edges


def _extent(axis: Axis, cells: Cells) -> tuple[Integers, Integers]:
    if axis is Axis.STEP:
        return cells.first_step, cells.last_step
    return cells.min_timestamp, cells.max_timestamp


def _buckets(
    index: npt.NDArray[np.intp], starts: npt.NDArray[np.intp], cells: Cells, low: Integers, high: Integers
) -> Buckets:
    numbers = np.add.reduceat(cells.numbers, starts)
    shares = cells.numbers / np.repeat(np.maximum(numbers, 1), np.diff(starts, append=len(cells)))
    mean = weighted_sum(np.where(cells.numbers > 0, cells.mean, 0.0), shares, starts)
    last = np.maximum.reduceat(np.where(cells.numbers > 0, np.arange(len(cells)), -1), starts)
    return Buckets(
        index,
        np.minimum.reduceat(low, starts),
        np.maximum.reduceat(high, starts),
        np.fmin.reduceat(cells.min, starts),
        np.fmax.reduceat(cells.max, starts),
        np.where(numbers > 0, mean, np.nan),
        np.where(last < 0, np.nan, np.append(cells.last, np.nan)[last]),
        np.add.reduceat(cells.count, starts).astype(np.int64),
    )
