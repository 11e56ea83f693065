"""Metrics in a SQL database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.entities.metric import Metric
from mlflow.sql.run_rows import RunRow
from mlflow.sql.series.block import encode_block
from mlflow.sql.tables import blocks

__all__ = ["append_points"]

_INSERT = sa.insert(blocks)


def append_points(connection: Connection, run: RunRow, key_ids: Mapping[str, int], points: Sequence[Metric]) -> None:
    """Append points to a run whose row is locked, at least shared, and active.

    Args:
        connection: in a transaction.
        run: the run.
        key_ids: the number of each metric's key.
        points: already checked.
    """
    data = encode_block(
        [key_ids[point.key] for point in points],
        [point.step for point in points],
        [point.timestamp for point in points],
        [point.value for point in points],
    )
    connection.execute(_INSERT, {"run": run.id, "n": len(points), "data": data})
