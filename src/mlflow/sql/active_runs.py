"""What the active runs of experiments have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.columns import ValueCount
from mlflow.sql.tables import VALUE_HEAD, runs

__all__ = ["active", "any_deleted", "of_active_runs", "values_of"]

_LAST = chr(0x10FFFF)  # no text has a character after it


def values_of(
    connection: Connection, table: sa.Table, experiment_ids: Sequence[int], key_id: int | None, prefix: str, limit: int
) -> list[ValueCount]:
    """The most frequent values of a param or tag that start with `prefix`, and how many runs have each.

    The index has what values begin with, which is all of most: only of longer ones the rows are read, which takes ten
    times as long.
    """
    head, count = table.c.head, sa.func.count().label("count")
    found = of_active_runs(connection, table, experiment_ids).where(table.c.key_id == key_id)
    if prefix:
        start = prefix[:VALUE_HEAD]
        found = found.where(head >= start, head <= start + _LAST, sa.func.substr(head, 1, len(start)) == start)
    by_head = found.add_columns(head, count).group_by(head)
    # to sort those that occur once among the others would take as long again
    several = connection.execute(by_head.having(count > 1).order_by(count.desc(), head).limit(limit)).all()
    rows = [(row[0], row[1]) for row in several]
    if len(rows) < limit:
        first = connection.execute(by_head.order_by(head).limit(limit)).all()
        rows += [(row[0], row[1]) for row in first if row[1] == 1][: limit - len(rows)]
    if all(len(value) < VALUE_HEAD for value, _ in rows):  # no value is more frequent than what it begins with
        return [ValueCount(*row) for row in rows]
    return _whole_values(connection, table, found, prefix, limit)


def _whole_values(
    connection: Connection, table: sa.Table, found: sa.Select[Any], prefix: str, limit: int
) -> list[ValueCount]:
    """The same where long values are among the most frequent."""
    head, value, count = table.c.head, table.c.value, sa.func.count().label("count")
    is_long = sa.func.length(head) >= VALUE_HEAD  # of bytes or characters, as the database counts
    by_head = found.add_columns(head, count).where(sa.not_(is_long)).group_by(head)
    short = connection.execute(by_head.order_by(count.desc(), head).limit(limit)).all()
    whole = found.where(is_long, sa.func.substr(value, 1, len(prefix)) == prefix) if prefix else found.where(is_long)
    whole = whole.add_columns(value, count).group_by(value).order_by(count.desc(), value).limit(limit)
    counted = [ValueCount(row[0], row[1]) for row in [*short, *connection.execute(whole)]]
    return sorted(counted, key=lambda one: (-one.count, one.value))[:limit]


def of_active_runs(connection: Connection, table: sa.Table, experiment_ids: Sequence[int]) -> sa.Select[Any]:
    """Rows of active runs; nothing is joined where none is deleted, which is five times as fast."""
    found = sa.select().select_from(table).where(table.c.experiment_id.in_(experiment_ids))
    return found.where(active(table)) if any_deleted(connection, experiment_ids) else found


def any_deleted(connection: Connection, experiment_ids: Sequence[int]) -> bool:
    """Whether one of the experiments has a deleted run."""
    deleted = sa.select(runs.c.id).where(runs.c.experiment_id.in_(experiment_ids), runs.c.deleted == 1).limit(1)
    return connection.scalar(deleted) is not None


def active(table: sa.Table) -> sa.ColumnElement[bool]:
    """The condition that a row is of an active run."""
    return sa.select(runs.c.id).where(runs.c.id == table.c.run, runs.c.deleted == 0).exists()
