"""Loading registered models that come from elsewhere, with the history that can be told of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy import Connection

from mlflow.entities.model_registry.model_version_stages import STAGE_NONE
from mlflow.sql.ids import now
from mlflow.sql.registry_record import version_state
from mlflow.sql.registry_tables import (
    model_version_tags,
    model_versions,
    registered_model_aliases,
    registered_model_tags,
    registered_models,
    registry_history,
)
from mlflow.sql.statements import insert_missing, insert_row, insert_rows
from mlflow.sql.tables import VALUE_HEAD

__all__ = ["ModelRecord", "VersionRecord", "load_model"]


class VersionRecord(Struct, frozen=True, kw_only=True):
    """A version as it was elsewhere; times are UTC milliseconds."""

    version: int
    creation_time: int
    last_updated_time: int
    stage: str = STAGE_NONE
    status: str = "READY"
    status_message: str | None = None
    description: str | None = None
    user_id: str | None = None
    source: str = ""
    storage_location: str = ""
    run_id: str | None = None
    run_link: str | None = None
    model_id: str | None = None
    tags: dict[str, str] = {}


class ModelRecord(Struct, frozen=True, kw_only=True):
    """A registered model as it was elsewhere; `last_version` is the highest number it gave out."""

    name: str
    creation_time: int
    last_updated_time: int
    description: str | None = None
    last_version: int = 0
    tags: dict[str, str] = {}
    aliases: dict[str, int] = {}
    versions: list[VersionRecord] = []


def load_model(connection: Connection, workspace: str, record: ModelRecord) -> int:
    """Bring a model and those of its versions that are not there, and answer how many versions came.

    What is there already stays as it is: a model of this name, its tags and aliases, and versions by their number.
    """
    here = sa.and_(registered_models.c.workspace == workspace, registered_models.c.name == record.name)
    there = connection.execute(sa.select(registered_models).where(here).with_for_update()).first()
    model = _insert_model(connection, workspace, record) if there is None else int(there.id)
    known = set(connection.scalars(sa.select(model_versions.c.version).where(model_versions.c.model == model)))
    highest = 0 if there is None else int(there.last_version)
    fresh = [version for version in record.versions if version.version not in known and version.version > highest]
    events = [] if there is not None else [_event("model_created", record.creation_time, after=_model_state(record))]
    for version in fresh:
        _insert_version(connection, workspace, model, record.name, version)
        events += _version_events(version)
    if record.last_version > highest:
        number = sa.update(registered_models).where(registered_models.c.id == model)
        connection.execute(number.values(last_version=record.last_version))
    events += _add_tags(connection, model, record, tell=there is not None)
    events += _point_aliases(connection, model, record, known | {version.version for version in fresh})
    about = {"workspace": workspace, "model": model, "name": record.name, "user_id": "", "evidence": None}
    rows = [about | event for event in sorted(events, key=lambda event: event["time"])]
    insert_rows(connection, registry_history, rows)
    return len(fresh)


def _insert_model(connection: Connection, workspace: str, record: ModelRecord) -> int:
    row = {
        "workspace": workspace,
        "name": record.name,
        "description": record.description,
        "creation_time": record.creation_time,
        "last_updated_time": record.last_updated_time,
        "last_version": 0,
        "deployment_job_id": None,
    }
    return insert_row(connection, registered_models, row)


def _insert_version(connection: Connection, workspace: str, model: int, name: str, version: VersionRecord) -> None:
    values = msgspec.structs.asdict(version)
    tags = values.pop("tags")
    values["storage_location"] = version.storage_location or version.source
    number = insert_row(connection, model_versions, {"model": model, "workspace": workspace, "name": name, **values})
    rows = [{"version_id": number, "name": key, **_value(value)} for key, value in tags.items()]
    insert_rows(connection, model_version_tags, rows)


def _add_tags(connection: Connection, model: int, record: ModelRecord, *, tell: bool) -> Iterable[dict[str, Any]]:
    """Add the tags that are not there; a new model's stand in the event of its creation."""
    known = set(
        connection.scalars(sa.select(registered_model_tags.c.name).where(registered_model_tags.c.model == model))
    )
    fresh = {key: value for key, value in record.tags.items() if key not in known}
    rows = [{"model": model, "name": key, **_value(value)} for key, value in fresh.items()]
    insert_rows(connection, registered_model_tags, rows)
    return [_event("model_tag_set", now(), subject=key, after=value) for key, value in fresh.items()] if tell else []


def _point_aliases(connection: Connection, model: int, record: ModelRecord, versions: set[int]) -> list[dict[str, Any]]:
    """Point the aliases that are not there; when they were set is known to nobody, so it counts as now."""
    table = registered_model_aliases
    known = set(connection.scalars(sa.select(table.c.alias).where(table.c.model == model)))
    events = []
    for alias, version in record.aliases.items():
        if alias not in known and version in versions:
            row = {"model": model, "alias": alias, "version": version}
            connection.execute(insert_missing(connection, table), row)
            events.append(_event("alias_moved", now(), version=version, subject=alias, after=str(version)))
    return events


def _version_events(version: VersionRecord) -> list[dict[str, Any]]:
    """What can be told of a version: when it was made, and that it is in its stage since its last change."""
    state = version_state(msgspec.structs.asdict(version) | {"stage": STAGE_NONE}, version.tags)
    events = [_event("version_created", version.creation_time, version=version.version, after=state)]
    if version.stage != STAGE_NONE:
        moved = {"subject": version.stage, "before": STAGE_NONE, "after": version.stage}
        when = max(version.last_updated_time, version.creation_time)
        events.append(_event("stage_moved", when, version=version.version, **moved))
    return events


def _model_state(record: ModelRecord) -> dict[str, Any]:
    state = {"description": record.description, "tags": record.tags}
    return {name: value for name, value in state.items() if value}


def _event(
    action: str,
    time: int,
    *,
    version: int | None = None,
    subject: str | None = None,
    before: Any = None,
    after: Any = None,
) -> dict[str, Any]:
    return {
        "action": action,
        "time": time,
        "version": version,
        "subject": subject,
        "before": None if before is None else msgspec.json.encode(before).decode(),
        "after": None if after is None else msgspec.json.encode(after).decode(),
    }


def _value(value: str) -> dict[str, str]:
    return {"head": value[:VALUE_HEAD], "value": value}
