"""Whether to walk through runs in their order, or to start from the few that the indexes of some clauses name.

SQLite keeps no statistics of values, so it cannot tell a rare clause from a common one, and PostgreSQL's estimates for
EXISTS were two to four times slower than this. The numbers that decide are counted in the indexes, up to a limit: about
50 ns an entry. Costs are those of 100,000 runs in SQLite, in benchmarks/sql_search.py.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.search import And, Comparison, Node
from mlflow.contract.search.tree import all_of
from mlflow.sql.run_filters import Filters, Start, one_of
from mlflow.sql.tables import runs

__all__ = ["Census", "Plan", "plan"]

_MOST_COUNTED = 10_000
_COMMON = 0.3  # share of the runs that a clause is taken to match when counting was given up
_ENTRY = 0.2  # cost of an entry of an index, in steps of a walk (3 µs)
_FETCH = 3.0  # cost of a run that is not the next one
_SECONDS_KEPT = 30.0
_MOST_KEPT = 10_000


class Census:
    """About how many runs experiments have: counted at most every 30 seconds."""

    def __init__(self) -> None:
        self._counts: dict[int, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def count(self, connection: Connection, experiment_ids: Sequence[int]) -> int:
        """The number of runs of some experiments, the deleted ones too."""
        time_now = time.monotonic()
        counts = self._counts
        stale = [number for number in experiment_ids if counts.get(number, (0, 0.0))[1] < time_now]
        if stale:
            chosen = sa.select(runs.c.experiment_id, sa.func.count()).where(runs.c.experiment_id.in_(stale))
            found = {row[0]: row[1] for row in connection.execute(chosen.group_by(runs.c.experiment_id))}
            self._remember({number: (found.get(number, 0), time_now + _SECONDS_KEPT) for number in stale})
            counts = self._counts
        return sum(counts.get(number, (0, 0.0))[0] for number in experiment_ids)

    def _remember(self, counts: dict[int, tuple[int, float]]) -> None:
        with self._lock:
            self._counts = (self._counts if len(self._counts) < _MOST_KEPT else {}) | counts


class Plan(NamedTuple):
    """How to find the runs that match.

    Attributes:
        starts: the runs must be in all of these, the first has the fewest; none means to walk.
        rest: what is left of the filter to look at, run by run, the rarest clause first.
    """

    starts: tuple[Start, ...]
    rest: Node | None


def plan(
    connection: Connection,
    filters: Filters,
    node: Node,
    experiment_ids: Sequence[int],
    census: Census,
    wanted: int,
) -> Plan:
    """The plan for a filter.

    Args:
        connection: to count with.
        filters: translates the clauses.
        node: the filter.
        experiment_ids: the experiments searched.
        census: how many runs they have.
        wanted: rows the search ends after.
    """
    clauses = node.items if isinstance(node, And) else (node,)
    starts = [start for clause in clauses if isinstance(clause, Comparison) and (start := filters.start(clause))]
    if not starts:
        return Plan((), node)
    counted = sorted(((_count(connection, start, experiment_ids), start) for start in starts), key=itemgetter(0))
    total = max(census.count(connection, experiment_ids), 1)
    chosen, cost = _chosen(counted, total, len(clauses))
    if cost >= min(wanted / max(_share(counted, total), 1e-9), total):
        chosen = []
    return Plan(tuple(chosen), _rest(clauses, [start.clause for _, start in counted], chosen))


def _share(counted: Sequence[tuple[int, Start]], total: int) -> float:
    """The share of runs that match, as if clauses had nothing to do with each other."""
    shares = (count / total if count < _MOST_COUNTED else max(count / total, _COMMON) for count, _ in counted)
    return math.prod(min(share, 1.0) for share in shares)


def _rest(clauses: Sequence[Node], rarest_first: Sequence[Node], chosen: Sequence[Start]) -> Node | None:
    answered = [start.clause for start in chosen if start.exact]
    others = [clause for clause in clauses if all(clause is not other for other in rarest_first)]
    rest = [clause for clause in (*rarest_first, *others) if all(clause is not other for other in answered)]
    return all_of(rest) if rest else None


def _chosen(counted: Sequence[tuple[int, Start]], total: int, clauses: int) -> tuple[list[Start], float]:
    """The starts that are worth their reading, and the cost of the plan in steps of a walk."""
    chosen, left = [counted[0][1]], float(counted[0][0])
    cost = _ENTRY * left
    for count, start in counted[1:]:
        if count < _MOST_COUNTED and start.exact and _ENTRY * count < left:
            chosen.append(start)
            cost += _ENTRY * count
            left *= count / total
    return chosen, cost + left * (_FETCH + clauses - len(chosen))


def _count(connection: Connection, start: Start, experiment_ids: Sequence[int]) -> int:
    here = one_of(start.table.c.experiment_id, experiment_ids)
    some = sa.select(start.table.c.run).where(here, start.condition).limit(_MOST_COUNTED).subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0
