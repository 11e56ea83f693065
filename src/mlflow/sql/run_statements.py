"""The statement that reads a piece of one group of a search's result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.keyset import after, ordering
from mlflow.sql.run_filters import one_of
from mlflow.sql.run_orders import Phase
from mlflow.sql.tables import runs

__all__ = ["numbers_of", "statement"]

_FEW = 1000


def statement(
    group: Phase,
    experiment_ids: Sequence[int],
    after_values: Sequence[Any],
    limit: int,
    *,
    apart: bool,
    bare: bool = False,
) -> sa.Select[Any]:
    """Select runs' numbers, and their sort values as `sort_0` and so on.

    Args:
        group: which runs, in which order.
        experiment_ids: at least one.
        after_values: the sort values of the row to go on after; none for the beginning.
        limit: most rows.
        apart: read the first rows of each experiment by itself and merge them, which an index can do without sorting.
        bare: select no sort values.
    """
    if not apart:
        return _piece(group, experiment_ids, after_values, limit, bare)
    pieces = [_piece(group, [number], after_values, limit).subquery() for number in experiment_ids]
    merged = sa.union_all(*(sa.select(piece) for piece in pieces)).subquery()
    sorts = [sort._replace(column=merged.c[f"sort_{number}"]) for number, sort in enumerate(group.sorts)]
    return sa.select(merged.c.id if bare else merged).order_by(*ordering(sorts)).limit(limit)


def numbers_of(connection: Connection, chosen: sa.Select[Any], limit: int) -> list[int]:
    """The numbers that a bare `statement` with this limit selects.

    Many come from SQLite as one text: row by row 100,000 took five times as long, and the interpreter's lock was given
    up as often, for which each time another thread may keep it for 5 ms.
    """
    if limit <= _FEW or connection.dialect.name != "sqlite":
        return list(connection.scalars(chosen).all())
    text = connection.scalar(sa.select(sa.func.json_group_array(chosen.subquery().c.id)))
    return msgspec.json.decode(text or "[]", type=list[int])


def _piece(
    group: Phase, experiment_ids: Sequence[int], after_values: Sequence[Any], limit: int, bare: bool = False
) -> sa.Select[Any]:
    columns = () if bare else (sort.column.label(f"sort_{number}") for number, sort in enumerate(group.sorts))
    chosen = sa.select(runs.c.id, *columns).select_from(group.source)
    chosen = chosen.where(one_of(group.experiment_id, experiment_ids), *group.conditions)
    if after_values:
        chosen = chosen.where(after(group.sorts, after_values))
    return chosen.order_by(*ordering(group.sorts)).limit(limit)
