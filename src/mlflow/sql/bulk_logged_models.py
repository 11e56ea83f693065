"""Loading logged models that come from elsewhere, with the ids and times they had."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy import Connection

from mlflow.entities.metric import Metric
from mlflow.sql.logged_model_tables import MAX_MODEL_KEY, logged_model_params, logged_model_tags, logged_models
from mlflow.sql.model_points import add_model_points
from mlflow.sql.statements import insert_row, insert_rows
from mlflow.sql.tables import runs

__all__ = ["LoggedModelRecord", "load_logged_model"]

_CHUNK = 500


class LoggedModelRecord(Struct, frozen=True, kw_only=True):
    """A logged model as it was elsewhere; times are UTC milliseconds, `experiment_id` is the source's.

    Each of the `points` names its run.
    """

    model_id: str
    experiment_id: str
    name: str
    artifact_location: str
    creation_timestamp: int
    last_updated_timestamp: int
    status: int = 0
    status_message: str | None = None
    model_type: str = ""
    source_run_id: str = ""
    deleted: bool = False
    params: dict[str, str] = {}
    tags: dict[str, str] = {}
    points: list[Metric] = []


def load_logged_model(
    connection: Connection, workspace: str, record: LoggedModelRecord, experiment: int, key_ids: Mapping[str, int]
) -> bool:
    """Insert a model, unless there is one of its id; answer whether it was inserted.

    Args:
        connection: in a transaction.
        workspace: where.
        record: the model; points of runs that are not here are left out.
        experiment: the number here of its experiment.
        key_ids: the number of each metric's key.
    """
    own = (logged_models.c.workspace == workspace) & (logged_models.c.model_id == record.model_id)
    if connection.execute(sa.select(logged_models.c.id).where(own)).first() is not None:
        return False
    row = {
        "workspace": workspace,
        "model_id": record.model_id,
        "experiment_id": experiment,
        "name": record.name,
        "artifact_location": record.artifact_location,
        "creation_timestamp": record.creation_timestamp,
        "last_updated_timestamp": record.last_updated_timestamp,
        "status": record.status,
        "status_message": record.status_message,
        "model_type": record.model_type,
        "source_run_id": record.source_run_id,
        "deleted": int(record.deleted),
        "deleted_time": record.last_updated_timestamp if record.deleted else None,
    }
    number = insert_row(connection, logged_models, row)
    for table, values in ((logged_model_params, record.params), (logged_model_tags, record.tags)):
        rows = [{"model": number, "name": key[:MAX_MODEL_KEY], "value": value} for key, value in values.items()]
        insert_rows(connection, table, rows)
    by_run: dict[str, list[Metric]] = {}
    for point in record.points:
        by_run.setdefault(point.run_id or "", []).append(point)
    for run, some in _numbers(connection, workspace, by_run).items():
        add_model_points(connection, workspace, some, key_ids, by_run[run])
    return True


def _numbers(connection: Connection, workspace: str, run_ids: Mapping[str, object]) -> dict[str, int]:
    """The numbers of those runs that are here."""
    wanted, found = sorted(run_ids), dict[str, int]()
    for start in range(0, len(wanted), _CHUNK):
        chosen = sa.select(runs.c.run_id, runs.c.id).where(
            runs.c.workspace == workspace, runs.c.run_id.in_(wanted[start : start + _CHUNK])
        )
        found.update((row.run_id, row.id) for row in connection.execute(chosen))
    return found
