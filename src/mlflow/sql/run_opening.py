"""What somebody who opens a run sees first, read in one snapshot."""

from __future__ import annotations

from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.run_tables import RunOpening
from mlflow.contract.wire.answers import decode_run
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.sql.best_children import PARENT_TAG
from mlflow.sql.documents import Documents
from mlflow.sql.experiment_rows import find_experiment
from mlflow.sql.experiments import read_experiment
from mlflow.sql.keys import Keys
from mlflow.sql.liveness import read_liveness
from mlflow.sql.metric_summaries import summarize
from mlflow.sql.readable_runs import readable_runs
from mlflow.sql.run_plans import Census
from mlflow.sql.run_rows import RunRow
from mlflow.sql.runs_search import RunQuery, count_runs

__all__ = ["read_run_opening"]


def read_run_opening(connection: Connection, keys: Keys, census: Census, caller: Caller, row: RunRow) -> RunOpening:
    """Read the opening of a run that the caller may read.

    Raises:
        ResourceDoesNotExist: it was removed meanwhile.
    """
    documents = Documents(keys).read(connection, [row.id])
    if not documents:
        raise ResourceDoesNotExist(f"Run with id={row.run_id} is gone since a moment. Check the id.")
    run = decode_run(documents[0])
    experiment_id = str(row.experiment_id)
    below = RunQuery.of(caller, [experiment_id], f"tags.{PARENT_TAG} = '{row.run_id}'", "ACTIVE_ONLY")
    return RunOpening(
        run,
        read_experiment(connection, find_experiment(connection, caller, experiment_id, Permission.READ)),
        summarize(connection, keys, [row], None),
        count_runs(connection, keys, census, below),
        _name_of(connection, caller, run.data.tags.get(PARENT_TAG, "")),
        any(liveness.stale for liveness in read_liveness(connection, caller, [row.run_id])),
    )


def _name_of(connection: Connection, caller: Caller, run_id: str) -> str:
    return "".join(row.name for row in readable_runs(connection, caller, [run_id]).values()) if run_id else ""
