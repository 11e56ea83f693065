"""Whether to walk through runs in their order or to start from the few that a clause's index names.

SQLite keeps no statistics of values, so it cannot tell a rare clause from a common one. The numbers that decide are
counted in the index, up to a limit: about 30 ns a row.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.search import And, Comparison, Node
from mlflow.sql.run_filters import Filters, Start, one_of
from mlflow.sql.tables import runs

__all__ = ["Census", "rarest_start"]

_MOST_COUNTED = 20_000
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


def rarest_start(
    connection: Connection,
    filters: Filters,
    node: Node,
    experiment_ids: Sequence[int],
    census: Census,
    wanted: int,
) -> Start | None:
    """The rows to start from; None when walking through the runs in order will take fewer steps.

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
        return None
    counts = [_count(connection, start, experiment_ids) for start in starts]
    total = max(census.count(connection, experiment_ids), 1)
    share = 1.0
    for count in counts:
        share *= min(count / total, 1.0)
    fewest = min(counts)
    return starts[counts.index(fewest)] if fewest < min(wanted / max(share, 1e-9), total) else None


def _count(connection: Connection, start: Start, experiment_ids: Sequence[int]) -> int:
    here = one_of(start.table.c.experiment_id, experiment_ids)
    some = sa.select(start.table.c.run).where(here, start.condition).limit(_MOST_COUNTED).subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0
