"""The points that changes tell of, from the blocks that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.keys import Keys
from mlflow.sql.series.block import decode_block
from mlflow.sql.series.points import Batch, Points
from mlflow.sql.stored_series import only_point, read_summaries
from mlflow.sql.tables import blocks

__all__ = ["Arrived", "newest_points"]

_MOST = 100  # points of one series
_CHUNK = 500
_BLOCKS = sa.select(blocks.c.id, blocks.c.data).where(blocks.c.id.in_(sa.bindparam("numbers", expanding=True)))

Series = dict[str, list[list[Any]]]


class Arrived(NamedTuple):
    """The blocks that changes of one run name, and the number of the last change."""

    seq: int
    blocks: list[int]


def newest_points(connection: Connection, keys: Keys, arrived: Mapping[int, Sequence[int]]) -> dict[int, Series]:
    """For each run the points by key, at most 100 a series, as [step, timestamp, value] with NaN as a text.

    Args:
        connection: in a transaction.
        keys: names of keys.
        arrived: the numbers of blocks, by that of their run.
    """
    found = _read(connection, [number for numbers in arrived.values() for number in numbers])
    folded = [run for run, numbers in arrived.items() if any(number not in found for number in numbers)]
    points: dict[int, dict[int, Points]] = {run: {} for run in arrived}
    for series, summary in read_summaries(connection, folded, None).items() if folded else ():
        points[series.run][series.key_id] = only_point(summary)
    for run, numbers in arrived.items():
        batch = Batch.joined([found[number] for number in numbers if number in found])
        points[run] |= {key: own[-_MOST:] for key, own in batch.by_key()}
    names = keys.names(connection, {key for of_run in points.values() for key in of_run})
    return {
        run: {names[key]: _listed(own) for key, own in of_run.items() if key in names} for run, of_run in points.items()
    }


def _read(connection: Connection, numbers: Sequence[int]) -> dict[int, Batch]:
    found: dict[int, Batch] = {}
    for start in range(0, len(numbers), _CHUNK):
        for row in connection.execute(_BLOCKS, {"numbers": numbers[start : start + _CHUNK]}):
            found[row.id] = decode_block(row.data)
    return found


def _listed(points: Points) -> list[list[Any]]:
    columns = points.steps.tolist(), points.timestamps.tolist(), points.values.tolist()
    return [[step, time, value if value == value else "NaN"] for step, time, value in zip(*columns, strict=True)]
