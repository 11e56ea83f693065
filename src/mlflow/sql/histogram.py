"""How the numbers of a column lie among runs, counted by the database."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.columns import Histogram
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.active_runs import any_deleted
from mlflow.sql.keys import Keys
from mlflow.sql.matrix import ColumnName, summary_column
from mlflow.sql.run_counts import RunCounts
from mlflow.sql.run_filters import one_of
from mlflow.sql.run_plans import Census
from mlflow.sql.runs_search import RunQuery, matching_runs
from mlflow.sql.tables import params, runs, summaries, tags

__all__ = ["read_histogram"]

_INFINITE = 1.7976931348623157e308  # stands for what was logged as infinite
_TABLES = {"metric": summaries, "param": params, "tag": tags}


def read_histogram(
    connection: Connection, keys: Keys, counts: RunCounts, query: RunQuery, column: ColumnName, bins: int
) -> Histogram:
    """Count the runs of a search in equal intervals of a column.

    Raises:
        InvalidParameterValue: the column holds names.
    """
    total = counts.count(connection, query)
    found = _numbers(connection, keys, counts.census, query, column) if total else None
    bounds = None if found is None else _bounds(connection, found)
    if found is None or bounds is None:
        return Histogram([], [], total, total)
    edges = _edges(*bounds, bins)
    bars = _counted_by_range(connection, found, edges) if found.sorted else _counted(connection, found, edges)
    return Histogram(edges, bars, total, total - sum(bars))


class _Numbers(NamedTuple):
    """Rows of the runs that match, and which number of them is meant; `sorted` by it where an index has no others."""

    rows: sa.Select[Any]
    number: sa.ColumnElement[Any]
    sorted: bool = False


def _numbers(
    connection: Connection, keys: Keys, census: Census, query: RunQuery, column: ColumnName
) -> _Numbers | None:
    """The numbers of a column; None where no run has the key."""
    if column.kind == "duration":
        length = runs.c.end_time - runs.c.start_time
        matching = runs.c.id.in_(matching_runs(connection, keys, census, query))
        return _Numbers(sa.select().select_from(runs).where(matching, runs.c.end_time.is_not(None)), length)
    table = _TABLES.get(column.kind)
    if table is None:
        raise InvalidParameterValue(f"Invalid column '{column.text}'; a histogram needs numbers: name a metric.")
    key_id = keys.find(connection, column.kind, [column.key]).get(column.key)  # type: ignore[arg-type]  # those of keys
    if key_id is None:
        return None
    number = summary_column(column) if column.kind == "metric" else table.c.number
    here = [one_of(table.c.experiment_id, query.experiment_ids), table.c.key_id == key_id]
    rows = sa.select().select_from(table).where(*here)
    is_whole = query.filter is None and query.view_type == "ACTIVE_ONLY"
    if is_whole and not any_deleted(connection, query.experiment_ids):
        return _Numbers(rows, number, column.aggregate == "latest")
    return _Numbers(rows.where(table.c.run.in_(matching_runs(connection, keys, census, query))), number)


def _finite(found: _Numbers) -> sa.Select[Any]:
    return found.rows.where(found.number > -_INFINITE, found.number < _INFINITE)


def _bounds(connection: Connection, found: _Numbers) -> tuple[float, float] | None:
    """The least and the greatest number; None where there is none."""
    bounds = [sa.func.min(found.number), sa.func.max(found.number)]
    together = _finite(found).add_columns(*bounds)
    apart = sa.select(*(_finite(found).add_columns(bound).scalar_subquery() for bound in bounds))
    low, high = connection.execute(apart if found.sorted else together).one()  # one at a time an index tells at once
    return None if low is None else (float(low), float(high))


def _counted_by_range(connection: Connection, found: _Numbers, edges: Sequence[float]) -> list[int]:
    """The numbers in each bin, by a range of the index for each: a fifth of the time that looking at them takes."""
    last = len(edges) - 2
    counts = [
        found.rows.where(found.number >= low, found.number <= high if at == last else found.number < high)
        .add_columns(sa.func.count())
        .scalar_subquery()
        for at, (low, high) in enumerate(itertools.pairwise(edges))
    ]
    return list(connection.execute(sa.select(*counts)).one())


def _counted(connection: Connection, found: _Numbers, edges: Sequence[float]) -> list[int]:
    """The numbers in each bin, all looked at."""
    counts = [0] * (len(edges) - 1)
    at = _bin(found.number, edges, 0, len(counts)).label("at")
    rows = _finite(found).add_columns(at).subquery()
    for place, count in connection.execute(sa.select(rows.c.at, sa.func.count()).group_by(rows.c.at)):
        counts[place] = count
    return counts


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
