"""Placing experiments that come from elsewhere: joined by name, else made, under the id they had where it is free."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.sql.bulk_records import ExperimentRecord
from mlflow.sql.experiment_rows import create_experiment
from mlflow.sql.ids import now
from mlflow.sql.statements import insert_missing
from mlflow.sql.tables import experiment_tags, experiments, runs

__all__ = ["place_experiment"]

_LARGEST = 2**63 - 1
_DEFAULT = 0


def place_experiment(connection: Connection, workspace: str, record: ExperimentRecord, artifact_root: str) -> int:
    """The number of the experiment that takes a record's runs.

    An experiment of the same name takes them. The default one of a database that has no runs yet becomes the record
    whose id is 0, whatever its name.

    Args:
        connection: in a transaction.
        workspace: where.
        record: its tags are added; those that are there already stay.
        artifact_root: below it the experiment gets a place when the record names none.
    """
    named = connection.scalar(_chosen(workspace, experiments.c.name == record.name))
    free = _free_number(connection, record.experiment_id)
    if record.experiment_id == str(_DEFAULT) and named in {None, _DEFAULT} and _is_unused(connection):
        number = _take_over(connection, record)
    elif named is not None:
        number = named
    elif free is None:
        number = create_experiment(
            connection, workspace, record.name, record.artifact_location, artifact_root, record.creation_time or now()
        )
        _finish(connection, number, record)
    else:
        number = _insert(connection, workspace, record, artifact_root, free)
    _tag(connection, number, record)
    return number


def _chosen(workspace: str, condition: sa.ColumnElement[bool]) -> sa.Select[int]:
    return sa.select(experiments.c.id).where(experiments.c.workspace == workspace, condition)


def _free_number(connection: Connection, experiment_id: str) -> int | None:
    """The id as a number, where it is one and nobody has it."""
    if not (experiment_id.isascii() and experiment_id.isdigit()) or not 0 < int(experiment_id) < _LARGEST:
        return None
    taken = connection.scalar(sa.select(experiments.c.id).where(experiments.c.id == int(experiment_id)))
    return None if taken is not None else int(experiment_id)


def _is_unused(connection: Connection) -> bool:
    row: Row[tuple[str]] | None = connection.execute(
        sa.select(experiments.c.name).where(experiments.c.id == _DEFAULT)
    ).first()
    used = connection.scalar(sa.select(runs.c.id).where(runs.c.experiment_id == _DEFAULT).limit(1))
    return row is not None and row.name == "Default" and used is None


def _take_over(connection: Connection, record: ExperimentRecord) -> int:
    changes = {"name": record.name, "deleted": int(record.deleted)}
    if record.artifact_location:
        changes["artifact_location"] = record.artifact_location
    if record.creation_time is not None:
        changes["creation_time"] = record.creation_time
    connection.execute(sa.update(experiments).where(experiments.c.id == _DEFAULT).values(**changes))
    _finish(connection, _DEFAULT, record)
    return _DEFAULT


def _insert(connection: Connection, workspace: str, record: ExperimentRecord, artifact_root: str, number: int) -> int:
    created = record.creation_time or now()
    row = {
        "id": number,
        "workspace": workspace,
        "name": record.name,
        "artifact_location": record.artifact_location or f"{artifact_root.rstrip('/')}/{number}",
        "deleted": 0,
        "creation_time": created,
        "last_update_time": created,
    }
    connection.execute(sa.insert(experiments), row)
    _finish(connection, number, record)
    if connection.dialect.name == "postgresql":  # whose sequence does not hear of numbers given
        sequence = sa.func.pg_get_serial_sequence(experiments.name, "id")
        highest = sa.select(sa.func.greatest(sa.func.max(experiments.c.id), 1)).scalar_subquery()
        connection.execute(sa.select(sa.func.setval(sequence, highest)))
    return number


def _finish(connection: Connection, number: int, record: ExperimentRecord) -> None:
    updated = record.last_update_time or record.creation_time
    changes: dict[str, object] = {"deleted": int(record.deleted)}
    if updated is not None:
        changes["last_update_time"] = updated
    if record.deleted:
        changes["deleted_time"] = updated or now()
    connection.execute(sa.update(experiments).where(experiments.c.id == number).values(**changes))


def _tag(connection: Connection, number: int, record: ExperimentRecord) -> None:
    rows = [{"experiment_id": number, "name": key, "value": value} for key, value in record.tags.items()]
    if rows:
        connection.execute(insert_missing(connection, experiment_tags), rows)
