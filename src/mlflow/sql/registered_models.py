"""Registered models in a SQL database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, exc

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.model_names import check_model_name, check_model_tag
from mlflow.contract.pages import Page
from mlflow.contract.registered_model_table import MAX_ROWS, RegisteredModelTable
from mlflow.contract.registered_models import RegisteredModels
from mlflow.contract.search import REGISTERED_MODELS, parse_filter, parse_order_by
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_stages import ALL_STAGES, get_canonical_stage
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag
from mlflow.exceptions import InvalidParameterValue, ResourceAlreadyExists
from mlflow.sql.engine import Database
from mlflow.sql.fold import Fold
from mlflow.sql.ids import now
from mlflow.sql.registered_model_table import read_page, read_table
from mlflow.sql.registered_models_search import search
from mlflow.sql.registry_record import record
from mlflow.sql.registry_rows import find_model, latest_versions, model_entities, touch_model
from mlflow.sql.registry_tables import (
    model_version_tags,
    model_versions,
    registered_model_aliases,
    registered_model_tags,
    registered_models,
)
from mlflow.sql.run_tables import check_position
from mlflow.sql.statements import insert_row, insert_rows, upsert_rows
from mlflow.sql.tables import VALUE_HEAD

__all__ = ["SqlRegisteredModels"]

_TAG = "registered model tag"


class SqlRegisteredModels(RegisteredModels):
    """Registered models in a SQL database.

    Args:
        database: where.
        fold: brings metrics of runs up to date before they are read.
    """

    def __init__(self, database: Database, fold: Fold) -> None:
        self._database = database
        self._fold = fold

    def create_registered_model(
        self,
        caller: Caller,
        name: str,
        tags: Sequence[RegisteredModelTag] = (),
        description: str | None = None,
        deployment_job_id: str | None = None,
    ) -> RegisteredModel:
        check_model_name(name)
        sent = {tag.key: tag.value for tag in tags}
        for key, value in sent.items():
            check_model_tag(_TAG, key, value)

        def create(connection: Connection) -> RegisteredModel:
            time = now()
            row = {
                "workspace": caller.workspace,
                "name": name,
                "description": description,
                "creation_time": time,
                "last_updated_time": time,
                "last_version": 0,
                "deployment_job_id": deployment_job_id,
            }
            number = insert_row(connection, registered_models, row)
            insert_rows(connection, registered_model_tags, [_tag(number, key, value) for key, value in sent.items()])
            made = _row(connection, number)
            state = {"description": description, "tags": sent, "deployment_job_id": deployment_job_id}
            after = {member: value for member, value in state.items() if value}
            record(connection, caller, made, "model_created", after=after, time=time)
            return model_entities(connection, [made])[0]

        try:
            return self._database.write(create)
        except exc.IntegrityError as error:
            raise _taken(name) from error

    def get_registered_model(self, caller: Caller, name: str) -> RegisteredModel:
        def get(connection: Connection) -> RegisteredModel:
            return model_entities(connection, [find_model(connection, caller, name, Permission.READ)])[0]

        return self._database.read(get)

    def rename_registered_model(self, caller: Caller, name: str, new_name: str) -> RegisteredModel:
        check_model_name(new_name)

        def rename(connection: Connection) -> RegisteredModel:
            model = find_model(connection, caller, name, Permission.EDIT, lock=True)
            if new_name != name:
                time = touch_model(connection, model.id, name=new_name)
                versions = sa.update(model_versions).where(model_versions.c.model == model.id)
                connection.execute(versions.values(name=new_name))
                record(connection, caller, model, "model_renamed", before=name, after=new_name, time=time)
            return model_entities(connection, [_row(connection, model.id)])[0]

        try:
            return self._database.write(rename)
        except exc.IntegrityError as error:
            raise _taken(new_name) from error

    def update_registered_model(
        self, caller: Caller, name: str, description: str | None = None, deployment_job_id: str | None = None
    ) -> RegisteredModel:
        def update(connection: Connection) -> RegisteredModel:
            model = find_model(connection, caller, name, Permission.EDIT, lock=True)
            job = {} if deployment_job_id is None else {"deployment_job_id": deployment_job_id}
            time = touch_model(connection, model.id, description=description, **job)
            before, after = model.description, description
            record(connection, caller, model, "model_updated", before=before, after=after, time=time)
            return model_entities(connection, [_row(connection, model.id)])[0]

        return self._database.write(update)

    def delete_registered_model(self, caller: Caller, name: str) -> None:
        def delete(connection: Connection) -> None:
            model = find_model(connection, caller, name, Permission.MANAGE, lock=True)
            own = sa.select(model_versions.c.id).where(model_versions.c.model == model.id)
            connection.execute(sa.delete(model_version_tags).where(model_version_tags.c.version_id.in_(own)))
            for table in (model_versions, registered_model_aliases, registered_model_tags):
                connection.execute(sa.delete(table).where(table.c.model == model.id))
            connection.execute(sa.delete(registered_models).where(registered_models.c.id == model.id))
            record(connection, caller, model, "model_deleted")

        self._database.write(delete)

    def search_registered_models(
        self,
        caller: Caller,
        filter: str = "",
        max_results: int = 100,
        order_by: Sequence[str] = (),
        page_token: str = "",
    ) -> Page[RegisteredModel]:
        def find(connection: Connection) -> Page[RegisteredModel]:
            rows = search(connection, caller, filter, max_results, order_by, page_token)
            return Page(model_entities(connection, rows), rows.token)

        return self._database.read(find)

    def query_registered_models(
        self,
        caller: Caller,
        filter: str = "",
        order_by: Sequence[str] = (),
        offset: int = 0,
        limit: int = 100,
        metric: str = "",
    ) -> RegisteredModelTable:
        check_position(offset, limit, MAX_ROWS)
        tree, order = parse_filter(filter, REGISTERED_MODELS), parse_order_by(order_by, REGISTERED_MODELS)
        page = self._database.read(lambda connection: read_page(connection, caller, tree, order, offset, limit))
        if page.runs:
            self._fold.settle(run_pks=set(page.runs.values()))
        return self._database.read(lambda connection: read_table(connection, self._database.keys, page, metric))

    def get_latest_versions(self, caller: Caller, name: str, stages: Sequence[str] = ()) -> list[ModelVersion]:
        wanted = list(map(_known_stage, stages)) or None

        def get(connection: Connection) -> list[ModelVersion]:
            model = find_model(connection, caller, name, Permission.READ)
            return latest_versions(connection, [model.id], wanted, aliased=True)[model.id]

        return self._database.read(get)

    def set_registered_model_tag(self, caller: Caller, name: str, key: str, value: str = "") -> None:
        check_model_tag(_TAG, key, value)

        def set_tag(connection: Connection) -> None:
            model = find_model(connection, caller, name, Permission.EDIT, lock=True)
            before = connection.scalar(sa.select(registered_model_tags.c.value).where(_named(model.id, key)))
            upsert_rows(connection, registered_model_tags, ("model", "name"), [_tag(model.id, key, value)])
            record(connection, caller, model, "model_tag_set", subject=key, before=before, after=value)

        self._database.write(set_tag)

    def delete_registered_model_tag(self, caller: Caller, name: str, key: str) -> None:
        def delete_tag(connection: Connection) -> None:
            model = find_model(connection, caller, name, Permission.EDIT, lock=True)
            before = connection.scalar(sa.select(registered_model_tags.c.value).where(_named(model.id, key)))
            if before is not None:
                connection.execute(sa.delete(registered_model_tags).where(_named(model.id, key)))
                record(connection, caller, model, "model_tag_deleted", subject=key, before=before)

        self._database.write(delete_tag)


def _row(connection: Connection, number: int) -> Row[Any]:
    return connection.execute(sa.select(registered_models).where(registered_models.c.id == number)).one()


def _tag(model: int, key: str, value: str) -> dict[str, Any]:
    return {"model": model, "name": key, "head": value[:VALUE_HEAD], "value": value}


def _named(model: int, key: str) -> sa.ColumnElement[bool]:
    return sa.and_(registered_model_tags.c.model == model, registered_model_tags.c.name == key)


def _known_stage(stage: str) -> str:
    canonical = get_canonical_stage(stage)
    if canonical not in ALL_STAGES:
        raise InvalidParameterValue(
            f"Invalid Model Version stage: {stage}. Value must be one of {', '.join(ALL_STAGES)}."
        )
    return canonical


def _taken(name: str) -> ResourceAlreadyExists:
    return ResourceAlreadyExists(f"Registered Model (name={name}) already exists. Choose another name.")
