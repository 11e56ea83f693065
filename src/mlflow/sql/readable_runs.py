"""Which of some runs a caller may read."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import Caller
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.access import visible
from mlflow.sql.run_rows import RunRow
from mlflow.sql.tables import runs

__all__ = ["named_runs", "readable_runs"]

_CHUNK = 500
_MOST_NAMED = 500


def readable_runs(connection: Connection, caller: Caller, run_ids: Sequence[str]) -> dict[str, RunRow]:
    """The rows of runs by id, in the order given, deleted ones too; what the caller may not read is left out."""
    wanted = list(dict.fromkeys(run_ids))
    found: dict[str, RunRow] = {}
    for start in range(0, len(wanted), _CHUNK):
        chosen = sa.select(*(runs.c[name] for name in RunRow._fields)).where(
            runs.c.workspace == caller.workspace,
            runs.c.run_id.in_(wanted[start : start + _CHUNK]),
            visible(caller, runs.c.experiment_id),
        )
        found.update((row.run_id, RunRow(*row)) for row in connection.execute(chosen))
    return {run_id: found[run_id] for run_id in wanted if run_id in found}


def named_runs(connection: Connection, caller: Caller, run_ids: Sequence[str]) -> list[RunRow]:
    """The rows of those runs of a request that the caller may read.

    Raises:
        InvalidParameterValue: the request names more than 500.
    """
    if len(run_ids) > _MOST_NAMED:
        raise InvalidParameterValue(
            f"Invalid value for parameter 'run_ids': it has {len(run_ids)} runs; name {_MOST_NAMED} at most."
        )
    return list(readable_runs(connection, caller, run_ids).values())
