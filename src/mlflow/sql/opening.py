"""What somebody who opens an experiment sees first, read in one snapshot."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.run_tables import Opening
from mlflow.sql.active_runs import values_of
from mlflow.sql.best_children import PARENT_TAG
from mlflow.sql.experiment_rows import find_experiment
from mlflow.sql.experiments import read_experiment
from mlflow.sql.kept_figures import KeptFigures
from mlflow.sql.keys import Keys
from mlflow.sql.known_columns import placed, read_columns
from mlflow.sql.liveness import read_liveness
from mlflow.sql.run_counts import RunCounts
from mlflow.sql.run_table import read_run_table
from mlflow.sql.runs_search import RunQuery, found_runs
from mlflow.sql.tables import runs, tags

__all__ = ["read_opening"]

_MOST_PARENTS = 1000
_FIRST = 100  # runs


def read_opening(
    connection: Connection, keys: Keys, counts: RunCounts, kept: KeptFigures, caller: Caller, experiment_id: str
) -> Opening:
    """Read the opening of an experiment.

    Raises:
        ResourceDoesNotExist: there is none in the caller's workspace.
        PermissionDenied: the caller may not read it.
    """
    row = find_experiment(connection, caller, experiment_id, Permission.READ)
    top = RunQuery.of(caller, [experiment_id], f"tags.{PARENT_TAG} IS NULL", "ACTIVE_ONLY", ["start_time DESC"])
    running = RunQuery.of(caller, [experiment_id], "status = 'RUNNING'", "ACTIVE_ONLY")
    parent = keys.find(connection, "tag", [PARENT_TAG]).get(PARENT_TAG)
    numbers = found_runs(connection, keys, counts.census, top, limit=_FIRST)
    columns = read_columns(connection, [row.id], kept)
    return Opening(
        read_experiment(connection, row),
        columns,
        counts.count(connection, running),
        [] if parent is None else values_of(connection, tags, [row.id], parent, "", _MOST_PARENTS),
        _stale(connection, caller, numbers),
        read_run_table(connection, keys, numbers, placed(columns), counts.count(connection, top)),
    )


def _stale(connection: Connection, caller: Caller, numbers: list[int]) -> list[str]:
    training = sa.select(runs.c.run_id).where(runs.c.id.in_(numbers), runs.c.status == "RUNNING")
    known = read_liveness(connection, caller, list(connection.scalars(training)))
    return [liveness.run_id for liveness in known if liveness.stale]
