"""Saved views in a SQL database."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, exc

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.limits import MAX_KEY, MAX_VIEW_NAME, MAX_VIEW_STATE, MAX_VIEWS
from mlflow.contract.views import SavedView, ScreenName, Views
from mlflow.exceptions import InvalidParameterValue, ResourceAlreadyExists, ResourceDoesNotExist
from mlflow.sql.engine import Database
from mlflow.sql.experiment_rows import Lock, find_experiment
from mlflow.sql.ids import now
from mlflow.sql.statements import insert_row
from mlflow.sql.view_tables import views

__all__ = ["SqlViews"]

_ID = 12  # hexadecimal digits; views of one experiment are told apart


class SqlViews(Views):
    """Saved views in a SQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_views(self, caller: Caller, experiment_id: str, screen: ScreenName = "runs") -> list[SavedView]:
        def read(connection: Connection) -> list[SavedView]:
            experiment = find_experiment(connection, caller, experiment_id, Permission.READ)
            named = (views.c.experiment_id == experiment.id) & (views.c.screen == screen) & views.c.name.is_not(None)
            return [_view(row) for row in connection.execute(sa.select(views).where(named).order_by(views.c.name))]

        return self._database.read(read)

    def create_view(
        self, caller: Caller, experiment_id: str, state: str = "", name: str = "", screen: ScreenName = "runs"
    ) -> SavedView:
        _check(name, state)
        view_id = uuid.uuid4().hex[:_ID] if name else hashlib.sha256(f"{screen}?{state}".encode()).hexdigest()[:_ID]

        def create(connection: Connection) -> SavedView:
            number = find_experiment(connection, caller, experiment_id, Permission.EDIT, Lock.EXCLUSIVE).id
            known = None if name else _find(connection, number, view_id)
            if known is not None:
                return _view(known)
            _check_room(connection, number)
            row = {"experiment_id": number, "view_id": view_id, "screen": screen, "name": name or None, "state": state}
            time = now()
            insert_row(
                connection,
                views,
                row | {"user_id": caller.user[:MAX_KEY], "creation_time": time, "last_update_time": time},
            )
            return SavedView(view_id, str(number), screen, name, state, time, time, caller.user[:MAX_KEY])

        try:
            return self._database.write(create)
        except exc.IntegrityError as error:
            raise _taken(name) from error

    def get_view(self, caller: Caller, experiment_id: str, view_id: str) -> SavedView:
        def get(connection: Connection) -> SavedView:
            experiment = find_experiment(connection, caller, experiment_id, Permission.READ)
            return _view(_existing(connection, experiment.id, view_id))

        return self._database.read(get)

    def update_view(
        self, caller: Caller, experiment_id: str, view_id: str, name: str | None = None, state: str | None = None
    ) -> SavedView:
        _check(name or "", state or "")
        if name == "":
            raise InvalidParameterValue("A view cannot lose its name; give it another, or delete it.")
        given = {"name": name, "state": state}

        def update(connection: Connection) -> SavedView:
            number = find_experiment(connection, caller, experiment_id, Permission.EDIT, Lock.EXCLUSIVE).id
            row = _existing(connection, number, view_id)
            changes = {column: value for column, value in given.items() if value is not None}
            own = sa.update(views).where(views.c.id == row.id)
            connection.execute(own.values(last_update_time=now(), **changes))
            return _view(_existing(connection, number, view_id))

        try:
            return self._database.write(update)
        except exc.IntegrityError as error:
            raise _taken(name or "") from error

    def delete_view(self, caller: Caller, experiment_id: str, view_id: str) -> None:
        def delete(connection: Connection) -> None:
            number = find_experiment(connection, caller, experiment_id, Permission.EDIT, Lock.EXCLUSIVE).id
            row = _existing(connection, number, view_id)
            connection.execute(sa.delete(views).where(views.c.id == row.id))

        self._database.write(delete)


def _find(connection: Connection, experiment_id: int, view_id: str) -> Row[Any] | None:
    own = (views.c.experiment_id == experiment_id) & (views.c.view_id == view_id)
    return connection.execute(sa.select(views).where(own)).first()


def _existing(connection: Connection, experiment_id: int, view_id: str) -> Row[Any]:
    row = _find(connection, experiment_id, view_id)
    if row is None:
        raise ResourceDoesNotExist(
            f"Experiment '{experiment_id}' has no view '{view_id}'. Somebody may have deleted it; list its views."
        )
    return row


def _view(row: Row[Any]) -> SavedView:
    return SavedView(
        row.view_id,
        str(row.experiment_id),
        row.screen,
        row.name or "",
        row.state,
        row.creation_time,
        row.last_update_time,
        row.user_id,
    )


def _check(name: str, state: str) -> None:
    for what, text, limit in (("name", name, MAX_VIEW_NAME), ("state", state, MAX_VIEW_STATE)):
        if len(text) > limit:
            raise InvalidParameterValue(f"The view's {what} has {len(text)} characters; shorten it to {limit}.")
    if name != name.strip():
        raise InvalidParameterValue(f"Invalid name of a view '{name}'; leave out the spaces around it.")


def _check_room(connection: Connection, experiment_id: int) -> None:
    """A thousand names fit on no screen; short addresses are as many as people share."""
    count = sa.select(sa.func.count()).select_from(views).where(views.c.experiment_id == experiment_id)
    if (connection.scalar(count) or 0) >= MAX_VIEWS:
        raise InvalidParameterValue(
            f"Experiment '{experiment_id}' has {MAX_VIEWS} views already; delete some that nobody needs."
        )


def _taken(name: str) -> ResourceAlreadyExists:
    return ResourceAlreadyExists(f"There is a view '{name}' already. Choose another name, or update that one.")
