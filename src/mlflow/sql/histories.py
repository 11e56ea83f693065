"""Pages and thinned pieces of histories, read from the segments that they touch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from mlflow.sql.series.history import Page
from mlflow.sql.series.points import Points
from mlflow.sql.series.thin import located, thinned
from mlflow.sql.stored_series import Extent, SeriesId, read_extents, read_points

__all__ = ["read_beginnings", "read_page", "read_thinned"]

Window = tuple[int, int]


def read_page(
    connection: Connection, run: int, key_id: int, offset: int = 0, limit: int | None = None
) -> tuple[Points, bool]:
    """Points of a series by (timestamp, step, value), and whether more follow.

    Args:
        connection: in a transaction.
        run: the number of the run.
        key_id: the number of the metric's key.
        offset: points to skip.
        limit: the most to read; None for all.
    """
    extents = read_extents(connection, [run], [key_id]).get(SeriesId(run, key_id), [])
    count = sum(extent.n for extent in extents)
    page = _page(extents, offset, count if limit is None else limit)
    points = page.cut(read_points(connection, [extents[index] for index in page.needed]))
    return points, 0 < len(points) < count - offset


def read_beginnings(connection: Connection, runs: Sequence[int], key_id: int, most: int) -> dict[int, Points]:
    """Points of one key by (timestamp, step, value), run by run in the order given until there are `most`."""
    found = read_extents(connection, runs, [key_id])
    pages: dict[int, tuple[Page, list[Extent]]] = {}
    for run in runs:
        extents = found.get(SeriesId(run, key_id), [])
        page = _page(extents, 0, most)
        pages[run] = page, [extents[index] for index in page.needed]
        most -= min(most, sum(extent.n for extent in extents))
    needed = [extent for _, extents in pages.values() for extent in extents]
    loaded = iter(read_points(connection, needed))
    return {run: page.cut([next(loaded) for _ in extents]) for run, (page, extents) in pages.items()}


def read_thinned(
    connection: Connection, runs: Sequence[int], key_id: int, window: Window | None, most: int
) -> dict[int, Points]:
    """Points of one key of several runs in storage order, at most so many a run, spread evenly; by the run's number.

    Args:
        connection: in a transaction.
        runs: the numbers of the runs.
        key_id: the number of the metric's key.
        window: the first and last step to be considered; None for all.
        most: points a run.
    """
    found = {
        series.run: _touched(extents, window) for series, extents in read_extents(connection, runs, [key_id]).items()
    }
    edges = [extent for extents in found.values() for extent in extents if window and _is_cut(extent, window)]
    outside = dict(
        zip(map(id, edges), (_outside(points, window) for points in read_points(connection, edges)), strict=True)
    )
    chosen = {run: _choose(extents, outside, most) for run, extents in found.items()}
    places = [(found[run][index], inside) for run, parts in chosen.items() for index, inside in parts]
    loaded = iter(read_points(connection, [extent for extent, _ in places]))
    return {run: Points.joined(next(loaded)[inside] for _, inside in parts) for run, parts in chosen.items()}


def _page(extents: Sequence[Extent], offset: int, limit: int) -> Page:
    return Page.of(
        [extent.n for extent in extents],
        [extent.min_timestamp for extent in extents],
        [extent.max_timestamp for extent in extents],
        offset,
        limit,
    )


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
