"""How the numbers of a column lie among runs, counted by the database."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.columns import Histogram
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.active_runs import of_active_runs
from mlflow.sql.keys import Keys
from mlflow.sql.matrix import ColumnName, summary_column
from mlflow.sql.run_filters import one_of
from mlflow.sql.run_plans import Census
from mlflow.sql.runs_search import RunQuery, count_runs, matching_runs
from mlflow.sql.tables import params, runs, summaries, tags

__all__ = ["read_histogram"]

_INFINITE = 1.7976931348623157e308  # stands for what was logged as infinite
_TABLES = {"metric": summaries, "param": params, "tag": tags}


def read_histogram(
    connection: Connection, keys: Keys, census: Census, query: RunQuery, column: ColumnName, bins: int
) -> Histogram:
    """Count the runs of a search in equal intervals of a column.

    Raises:
        InvalidParameterValue: the column holds names.
    """
    total = count_runs(connection, keys, census, query)
    found = _numbers(connection, keys, census, query, column) if total else None
    if found is None:
        return Histogram([], [], total, total)
    chosen, number = found
    chosen = chosen.where(number > -_INFINITE, number < _INFINITE)
    facts = chosen.add_columns(sa.func.min(number), sa.func.max(number), sa.func.count())
    low, high, count = connection.execute(facts).one()
    if low is None:
        return Histogram([], [], total, total)
    edges = _edges(float(low), float(high), bins)
    counts = [count] if len(edges) == 2 else _counts(connection, chosen, number, edges)
    return Histogram(edges, counts, total, total - sum(counts))


def _counts(
    connection: Connection, chosen: sa.Select[Any], number: sa.ColumnElement[Any], edges: Sequence[float]
) -> list[int]:
    counts = [0] * (len(edges) - 1)
    at = _bin(number, edges, 0, len(counts)).label("at")
    for place, count in connection.execute(chosen.add_columns(at, sa.func.count()).group_by(at)):
        counts[place] = count
    return counts


def _numbers(
    connection: Connection, keys: Keys, census: Census, query: RunQuery, column: ColumnName
) -> tuple[sa.Select[Any], sa.ColumnElement[Any]] | None:
    """Rows of the runs that match, and which number of them is meant; None where no run has the key."""
    if column.kind == "duration":
        length = runs.c.end_time - runs.c.start_time
        matching = runs.c.id.in_(matching_runs(connection, keys, census, query))
        return sa.select().select_from(runs).where(matching, runs.c.end_time.is_not(None)), length
    table = _TABLES.get(column.kind)
    if table is None:
        raise InvalidParameterValue(f"Invalid column '{column.text}'; a histogram needs numbers: name a metric.")
    key_id = keys.find(connection, column.kind, [column.key]).get(column.key)  # type: ignore[arg-type]  # those of keys
    if key_id is None:
        return None
    number = summary_column(column) if column.kind == "metric" else table.c.number
    if query.filter is None and query.view_type == "ACTIVE_ONLY":
        chosen = of_active_runs(connection, table, query.experiment_ids)
    else:
        matching = table.c.run.in_(matching_runs(connection, keys, census, query))
        chosen = sa.select().select_from(table).where(one_of(table.c.experiment_id, query.experiment_ids), matching)
    return chosen.where(table.c.key_id == key_id), number


def _edges(low: float, high: float, bins: int) -> list[float]:
    """Where the bins begin, and the greatest number; numbers too near each other are in one bin."""
    width = high / bins - low / bins  # the whole span may be more than the greatest number
    edges = [low + at * width for at in range(bins)]
    return [*edges, high] if all(a < b for a, b in zip(edges, [*edges[1:], high], strict=True)) else [low, high]


def _bin(number: sa.ColumnElement[Any], edges: Sequence[float], first: int, end: int) -> sa.ColumnElement[int]:
    """The bin of a number among those from `first` up to `end`, found by halving: cheap, and exact at the edges."""
    if end - first == 1:
        return sa.literal(first, sa.Integer)
    middle = math.ceil((first + end) / 2)
    lower, upper = _bin(number, edges, first, middle), _bin(number, edges, middle, end)
    return sa.case((number < edges[middle], lower), else_=upper)
