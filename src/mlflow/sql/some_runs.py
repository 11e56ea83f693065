"""Some runs of an experiment, of all times, to judge the others by."""

from __future__ import annotations

from functools import cached_property

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.tables import runs

__all__ = ["SomeRuns"]

_SAMPLED, _TIMES = 512, 8  # runs, and times around which they started


class SomeRuns:
    """Active runs of an experiment, read when they are first asked for."""

    def __init__(self, connection: Connection, experiment_id: int) -> None:
        self._connection = connection
        self._here = (runs.c.experiment_id == experiment_id, runs.c.deleted == 0)

    @cached_property
    def total(self) -> int:
        """How many there are."""
        return self._connection.scalar(sa.select(sa.func.count()).select_from(runs).where(*self._here)) or 0

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Those of 512 of them, or of all if they are fewer."""
        ends = sa.select(sa.func.min(runs.c.start_time)), sa.select(sa.func.max(runs.c.start_time))
        first, last = (self._connection.scalar(end.where(*self._here)) or 0 for end in ends)
        before = sa.select(runs.c.id).where(*self._here, runs.c.start_time <= sa.bindparam("time"))
        before = before.order_by(runs.c.start_time.desc()).limit(_SAMPLED // _TIMES)
        times = [last - (last - first) * number // _TIMES for number in range(_TIMES)]
        return frozenset(run for time in times for run in self._connection.scalars(before, {"time": time}))

    @property
    def times(self) -> float:
        """How many times as many there are in all."""
        return self.total / max(len(self.numbers), 1)
