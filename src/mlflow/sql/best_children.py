"""Which of the runs below others did best."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.keys import Keys
from mlflow.sql.matrix import ColumnName, summary_column
from mlflow.sql.run_rows import RunRow
from mlflow.sql.tables import runs, summaries, tags

__all__ = ["PARENT_TAG", "checked_metric", "read_best_children"]

PARENT_TAG = "mlflow.parentRunId"


def checked_metric(text: str) -> ColumnName:
    """Read `metrics.k` or `min(metrics.k)`.

    Raises:
        InvalidParameterValue: it is none of these.
    """
    column = ColumnName.parse(text)
    if column.kind != "metric":
        raise InvalidParameterValue(f"Invalid column '{text}'; name a metric: metrics.<key> or min(metrics.<key>).")
    return column


def read_best_children(
    connection: Connection, keys: Keys, parents: Sequence[RunRow], column: ColumnName, *, largest: bool
) -> list[int]:
    """The numbers of the best children, in the parents' order; of equal ones the one that was made first."""
    parent_key = keys.find(connection, "tag", [PARENT_TAG]).get(PARENT_TAG)
    key = keys.find(connection, "metric", [column.key]).get(column.key)
    if parent_key is None or key is None or not parents:
        return []
    value = summary_column(column)
    order = value.desc() if largest else value.asc()
    place = sa.func.row_number().over(partition_by=tags.c.head, order_by=(order, runs.c.id)).label("place")
    ranked = (
        sa.select(tags.c.head.label("parent"), runs.c.id, place)
        .join_from(tags, runs, runs.c.id == tags.c.run)
        .join(summaries, (summaries.c.run == tags.c.run) & (summaries.c.key_id == key))
        .where(
            tags.c.experiment_id.in_({parent.experiment_id for parent in parents}),
            tags.c.key_id == parent_key,
            tags.c.head.in_([parent.run_id for parent in parents]),
            runs.c.deleted == 0,
            value.is_not(None),
        )
        .subquery()
    )
    best = sa.select(ranked.c.parent, ranked.c.id).where(ranked.c.place == 1)
    found = {row.parent: row.id for row in connection.execute(best)}
    return [found[parent.run_id] for parent in parents if parent.run_id in found]
