"""Versions of registered models in a SQL database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.gates import Promotion
from mlflow.contract.model_names import check_model_name, check_model_tag
from mlflow.contract.model_versions import ModelVersions, VersionRun
from mlflow.contract.pages import Page
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_stages import (
    ALL_STAGES,
    DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS,
    STAGE_ARCHIVED,
    STAGE_NONE,
    get_canonical_stage,
)
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.access import visible_models
from mlflow.sql.engine import Database
from mlflow.sql.model_sources import Source, check_source, find_source, note_version
from mlflow.sql.model_versions_search import search
from mlflow.sql.promotions import Promotions
from mlflow.sql.registry_record import record, version_state
from mlflow.sql.registry_rows import (
    find_model,
    find_version,
    touch_model,
    version_entities,
    version_entity,
)
from mlflow.sql.registry_tables import model_version_tags, model_versions, registered_model_aliases
from mlflow.sql.statements import insert_row, insert_rows, upsert_rows
from mlflow.sql.tables import VALUE_HEAD

__all__ = ["SqlModelVersions"]

_TAG = "model version tag"
_MOST_MODELS, _LATEST = 200, 30
_ACTIVE = DEFAULT_STAGES_FOR_GET_LATEST_VERSIONS


class SqlModelVersions(ModelVersions):
    """Versions of registered models in a SQL database.

    Args:
        database: where.
        promotions: asks the registry's checks before a version changes its stage.
    """

    def __init__(self, database: Database, promotions: Promotions) -> None:
        self._database = database
        self._promotions = promotions

    def create_model_version(
        self,
        caller: Caller,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: Sequence[ModelVersionTag] = (),
        run_link: str | None = None,
        description: str | None = None,
        model_id: str | None = None,
    ) -> ModelVersion:
        check_model_name(name)
        check_source(source)
        sent = {tag.key: tag.value for tag in tags}
        for key, value in sent.items():
            check_model_tag(_TAG, key, value)

        def create(connection: Connection) -> ModelVersion:
            model = find_model(connection, caller, name, Permission.EDIT, lock=True)
            found = find_source(connection, caller, source, Source(source, run_id, model_id))
            number = model.last_version + 1
            time = touch_model(connection, model.id, last_version=number)
            row = {
                "model": model.id,
                "workspace": model.workspace,
                "name": model.name,
                "version": number,
                "creation_time": time,
                "last_updated_time": time,
                "stage": STAGE_NONE,
                "status": "READY",
                "description": description,
                "source": found.name or source,
                "storage_location": found.location,
                "run_id": found.run_id,
                "run_link": run_link,
                "model_id": found.model_id or None,
            }
            inserted = insert_row(connection, model_versions, row)
            insert_rows(connection, model_version_tags, [_tag(inserted, key, value) for key, value in sent.items()])
            if found.model_id:
                note_version(connection, caller, found.model_id, model.name, number)
            after = version_state(row, sent)
            record(connection, caller, model, "version_created", version=number, after=after, time=time)
            return version_entity(connection, find_version(connection, model, number))

        return self._database.write(create)

    def get_model_version(self, caller: Caller, name: str, version: str) -> ModelVersion:
        def get(connection: Connection) -> ModelVersion:
            model = find_model(connection, caller, name, Permission.READ)
            return version_entity(connection, find_version(connection, model, version))

        return self._database.read(get)

    def update_model_version(
        self, caller: Caller, name: str, version: str, description: str | None = None
    ) -> ModelVersion:
        def update(connection: Connection) -> ModelVersion:
            model = find_model(connection, caller, name, Permission.EDIT, lock=True)
            row = find_version(connection, model, version)
            about = {"version": row.version, "before": row.description, "after": description}
            event = record(connection, caller, model, "version_updated", **about)
            _update(connection, row, event.time, description=description)
            return version_entity(connection, find_version(connection, model, version))

        return self._database.write(update)

    def delete_model_version(self, caller: Caller, name: str, version: str) -> None:
        def delete(connection: Connection) -> None:
            model = find_model(connection, caller, name, Permission.MANAGE, lock=True)
            row = find_version(connection, model, version)
            aliases = registered_model_aliases.c
            pointing = sa.and_(aliases.model == model.id, aliases.version == row.version)
            connection.execute(sa.delete(registered_model_aliases).where(pointing))
            connection.execute(sa.delete(model_version_tags).where(model_version_tags.c.version_id == row.id))
            connection.execute(sa.delete(model_versions).where(model_versions.c.id == row.id))
            time = touch_model(connection, model.id)
            record(connection, caller, model, "version_deleted", version=row.version, time=time)

        self._database.write(delete)

    def search_model_versions(
        self,
        caller: Caller,
        filter: str = "",
        max_results: int = 200_000,
        order_by: Sequence[str] = (),
        page_token: str = "",
    ) -> Page[ModelVersion]:
        def find(connection: Connection) -> Page[ModelVersion]:
            rows = search(connection, caller, filter, max_results, order_by, page_token)
            return Page(version_entities(connection, rows, aliased=False), rows.token)

        return self._database.read(find)

    def get_model_version_download_uri(self, caller: Caller, name: str, version: str) -> str:
        def get(connection: Connection) -> str:
            model = find_model(connection, caller, name, Permission.READ)
            return str(find_version(connection, model, version).storage_location)

        return self._database.read(get)

    def set_model_version_tag(self, caller: Caller, name: str, version: str, key: str, value: str = "") -> None:
        check_model_tag(_TAG, key, value)

        def set_tag(connection: Connection) -> None:
            model = find_model(connection, caller, name, Permission.EDIT, lock=True)
            row = find_version(connection, model, version)
            before = connection.scalar(sa.select(model_version_tags.c.value).where(_named(row.id, key)))
            upsert_rows(connection, model_version_tags, ("version_id", "name"), [_tag(row.id, key, value)])
            about = {"version": row.version, "subject": key, "before": before, "after": value}
            record(connection, caller, model, "version_tag_set", **about)

        self._database.write(set_tag)

    def delete_model_version_tag(self, caller: Caller, name: str, version: str, key: str) -> None:
        def delete_tag(connection: Connection) -> None:
            model = find_model(connection, caller, name, Permission.EDIT, lock=True)
            row = find_version(connection, model, version)
            before = connection.scalar(sa.select(model_version_tags.c.value).where(_named(row.id, key)))
            if before is not None:
                connection.execute(sa.delete(model_version_tags).where(_named(row.id, key)))
                about = {"version": row.version, "subject": key, "before": before}
                record(connection, caller, model, "version_tag_deleted", **about)

        self._database.write(delete_tag)

    def transition_model_version_stage(
        self, caller: Caller, name: str, version: str, stage: str, archive_existing_versions: bool = False
    ) -> ModelVersion:
        target = _target(stage, archive_existing_versions)

        def asked(connection: Connection) -> Promotion:
            model = find_model(connection, caller, name, Permission.EDIT)
            entity = version_entity(connection, find_version(connection, model, version))
            return Promotion(name, entity, "stage", target, None, caller.user)

        evidence = self._promotions.ask(caller, asked)

        def move(connection: Connection) -> ModelVersion:
            model = find_model(connection, caller, name, Permission.EDIT, lock=True)
            row = find_version(connection, model, version)
            time = touch_model(connection, model.id)
            if archive_existing_versions:
                _archive_others(connection, caller, model, row, target, time)
            _update(connection, row, time, stage=target)
            moved = {"version": row.version, "subject": target, "before": row.stage, "after": target}
            record(connection, caller, model, "stage_moved", **moved, evidence=evidence, time=time)
            return version_entity(connection, find_version(connection, model, version))

        return self._database.write(move)

    def find_version_runs(self, caller: Caller, names: Sequence[str]) -> list[VersionRun]:
        if len(names) > _MOST_MODELS:
            raise InvalidParameterValue(
                f"Invalid value for parameter 'names': it has {len(names)} models; name {_MOST_MODELS} at most."
            )
        chosen = _latest_with_run(caller, names)
        rows = self._database.read(lambda connection: connection.execute(chosen).all())
        return [VersionRun(row.name, str(row.version), row.run_id) for row in rows]


def _latest_with_run(caller: Caller, names: Sequence[str]) -> sa.Select[Any]:
    table = model_versions.c
    place = sa.func.row_number().over(partition_by=table.name, order_by=table.version.desc()).label("place")
    ranked = (
        sa.select(table.name, table.version, table.run_id, place)
        .where(
            table.workspace == caller.workspace,
            table.name.in_(names),
            visible_models(caller, table.name),
            table.run_id.is_not(None),
            table.run_id != "",
        )
        .subquery()
    )
    chosen = sa.select(ranked.c.name, ranked.c.version, ranked.c.run_id).where(ranked.c.place <= _LATEST)
    return chosen.order_by(ranked.c.name, ranked.c.version)


def _target(stage: str, archive: bool) -> str:
    target = get_canonical_stage(stage)
    if target not in ALL_STAGES:
        raise InvalidParameterValue(f"Invalid Model Version stage: {stage}. Use one of {', '.join(ALL_STAGES)}.")
    if archive and target not in _ACTIVE:
        raise InvalidParameterValue(
            f"Model version transition cannot archive existing model versions because '{target}' is not an Active "
            f"stage. Valid stages are {_ACTIVE}; leave out archive_existing_versions."
        )
    return target


def _archive_others(
    connection: Connection, caller: Caller, model: Row[Any], row: Row[Any], stage: str, time: int
) -> None:
    table = model_versions.c
    others = sa.select(model_versions).where(table.model == model.id, table.stage == stage, table.id != row.id)
    for other in connection.execute(others.order_by(table.version)).all():
        _update(connection, other, time, stage=STAGE_ARCHIVED)
        moved = {"version": other.version, "subject": STAGE_ARCHIVED, "before": stage, "after": STAGE_ARCHIVED}
        record(connection, caller, model, "stage_moved", **moved, time=time)


def _update(connection: Connection, row: Row[Any], time: int, **values: object) -> None:
    changed = sa.update(model_versions).where(model_versions.c.id == row.id)
    connection.execute(changed.values(last_updated_time=time, **values))


def _tag(version_id: int, key: str, value: str) -> dict[str, Any]:
    return {"version_id": version_id, "name": key, "head": value[:VALUE_HEAD], "value": value}


def _named(version_id: int, key: str) -> sa.ColumnElement[bool]:
    return sa.and_(model_version_tags.c.version_id == version_id, model_version_tags.c.name == key)
