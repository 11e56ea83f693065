"""Pages of histories, read from the segments that they touch."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from mlflow.sql.series.history import Page
from mlflow.sql.series.points import Points
from mlflow.sql.stored_series import Extent, SeriesId, read_extents, read_points

__all__ = ["read_beginnings", "read_page"]


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


def _page(extents: Sequence[Extent], offset: int, limit: int) -> Page:
    return Page.of(
        [extent.n for extent in extents],
        [extent.min_timestamp for extent in extents],
        [extent.max_timestamp for extent in extents],
        offset,
        limit,
    )
