"""When the processes of runs were last heard of."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import Caller
from mlflow.contract.runs import Liveness
from mlflow.entities.run_status import RunStatus
from mlflow.sql.access import visible
from mlflow.sql.ids import now
from mlflow.sql.tables import runs

__all__ = ["STALE_AFTER_MS", "read_liveness"]

STALE_AFTER_MS = 5 * 60 * 1000
"""A run that is not over counts as stale when nothing was heard of its process for so long."""

_CHUNK = 500


def read_liveness(connection: Connection, caller: Caller, run_ids: Sequence[str]) -> list[Liveness]:
    """When each run's process was last heard of, in the order given; what the caller may not read is left out."""
    found: dict[str, Liveness] = {}
    for start in range(0, len(run_ids), _CHUNK):
        chosen = sa.select(runs.c.run_id, runs.c.status, runs.c.last_heartbeat).where(
            runs.c.workspace == caller.workspace,
            runs.c.run_id.in_(run_ids[start : start + _CHUNK]),
            visible(caller, runs.c.experiment_id),
        )
        found.update((row.run_id, _liveness(*row)) for row in connection.execute(chosen))
    return [found[run_id] for run_id in dict.fromkeys(run_ids) if run_id in found]


def _liveness(run_id: str, status: str, last_heartbeat: int | None) -> Liveness:
    is_over = RunStatus.is_terminated(RunStatus.from_string(status))
    overdue = last_heartbeat is not None and now() - last_heartbeat > STALE_AFTER_MS
    return Liveness(run_id, status, last_heartbeat, overdue and not is_over)
