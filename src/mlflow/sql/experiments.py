"""Experiments in a SQL database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, exc

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.experiments import Activity, Experiments
from mlflow.contract.limits import MAX_ARTIFACT_LOCATION
from mlflow.contract.names import check_experiment_name, check_experiment_tag_value, check_key
from mlflow.contract.pages import Page
from mlflow.contract.route import ViewTypeName
from mlflow.entities.experiment import Experiment
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.exceptions import (
    BadRequest,
    InvalidParameterValue,
    InvalidState,
    MlflowException,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
)
from mlflow.sql.activity import read_activity
from mlflow.sql.changelog import note
from mlflow.sql.engine import Database
from mlflow.sql.experiment_rows import Lock, create_experiment, find_experiment
from mlflow.sql.experiments_search import search
from mlflow.sql.ids import now
from mlflow.sql.statements import upsert_rows
from mlflow.sql.tables import experiment_tags, experiments, runs

__all__ = ["LocationCheck", "SqlExperiments", "check_length", "read_experiment"]

LocationCheck = Callable[[str], str]

_CHUNK = 500


class SqlExperiments(Experiments):
    """Experiments in a SQL database.

    Args:
        database: where.
        artifact_root: below it experiments without a location of their own keep their artifacts.
        check_location: answers the location to store for the one a client gave, or raises.
    """

    def __init__(self, database: Database, artifact_root: str, check_location: LocationCheck | None = None) -> None:
        self._database = database
        self._artifact_root = artifact_root
        self._check_location = check_location or check_length

    def create_experiment(
        self,
        caller: Caller,
        name: str,
        artifact_location: str = "",
        tags: Sequence[ExperimentTag] = (),
    ) -> str:
        check_experiment_name(name)
        location = self._check_location(artifact_location) if artifact_location else ""
        for tag in tags:
            _check_tag(tag.key, tag.value)

        def create(connection: Connection) -> str:
            number = create_experiment(connection, caller.workspace, name, location, self._artifact_root, now())
            _set_tags(connection, number, {tag.key: tag.value for tag in tags})
            return str(number)

        try:
            return self._database.write(create)
        except exc.IntegrityError as error:
            raise _taken(name, ResourceAlreadyExists) from error

    def get_experiment(self, caller: Caller, experiment_id: str) -> Experiment:
        def get(connection: Connection) -> Experiment:
            return read_experiment(connection, find_experiment(connection, caller, experiment_id, Permission.READ))

        return self._database.read(get)

    def get_experiment_by_name(self, caller: Caller, experiment_name: str) -> Experiment:
        def get(connection: Connection) -> Experiment:
            named = (experiments.c.workspace == caller.workspace) & (experiments.c.name == experiment_name)
            row = connection.execute(sa.select(experiments).where(named)).first()
            if row is None or not caller.may(Permission.READ, "experiment", str(row.id)):
                raise ResourceDoesNotExist(f"Could not find experiment with name '{experiment_name}'. Check the name.")
            return read_experiment(connection, row)

        return self._database.read(get)

    def search_experiments(
        self,
        caller: Caller,
        max_results: int,
        page_token: str = "",
        filter: str = "",
        order_by: Sequence[str] = (),
        view_type: ViewTypeName = "ACTIVE_ONLY",
    ) -> Page[Experiment]:
        def find(connection: Connection) -> Page[Experiment]:
            rows = search(connection, caller, max_results, page_token, filter, order_by, view_type)
            return Page(_entities(connection, rows), rows.token)

        return self._database.read(find)

    def update_experiment(self, caller: Caller, experiment_id: str, new_name: str) -> None:
        check_experiment_name(new_name)

        def rename(connection: Connection) -> None:
            row = find_experiment(connection, caller, experiment_id, Permission.EDIT, Lock.EXCLUSIVE)
            if row.deleted:
                raise InvalidState(
                    f"Cannot rename a non-active experiment. Restore experiment '{experiment_id}' first."
                )
            _update(connection, row.id, name=new_name)
            note(connection, "experiment", row.id, None, {"name": new_name})

        try:
            self._database.write(rename)
        except exc.IntegrityError as error:
            raise _taken(new_name, BadRequest) from error

    def delete_experiment(self, caller: Caller, experiment_id: str) -> None:
        self._database.write(lambda connection: _move(connection, caller, experiment_id, deleted=1))

    def restore_experiment(self, caller: Caller, experiment_id: str) -> None:
        self._database.write(lambda connection: _move(connection, caller, experiment_id, deleted=0))

    def get_activity(
        self, caller: Caller, experiment_ids: Sequence[str], run_view_type: ViewTypeName = "ACTIVE_ONLY"
    ) -> list[Activity]:
        return self._database.read(lambda connection: read_activity(connection, caller, experiment_ids, run_view_type))

    def set_experiment_tag(self, caller: Caller, experiment_id: str, key: str, value: str = "") -> None:
        _check_tag(key, value)

        def set_tag(connection: Connection) -> None:
            number = _active(connection, caller, experiment_id)
            _set_tags(connection, number, {key: value})
            note(connection, "experiment", number, None, {"tags": {key: value}})

        self._database.write(set_tag)

    def delete_experiment_tag(self, caller: Caller, experiment_id: str, key: str) -> None:
        def delete_tag(connection: Connection) -> None:
            number = _active(connection, caller, experiment_id)
            tag = (experiment_tags.c.experiment_id == number) & (experiment_tags.c.name == key)
            if connection.execute(sa.delete(experiment_tags).where(tag)).rowcount == 0:
                raise ResourceDoesNotExist(f"Experiment '{experiment_id}' has no tag '{key}'. Check the key.")
            note(connection, "experiment", number, None, {"tags": {key: None}})

        self._database.write(delete_tag)


def _active(connection: Connection, caller: Caller, experiment_id: str) -> int:
    row = find_experiment(connection, caller, experiment_id, Permission.EDIT, Lock.EXCLUSIVE)
    if row.deleted:
        raise InvalidParameterValue(
            f"The experiment {experiment_id} must be in the 'active' state. Current state is deleted. Restore it first."
        )
    return int(row.id)


def _move(connection: Connection, caller: Caller, experiment_id: str, *, deleted: int) -> None:
    """Move an experiment and all its runs into the trash or out of it."""
    row = find_experiment(connection, caller, experiment_id, Permission.MANAGE, Lock.EXCLUSIVE)
    stage = LifecycleStage.DELETED if deleted else LifecycleStage.ACTIVE
    if row.deleted == deleted:
        raise ResourceDoesNotExist(f"No Experiment with id={experiment_id} to move: it is {stage} already.")
    time = now() if deleted else None
    _update(connection, row.id, deleted=deleted, deleted_time=time)
    note(connection, "experiment", row.id, None, {"lifecycle_stage": stage})
    there = (runs.c.experiment_id == row.id) & (runs.c.deleted != deleted)
    connection.execute(
        sa.update(runs).where(there).values(deleted=deleted, deleted_time=time, version=runs.c.version + 1)
    )


def _update(connection: Connection, number: int, **values: object) -> None:
    changed = sa.update(experiments).where(experiments.c.id == number)
    connection.execute(changed.values(last_update_time=now(), **values))


def _set_tags(connection: Connection, number: int, tags: dict[str, str]) -> None:
    rows = [{"experiment_id": number, "name": key, "value": value} for key, value in sorted(tags.items())]
    upsert_rows(connection, experiment_tags, ("experiment_id", "name"), rows)


def read_experiment(connection: Connection, row: Row[Any]) -> Experiment:
    """The experiment of a row, with its tags."""
    return _entities(connection, [row])[0]


def _entities(connection: Connection, rows: Sequence[Row[Any]]) -> list[Experiment]:
    tags: dict[int, list[ExperimentTag]] = {row.id: [] for row in rows}
    for number, key, value in _tags(connection, list(tags)):
        tags[number].append(ExperimentTag(key, value))
    return [_experiment(row, tags[row.id]) for row in rows]


def _tags(connection: Connection, numbers: Sequence[int]) -> Iterable[tuple[int, str, str]]:
    table = experiment_tags.c
    for start in range(0, len(numbers), _CHUNK):
        chosen = sa.select(table.experiment_id, table.name, table.value)
        chosen = chosen.where(table.experiment_id.in_(numbers[start : start + _CHUNK]))
        yield from (tuple(row) for row in connection.execute(chosen))


def _experiment(row: Row[Any], tags: list[ExperimentTag]) -> Experiment:
    stage = LifecycleStage.DELETED if row.deleted else LifecycleStage.ACTIVE
    return Experiment(
        str(row.id),
        row.name,
        row.artifact_location,
        stage,
        tags,
        row.creation_time,
        row.last_update_time,
        row.workspace,
    )


def _check_tag(key: str, value: str) -> None:
    check_key("experiment tag", key)
    check_experiment_tag_value(key, value)


def check_length(location: str) -> str:
    """The location of artifacts as it is, unless it is too long."""
    if len(location) > MAX_ARTIFACT_LOCATION:
        raise InvalidParameterValue(
            f"Invalid artifact location: it has {len(location)} characters; shorten it to {MAX_ARTIFACT_LOCATION}."
        )
    return location


def _taken(name: str, failure: type[MlflowException]) -> MlflowException:
    return failure(f"Experiment(name={name}) already exists, perhaps in the trash. Choose another name, or restore it.")
