"""Late and repeated points: exact unions with the segments of a series that they may lie in."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.series.merge import route, split, union
from mlflow.sql.series.points import Points
from mlflow.sql.series.segment import HEADER_SIZE, SEALED, decode_segment, read_header
from mlflow.sql.stored_series import SeriesId, segment_row
from mlflow.sql.tables import segments

__all__ = ["merge_overlap"]

_MOST = 2 * SEALED
"""Points to which late ones may make a segment grow before it is split, which renumbers those after it."""

_OWN = (segments.c.run == sa.bindparam("run"), segments.c.key_id == sa.bindparam("key"))
_HEADS = sa.select(sa.func.substr(segments.c.data, 1, HEADER_SIZE, type_=segments.c.data.type))
_HEADS = _HEADS.where(*_OWN).order_by(segments.c.ordinal)
_ROW = sa.select(segments).where(*_OWN, segments.c.ordinal == sa.bindparam("at"))


def merge_overlap(connection: Connection, series: SeriesId, new: Points) -> tuple[list[dict[str, Any]], Points]:
    """Bring points into a series of at least one segment.

    Args:
        connection: in a transaction.
        series: whose points.
        new: distinct points in storage order.

    Returns:
        The rows of segments to insert or overwrite, and those of `new` that the series lacked.
    """
    merge = _Merge(connection, series)
    fresh = merge.bring(new)
    return merge.rows(), fresh


class _Merge:
    """The segments of one series and what becomes of them."""

    def __init__(self, connection: Connection, series: SeriesId) -> None:
        self._connection = connection
        self._series = series
        heads = connection.scalars(_HEADS, {"run": series.run, "key": series.key_id})
        self._headers = [read_header(bytes(head)) for head in heads]
        self._pieces: dict[int, list[Points]] = {}

    def bring(self, new: Points) -> Points:
        """Join each point to the segment it belongs in; answer those that are new."""
        end = len(self._headers)
        targets = route([header.last for header in self._headers], new)
        if end in targets and self._headers[-1].count < SEALED:
            targets[end - 1] = Points.joined([points for at in (end - 1, end) if (points := targets.pop(at, None))])
        fresh = [self._bring(at, points) for at, points in sorted(targets.items())]
        return Points.joined(fresh)

    def _bring(self, at: int, new: Points) -> Points:
        if at == len(self._headers):
            self._pieces[at] = split(new)
            return new
        merged, fresh = union(decode_segment(self._row(at)["data"]), new)
        if len(fresh):
            last = at == len(self._headers) - 1
            self._pieces[at] = split(merged) if last or len(merged) > _MOST else [merged]
        return fresh

    def rows(self) -> list[dict[str, Any]]:
        """The rows that change; where a segment was split, those after it move up."""
        changed: list[dict[str, Any]] = []
        shift = 0
        for at in range(min(self._pieces, default=0), len(self._headers) + 1):
            pieces = self._pieces.get(at)
            if pieces is not None:
                changed += [segment_row(self._series, at + shift + i, piece) for i, piece in enumerate(pieces)]
                shift += len(pieces) - 1
            elif shift and at < len(self._headers):
                changed.append(self._row(at) | {"ordinal": at + shift})
        return changed

    def _row(self, at: int) -> dict[str, Any]:
        values = {"run": self._series.run, "key": self._series.key_id, "at": at}
        return dict(self._connection.execute(_ROW, values).one()._mapping)
