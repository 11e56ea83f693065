"""What callers may see and do, as conditions in SQL and as checks."""

from __future__ import annotations

import sqlalchemy as sa

from mlflow.contract.caller import Caller, Permission
from mlflow.exceptions import PermissionDenied
from mlflow.sql.tables import experiments

__all__ = ["check_experiment", "check_model", "check_server", "visible", "visible_models"]


def visible(caller: Caller, column: sa.ColumnElement[int] = experiments.c.id) -> sa.ColumnElement[bool]:
    """The condition that an experiment's id, held by `column`, is one whose content the caller may read."""
    shown = caller.shown("experiment")
    if shown is not None:
        return column.in_([int(number) for number in shown])
    hidden = caller.hidden("experiment")
    return column.not_in([int(number) for number in hidden]) if hidden else sa.true()


def check_server(caller: Caller, level: Permission) -> None:
    """Raise `PermissionDenied` unless the caller has `level` on the server as a whole."""
    if not caller.may(level, "server", ""):
        raise PermissionDenied(f"This needs the permission {level.name} on the server. Ask for a grant.")


def check_experiment(caller: Caller, level: Permission, experiment_id: int) -> None:
    """Raise `PermissionDenied` unless the caller has `level` on an experiment."""
    if not caller.may(level, "experiment", str(experiment_id)):
        raise PermissionDenied(
            f"This needs the permission {level.name} on experiment '{experiment_id}'. Ask for a grant."
        )


def visible_models(caller: Caller, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """The condition that a registered model's name, held by `column`, is one that the caller may read."""
    shown = caller.shown("registered_model")
    if shown is not None:
        return column.in_(sorted(shown))
    hidden = caller.hidden("registered_model")
    return column.not_in(sorted(hidden)) if hidden else sa.true()


def check_model(caller: Caller, level: Permission, name: str) -> None:
    """Raise `PermissionDenied` unless the caller has `level` on a registered model."""
    if not caller.may(level, "registered_model", name):
        raise PermissionDenied(f"This needs the permission {level.name} on registered model '{name}'. Ask for a grant.")
