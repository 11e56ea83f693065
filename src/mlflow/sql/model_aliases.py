"""Aliases of registered models in a SQL database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.gates import Promotion
from mlflow.contract.model_aliases import ModelAliases
from mlflow.contract.model_names import check_alias
from mlflow.contract.registry_history import Evidence
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.engine import Database
from mlflow.sql.promotions import Promotions
from mlflow.sql.registry_record import record
from mlflow.sql.registry_rows import find_model, find_version, no_version, version_entity
from mlflow.sql.registry_tables import model_versions, registered_model_aliases
from mlflow.sql.statements import upsert_rows

__all__ = ["SqlModelAliases"]


class SqlModelAliases(ModelAliases):
    """Aliases of registered models in a SQL database.

    Args:
        database: where.
        promotions: asks the registry's checks before an alias is moved.
    """

    def __init__(self, database: Database, promotions: Promotions) -> None:
        self._database = database
        self._promotions = promotions

    def set_registered_model_alias(self, caller: Caller, name: str, alias: str, version: str) -> None:
        check_alias(alias)

        def asked(connection: Connection) -> Promotion:
            model = find_model(connection, caller, name, Permission.EDIT)
            row = find_version(connection, model, version)
            held = _pointed(connection, model.id, alias)
            entity = version_entity(connection, row)
            return Promotion(name, entity, "alias", alias, None if held is None else str(held), caller.user)

        evidence = self._promotions.ask(caller, asked)

        def set_alias(connection: Connection) -> None:
            _set_alias(connection, caller, name, alias, version, evidence)

        self._database.write(set_alias)

    def delete_registered_model_alias(self, caller: Caller, name: str, alias: str) -> None:
        def delete(connection: Connection) -> None:
            model = find_model(connection, caller, name, Permission.EDIT, lock=True)
            before = _pointed(connection, model.id, alias)
            if before is not None:
                connection.execute(sa.delete(registered_model_aliases).where(_named(model.id, alias)))
                held = str(before)
                record(connection, caller, model, "alias_deleted", version=before, subject=alias, before=held)

        self._database.write(delete)

    def get_model_version_by_alias(self, caller: Caller, name: str, alias: str) -> ModelVersion:
        def get(connection: Connection) -> ModelVersion:
            model = find_model(connection, caller, name, Permission.READ)
            if alias.lower() == "latest":
                newest = sa.select(sa.func.max(model_versions.c.version)).where(model_versions.c.model == model.id)
                number = connection.scalar(newest)
                if number is None:
                    raise no_version(name, "latest")
            else:
                number = _pointed(connection, model.id, alias)
            if number is None:
                raise InvalidParameterValue(f"Registered model alias {alias} not found. Check the alias of '{name}'.")
            return version_entity(connection, find_version(connection, model, number))

        return self._database.read(get)


def _set_alias(
    connection: Connection, caller: Caller, name: str, alias: str, version: str, evidence: list[Evidence]
) -> None:
    model = find_model(connection, caller, name, Permission.EDIT, lock=True)
    number = find_version(connection, model, version).version
    before = _pointed(connection, model.id, alias)
    row = {"model": model.id, "alias": alias, "version": number}
    upsert_rows(connection, registered_model_aliases, ("model", "alias"), [row])
    held = None if before is None else str(before)
    record(
        connection,
        caller,
        model,
        "alias_moved",
        version=number,
        subject=alias,
        before=held,
        after=str(number),
        evidence=evidence,
    )


def _pointed(connection: Connection, model: int, alias: str) -> int | None:
    """The version that an alias points to."""
    return connection.scalar(sa.select(registered_model_aliases.c.version).where(_named(model, alias)))


def _named(model: int, alias: str) -> sa.ColumnElement[bool]:
    return sa.and_(registered_model_aliases.c.model == model, registered_model_aliases.c.alias == alias)
