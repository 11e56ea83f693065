"""Which runs have blocks that are not folded yet."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.sql.tables import blocks, runs

__all__ = ["Pending", "find_pending"]

_CHUNK = 1000


class Pending(NamedTuple):
    """A run with blocks, and the number of the last one."""

    run: int
    last: int


def find_pending(
    connection: Connection, experiment_ids: Collection[int] | None = None, run_pks: Collection[int] | None = None
) -> list[Pending]:
    """The runs with blocks among these experiments' or these runs; of all if neither is given. One look-up a run."""
    if run_pks is not None:
        numbers = list(run_pks)
        parts = (numbers[start : start + _CHUNK] for start in range(0, len(numbers), _CHUNK))
        return [Pending(run, last) for part in parts for run, last in connection.execute(_OF_RUNS, {"numbers": part})]
    if experiment_ids is not None:
        found = connection.execute(_OF_EXPERIMENTS, {"numbers": list(experiment_ids)})
    else:
        found = connection.execute(_ALL)
    return [Pending(run, last) for run, last in found]


_NUMBERS: sa.BindParameter[list[int]] = sa.bindparam("numbers", expanding=True)
_OF_RUNS = sa.select(blocks.c.run, sa.func.max(blocks.c.id)).where(blocks.c.run.in_(_NUMBERS)).group_by(blocks.c.run)


def _walk() -> sa.Select[Any]:
    """Step from run to run along the index, rather than over all blocks; a block without a run does not count."""
    first = sa.select(sa.func.min(blocks.c.run).label("run")).cte("pending", recursive=True)
    following = sa.select(sa.func.min(blocks.c.run)).where(blocks.c.run > first.c.run).scalar_subquery()
    walk = first.union_all(sa.select(following).where(first.c.run.is_not(None)))
    last = sa.select(sa.func.max(blocks.c.id)).where(blocks.c.run == walk.c.run).scalar_subquery()
    return sa.select(walk.c.run, last).join(runs, runs.c.id == walk.c.run)


_ALL = _walk()
_OF_EXPERIMENTS = _ALL.where(runs.c.experiment_id.in_(_NUMBERS))
