"""Finding and locking the rows of registered models and versions, and making entities of many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.model_names import check_model_name, version_number
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.entities.model_registry.registered_model_alias import RegisteredModelAlias
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.sql.access import check_model
from mlflow.sql.ids import now
from mlflow.sql.prepared import Prepared
from mlflow.sql.registry_tables import (
    model_version_tags,
    model_versions,
    registered_model_aliases,
    registered_model_tags,
    registered_models,
)

__all__ = [
    "find_model",
    "find_version",
    "latest_versions",
    "model_aliases",
    "model_entities",
    "model_tags",
    "no_version",
    "touch_model",
    "version_entities",
    "version_entity",
]

_CHUNK = 500

_MODEL = sa.select(registered_models).where(
    registered_models.c.workspace == sa.bindparam("workspace"), registered_models.c.name == sa.bindparam("name")
)
_BY_NAME, _LOCKED = Prepared(_MODEL), Prepared(_MODEL.with_for_update())
_VERSION = Prepared(
    sa.select(model_versions).where(
        model_versions.c.model == sa.bindparam("model"), model_versions.c.version == sa.bindparam("version")
    )
)


def find_model(connection: Connection, caller: Caller, name: str, level: Permission, *, lock: bool = False) -> Row[Any]:
    """The row of a registered model, locked until the transaction ends if asked.

    Raises:
        ResourceDoesNotExist: there is none in the caller's workspace.
        PermissionDenied: the caller lacks `level` on it.
    """
    check_model_name(name)
    chosen = _LOCKED if lock else _BY_NAME
    row = chosen.execute(connection, {"workspace": caller.workspace, "name": name}).first()
    if row is None:
        raise ResourceDoesNotExist(f"Registered Model with name={name} not found. Check the name.")
    check_model(caller, level, name)
    return row


def find_version(connection: Connection, model: Row[Any], version: str | int) -> Row[Any]:
    """The row of a version of a model.

    Raises:
        ResourceDoesNotExist: there is none of that number.
    """
    row = _VERSION.execute(connection, {"model": model.id, "version": version_number(version)}).first()
    if row is None:
        raise no_version(model.name, version)
    return row


def no_version(name: str, version: str | int) -> ResourceDoesNotExist:
    """What is raised where a model has no such version."""
    return ResourceDoesNotExist(f"Model Version (name={name}, version={version}) not found. Check name and number.")


def touch_model(connection: Connection, model: int, **values: object) -> int:
    """Note that a model changed, with other values of its row; answers the time."""
    time = now()
    changed = sa.update(registered_models).where(registered_models.c.id == model)
    connection.execute(changed.values(last_updated_time=time, **values))
    return time


def model_entities(connection: Connection, rows: Sequence[Row[Any]]) -> list[RegisteredModel]:
    """Registered models with tags, aliases and latest versions, by a number of queries that rows do not change."""
    ids = [row.id for row in rows]
    tags, aliases, latest = (
        model_tags(connection, ids),
        model_aliases(connection, ids),
        latest_versions(connection, ids),
    )
    return [
        RegisteredModel(
            row.name,
            row.creation_time,
            row.last_updated_time,
            row.description,
            latest[row.id],
            tags[row.id],
            aliases[row.id],
            row.deployment_job_id,
            workspace=row.workspace,
        )
        for row in rows
    ]


def latest_versions(
    connection: Connection, models: Sequence[int], stages: Iterable[str] | None = None, *, aliased: bool = False
) -> dict[int, list[ModelVersion]]:
    """The newest version of each stage of each model, by their numbers."""
    table = model_versions.c
    newest: list[int] = []
    for part in _parts(models):
        highest = sa.select(table.model, table.stage, sa.func.max(table.version).label("version"))
        highest = highest.where(table.model.in_(part))
        if stages is not None:
            highest = highest.where(table.stage.in_(list(stages)))
        highest_rows = highest.group_by(table.model, table.stage).subquery()
        same = sa.and_(table.model == highest_rows.c.model, table.version == highest_rows.c.version)
        newest += connection.scalars(sa.select(table.id).join_from(model_versions, highest_rows, same))
    rows = [
        row
        for part in _parts(newest)
        for row in connection.execute(sa.select(model_versions).where(table.id.in_(part)))
    ]
    rows.sort(key=lambda row: (row.model, row.version))
    found: dict[int, list[ModelVersion]] = defaultdict(list)
    for row, entity in zip(rows, version_entities(connection, rows, aliased=aliased), strict=True):
        found[row.model].append(entity)
    return found


def version_entity(connection: Connection, row: Row[Any]) -> ModelVersion:
    """A version with tags and aliases."""
    return version_entities(connection, [row], aliased=True)[0]


def version_entities(connection: Connection, rows: Sequence[Row[Any]], *, aliased: bool) -> list[ModelVersion]:
    """Versions with their tags, and with their aliases if asked."""
    tags: dict[int, list[ModelVersionTag]] = defaultdict(list)
    table = model_version_tags.c
    for part in _parts([row.id for row in rows]):
        chosen = sa.select(table.version_id, table.name, table.value).where(table.version_id.in_(part))
        for version_id, key, value in connection.execute(chosen.order_by(table.version_id, table.name)):
            tags[version_id].append(ModelVersionTag(key, value))
    names: dict[tuple[int, int], list[str]] = defaultdict(list)
    if aliased:
        for model, of_model in model_aliases(connection, list(dict.fromkeys(row.model for row in rows))).items():
            for alias in of_model:
                names[model, int(alias.version)].append(alias.alias)
    return [_version(row, tags[row.id], names[row.model, row.version] if aliased else []) for row in rows]


def _version(row: Row[Any], tags: list[ModelVersionTag], aliases: list[str]) -> ModelVersion:
    return ModelVersion(
        row.name,
        row.version,
        row.creation_time,
        row.last_updated_time,
        row.description,
        row.user_id,
        row.stage,
        row.source,
        row.run_id,
        row.status,
        row.status_message,
        tags,
        row.run_link,
        aliases,
        row.model_id,
        workspace=row.workspace,
    )


def model_tags(connection: Connection, models: Sequence[int]) -> dict[int, list[RegisteredModelTag]]:
    """The tags of each model, by its number."""
    found: dict[int, list[RegisteredModelTag]] = defaultdict(list)
    table = registered_model_tags.c
    for part in _parts(models):
        chosen = sa.select(table.model, table.name, table.value).where(table.model.in_(part))
        for model, key, value in connection.execute(chosen.order_by(table.model, table.name)):
            found[model].append(RegisteredModelTag(key, value))
    return found


def model_aliases(connection: Connection, models: Sequence[int]) -> dict[int, list[RegisteredModelAlias]]:
    """The aliases of each model, by its number."""
    found: dict[int, list[RegisteredModelAlias]] = defaultdict(list)
    table = registered_model_aliases.c
    for part in _parts(models):
        chosen = sa.select(table.model, table.alias, table.version).where(table.model.in_(part))
        for model, alias, version in connection.execute(chosen.order_by(table.model, table.alias)):
            found[model].append(RegisteredModelAlias(alias, version))
    return found


def _parts(numbers: Sequence[int]) -> Iterable[list[int]]:
    return (list(numbers[start : start + _CHUNK]) for start in range(0, len(numbers), _CHUNK))
