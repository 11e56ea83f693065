"""The history of registered models in a SQL database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.limits import MAX_PAGE_OF_MODELS
from mlflow.contract.model_names import check_model_name, version_number
from mlflow.contract.pages import Cursor, Offset, Page, decode_token, encode_token, query_digest
from mlflow.contract.registry_history import Evidence, RegistryEvent, RegistryHistory
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.sql.access import check_model
from mlflow.sql.engine import Database
from mlflow.sql.registry_record import record
from mlflow.sql.registry_replay import Replay
from mlflow.sql.registry_rows import find_model, find_version
from mlflow.sql.registry_tables import registered_models, registry_history

__all__ = ["SqlRegistryHistory"]

_HISTORY = registry_history.c


class SqlRegistryHistory(RegistryHistory):
    """The history of registered models in a SQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get_registry_history(
        self, caller: Caller, name: str, version: str = "", max_results: int = 100, page_token: str = ""
    ) -> Page[RegistryEvent]:
        if not 1 <= max_results <= MAX_PAGE_OF_MODELS:
            raise InvalidParameterValue(
                f"Invalid value '{max_results}' for parameter 'max_results'; ask for 1 to {MAX_PAGE_OF_MODELS}."
            )
        check_model_name(name)
        digest = query_digest("registry history", caller.workspace, name, version)
        position = decode_token(page_token, digest, 0)

        def read(connection: Connection) -> Page[RegistryEvent]:
            check_model(caller, Permission.READ, name)
            conditions = [_about(connection, caller, name)]
            if version:
                conditions.append(_HISTORY.version == version_number(version))
            if isinstance(position, Cursor):
                conditions.append(_HISTORY.seq < position.id)
            chosen = sa.select(registry_history).where(*conditions).order_by(_HISTORY.seq.desc())
            chosen = chosen.limit(max_results + 1)
            if isinstance(position, Offset):
                chosen = chosen.offset(position.offset)
            rows = connection.execute(chosen).all()
            if not rows and not version and position is None:
                raise ResourceDoesNotExist(f"Registered Model with name={name} not found. Check the name.")
            more = len(rows) > max_results
            events = [_event(row) for row in rows[:max_results]]
            return Page(events, encode_token((), events[-1].seq, digest) if more else None)

        return self._database.read(read)

    def get_registered_model_as_of(self, caller: Caller, name: str, time: int) -> RegisteredModel:
        return self._replayed(caller, name, time).model()

    def get_model_versions_as_of(self, caller: Caller, name: str, time: int) -> list[ModelVersion]:
        return self._replayed(caller, name, time).versions()

    def add_registry_evidence(self, caller: Caller, name: str, version: str, evidence: list[Evidence]) -> RegistryEvent:
        if not evidence:
            raise InvalidParameterValue("Missing value for required parameter 'evidence'; attach at least one record.")

        def add(connection: Connection) -> RegistryEvent:
            model = find_model(connection, caller, name, Permission.EDIT, lock=True)
            row = find_version(connection, model, version)
            before = _attached(connection, model.id, row.version, {one.id for one in evidence if one.id})
            return before or record(connection, caller, model, "evidence_added", version=row.version, evidence=evidence)

        return self._database.write(add)

    def _replayed(self, caller: Caller, name: str, time: int) -> Replay:
        check_model_name(name)
        check_model(caller, Permission.READ, name)
        replay = self._database.read(lambda connection: _replay(connection, caller, name, time))
        if replay is None:
            raise ResourceDoesNotExist(
                f"There was no registered model of the name '{name}' at {time}. Give a later time, in milliseconds."
            )
        return replay


def _attached(connection: Connection, model: int, version: int, ids: set[str]) -> RegistryEvent | None:
    """The event that attached evidence of one of these ids to a version."""
    if not ids:
        return None
    of_version = _HISTORY.model == model, _HISTORY.version == version, _HISTORY.action == "evidence_added"
    rows = connection.execute(sa.select(registry_history).where(*of_version).order_by(_HISTORY.seq.desc()))
    return next((event for event in map(_event, rows) if ids & {one.id for one in event.evidence}), None)


def _about(connection: Connection, caller: Caller, name: str) -> sa.ColumnElement[bool]:
    """The condition that a row tells of the model of that name, or of one that had it then."""
    here = sa.and_(registered_models.c.workspace == caller.workspace, registered_models.c.name == name)
    number = connection.scalar(sa.select(registered_models.c.id).where(here))
    named = sa.and_(_HISTORY.workspace == caller.workspace, _HISTORY.name == name)
    return named if number is None else sa.or_(named, _HISTORY.model == number)


def _event(row: Row[Any]) -> RegistryEvent:
    return RegistryEvent(
        row.seq,
        row.time,
        row.user_id,
        row.name,
        row.action,
        None if row.version is None else str(row.version),
        row.subject,
        _decoded(row.before),
        _decoded(row.after),
        msgspec.json.decode(row.evidence, type=list[Evidence]) if row.evidence else [],
    )


def _decoded(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)


def _replay(connection: Connection, caller: Caller, name: str, time: int) -> Replay | None:
    """The model that had this name at that time, as its history leaves it."""
    until = _HISTORY.time <= time
    for number in _candidates(connection, caller, name, until):
        rows = connection.execute(
            sa.select(registry_history).where(_HISTORY.model == number, until).order_by(_HISTORY.seq)
        )
        replay = Replay(caller.workspace)
        for row in rows:
            replay.apply(_event(row))
        if replay.exists and replay.name == name:
            return replay
    return None


def _candidates(connection: Connection, caller: Caller, name: str, until: sa.ColumnElement[bool]) -> Sequence[int]:
    """The numbers of models that had this name, or were given it, by then; the latest first."""
    named = sa.and_(_HISTORY.workspace == caller.workspace, _HISTORY.name == name)
    given = sa.and_(
        _HISTORY.workspace == caller.workspace,
        _HISTORY.action == "model_renamed",
        _HISTORY.after == msgspec.json.encode(name).decode(),
    )
    latest = sa.select(_HISTORY.model, sa.func.max(_HISTORY.seq).label("last")).where(sa.or_(named, given), until)
    rows = connection.execute(latest.group_by(_HISTORY.model)).all()
    return [row.model for row in sorted(rows, key=lambda row: row.last, reverse=True)]
