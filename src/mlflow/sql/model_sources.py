"""Where the source of a new version leads, as far as the registry itself knows."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.model_uris import ModelReference, parse_model_reference
from mlflow.entities.model_registry.model_version_stages import get_canonical_stage
from mlflow.environment_variables import MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.sql.logged_model_rows import find_model as find_logged_model
from mlflow.sql.logged_model_tables import logged_model_tags
from mlflow.sql.logged_models import set_model_tags
from mlflow.sql.registry_rows import find_model, find_version, no_version
from mlflow.sql.registry_tables import model_versions, registered_model_aliases

__all__ = ["VERSIONS_TAG", "Source", "check_source", "find_source", "note_version"]

VERSIONS_TAG = "mlflow.modelVersions"
"""The tag in which a logged model notes what was registered of it: JSON, `[{"name": …, "version": …}]`."""


class Source(NamedTuple):
    """Where files are, the run and logged model they come from, and what the source is called for good.

    An alias, a stage and `latest` lead elsewhere some day, so the version they lead to now is named instead.
    """

    location: str
    run_id: str | None = None
    model_id: str | None = None
    name: str = ""


def check_source(source: str) -> None:
    """Raise unless the source is a text without NUL, and matches MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX.

    Raises:
        InvalidParameterValue: it is not.
    """
    if not source.strip() or "\x00" in source:
        raise InvalidParameterValue("Missing value for required parameter 'source'. Name the folder of the model.")
    pattern = MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX.get()
    if pattern and not re.search(pattern, source):
        raise InvalidParameterValue(
            f"Invalid model version source: '{source}'. The registry takes sources that match '{pattern}' only."
        )


def find_source(connection: Connection, caller: Caller, source: str, given: Source) -> Source:
    """The source behind a `models:` URI of this registry; any other is what was given.

    The run of a logged model is that of its version. A logged model that this database does not have is taken as it
    is: a registry may be in another database than the runs.

    Raises:
        ResourceDoesNotExist: the registry has no such model or version.
        PermissionDenied: the caller may not read it.
    """
    if not source.lower().startswith("models:"):
        return _of_logged_model(connection, caller, given, given.model_id, given.location)
    uri, _ = parse_model_reference(source, with_path=False)
    if uri.model_id:
        return _of_logged_model(connection, caller, given, uri.model_id, "")
    model = find_model(connection, caller, uri.name, Permission.READ)
    number = _number(connection, model.id, uri)
    if number is None:
        raise _no_alias(uri) if uri.alias else no_version(uri.name, uri.version or uri.stage or "latest")
    row = find_version(connection, model, number)
    pinned = f"models:/{uri.name}/{number}"
    return Source(row.storage_location, row.run_id or given.run_id, row.model_id or given.model_id, pinned)


def note_version(connection: Connection, caller: Caller, model_id: str, name: str, version: int) -> None:
    """Tell a logged model, in a tag, of a version that was made of it."""
    try:
        row = find_logged_model(connection, caller, model_id, Permission.READ, lock=True)
    except ResourceDoesNotExist:  # it is in another database
        return
    tag = sa.and_(logged_model_tags.c.model == row.id, logged_model_tags.c.name == VERSIONS_TAG)
    noted = connection.scalar(sa.select(logged_model_tags.c.value).where(tag)) or "[]"
    versions = [*json.loads(noted), {"name": name, "version": version}]
    set_model_tags(connection, row, {VERSIONS_TAG: json.dumps(versions)})


def _of_logged_model(
    connection: Connection, caller: Caller, given: Source, model_id: str | None, location: str
) -> Source:
    if not model_id:
        return given
    try:
        row = find_logged_model(connection, caller, model_id, Permission.READ)
    except ResourceDoesNotExist:
        return given
    return Source(location or row.artifact_location, row.source_run_id or given.run_id, given.model_id)


def _number(connection: Connection, model: int, uri: ModelReference) -> int | None:
    if uri.version:
        return int(uri.version)
    if uri.alias and uri.alias.lower() != "latest":
        aliases = registered_model_aliases.c
        pointed = sa.select(aliases.version).where(aliases.model == model, aliases.alias == uri.alias)
        found: int | None = connection.scalar(pointed)
        return found
    newest = sa.select(sa.func.max(model_versions.c.version)).where(model_versions.c.model == model)
    if uri.stage:
        newest = newest.where(model_versions.c.stage == get_canonical_stage(uri.stage))
    highest: int | None = connection.scalar(newest)
    return highest


def _no_alias(uri: ModelReference) -> InvalidParameterValue:
    return InvalidParameterValue(f"Registered model alias {uri.alias} not found. Check the alias of '{uri.name}'.")
