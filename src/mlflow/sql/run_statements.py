"""The statement that reads a piece of one group of a search's result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from mlflow.sql.keyset import after, ordering
from mlflow.sql.run_filters import one_of
from mlflow.sql.run_orders import Phase
from mlflow.sql.tables import runs

__all__ = ["statement"]


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


def _piece(
    group: Phase, experiment_ids: Sequence[int], after_values: Sequence[Any], limit: int, bare: bool = False
) -> sa.Select[Any]:
    columns = () if bare else (sort.column.label(f"sort_{number}") for number, sort in enumerate(group.sorts))
    chosen = sa.select(runs.c.id, *columns).select_from(group.source)
    chosen = chosen.where(one_of(group.experiment_id, experiment_ids), *group.conditions)
    if after_values:
        chosen = chosen.where(after(group.sorts, after_values))
    return chosen.order_by(*ordering(group.sorts)).limit(limit)
