"""The registered models of a database that MLflow made."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Row

from mlflow.contract.caller import DEFAULT_WORKSPACE
from mlflow.entities.model_registry.model_version_stages import STAGE_DELETED_INTERNAL, STAGE_NONE
from mlflow.sql.bulk_registry import ModelRecord, VersionRecord
from mlflow.sql.legacy_rows import LegacySchema

__all__ = ["read_models"]


def read_models(schema: LegacySchema, connection: Connection) -> list[ModelRecord]:
    """All registered models of the default workspace, by name."""
    tags: dict[str, dict[str, str]] = defaultdict(dict)
    aliases: dict[str, dict[str, int]] = defaultdict(dict)
    version_tags: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    versions: dict[str, list[VersionRecord]] = defaultdict(list)
    highest: dict[str, int] = defaultdict(int)
    for row in _rows(schema, connection, "registered_model_tags"):
        tags[row.name][row.key] = row.value or ""
    for row in _rows(schema, connection, "registered_model_aliases"):
        aliases[row.name][row.alias] = row.version
    for row in _rows(schema, connection, "model_version_tags"):
        version_tags[row.name, row.version][row.key] = row.value or ""
    for row in _rows(schema, connection, "model_versions"):
        highest[row.name] = max(highest[row.name], row.version)
        if row.current_stage != STAGE_DELETED_INTERNAL:  # what is left of a deleted version keeps its number taken
            versions[row.name].append(_version(row, version_tags[row.name, row.version]))
    return [
        ModelRecord(
            name=row.name,
            creation_time=row.creation_time or 0,
            last_updated_time=row.last_updated_time or row.creation_time or 0,
            description=row.description,
            last_version=highest[row.name],
            tags=tags[row.name],
            aliases=aliases[row.name],
            versions=sorted(versions[row.name], key=lambda version: version.version),
        )
        for row in sorted(_rows(schema, connection, "registered_models"), key=lambda row: str(row.name))
    ]


def _rows(schema: LegacySchema, connection: Connection, table: str) -> list[Row[Any]]:
    if not schema.has(table):
        return []
    rows = connection.execute(schema.select(table)).all()
    return [row for row in rows if row.workspace in {None, DEFAULT_WORKSPACE}]


def _version(row: Row[Any], tags: dict[str, str]) -> VersionRecord:
    source = row.source or ""
    return VersionRecord(
        version=row.version,
        creation_time=row.creation_time or 0,
        last_updated_time=row.last_updated_time or row.creation_time or 0,
        stage=row.current_stage or STAGE_NONE,
        status=row.status or "READY",
        status_message=row.status_message,
        description=row.description,
        user_id=row.user_id,
        source=source,
        storage_location=row.storage_location or source,
        run_id=row.run_id,
        run_link=row.run_link,
        model_id=source.removeprefix("models:/") if source.startswith("models:/m-") else None,
        tags=tags,
    )
