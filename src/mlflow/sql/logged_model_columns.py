"""Rows of logged models with chosen columns, in a SQL database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.logged_model_columns import KnownModelColumn, LoggedModelColumns, LoggedModelTable, ModelColumn
from mlflow.contract.logged_models import ModelOrder, OnDataset
from mlflow.contract.pages import query_digest
from mlflow.contract.search import LOGGED_MODELS, Node, parse_filter
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.engine import Database
from mlflow.sql.experiment_rows import find_experiment
from mlflow.sql.kept_orders import KeptOrders
from mlflow.sql.keyset import ordering
from mlflow.sql.known_model_columns import read_known_columns
from mlflow.sql.logged_model_cells import CellName, read_model_table
from mlflow.sql.logged_model_filters import ModelFilters, dataset_numbers
from mlflow.sql.logged_model_orders import sorted_models
from mlflow.sql.logged_model_tables import logged_models
from mlflow.sql.logged_models_search import matching, readable_experiments
from mlflow.sql.run_tables import MOST_COLUMNS, NEAR, check_position

__all__ = ["SqlLoggedModelColumns"]

_MOST_ROWS = 500


class _Query(NamedTuple):
    workspace: str
    experiment_ids: tuple[int, ...]
    filter: Node | None
    datasets: tuple[OnDataset, ...]
    order: tuple[ModelOrder, ...]


class SqlLoggedModelColumns(LoggedModelColumns):
    """Rows of logged models in a SQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = database.keys
        self._orders = KeptOrders()

    def query_logged_models(
        self,
        caller: Caller,
        experiment_ids: Sequence[str],
        columns: Sequence[ModelColumn] = (),
        filter: str = "",
        datasets: Sequence[OnDataset] = (),
        order_by: Sequence[ModelOrder] = (),
        offset: int = 0,
        limit: int = 100,
        result_id: str = "",
    ) -> LoggedModelTable:
        check_position(offset, limit, _MOST_ROWS)
        if len(columns) > MOST_COLUMNS:
            raise InvalidParameterValue(f"{len(columns)} columns are too many; ask for {MOST_COLUMNS} at once.")
        named = [CellName.parse(column) for column in columns]
        query = _Query(
            caller.workspace,
            tuple(readable_experiments(caller, experiment_ids)),
            parse_filter(filter, LOGGED_MODELS),
            tuple(datasets),
            tuple(order_by),
        )

        def read(connection: Connection) -> LoggedModelTable:
            chosen = _chosen(connection, self._database, query)
            if offset + limit <= NEAR:
                total = connection.scalar(chosen.total) or 0
                numbers = connection.scalars(chosen.ordered.limit(limit).offset(offset)).all()
                return read_model_table(connection, self._keys, caller, numbers, named, total)
            digest = query_digest("logged models", *query)
            known, order = result_id, self._orders.find(result_id, digest)
            if order is None:
                known, order = self._orders.keep(digest, connection.scalars(chosen.ordered))
            page = order[offset : offset + limit]
            return read_model_table(connection, self._keys, caller, page, named, len(order), known)

        return self._database.read(read)

    def get_logged_model_columns(self, caller: Caller, experiment_id: str) -> list[KnownModelColumn]:
        def read(connection: Connection) -> list[KnownModelColumn]:
            experiment = find_experiment(connection, caller, experiment_id, Permission.READ)
            return read_known_columns(connection, self._keys, caller.workspace, experiment.id)

        return self._database.read(read)


class _Chosen(NamedTuple):
    """How many models match, and their numbers in order."""

    total: sa.Select[int]
    ordered: sa.Select[int]


def _chosen(connection: Connection, database: Database, query: _Query) -> _Chosen:
    filters = ModelFilters(
        connection, database.keys, dataset_numbers(connection, query.datasets) if query.datasets else None
    )
    order = sorted_models(connection, filters, query.order, extended=True)
    conditions: list[sa.ColumnElement[bool]] = [sa.false()]
    if query.experiment_ids:
        conditions = matching(filters, query.workspace, query.experiment_ids, query.filter)
    return _Chosen(
        sa.select(sa.func.count()).select_from(logged_models).where(*conditions),
        sa.select(logged_models.c.id).select_from(order.source).where(*conditions).order_by(*ordering(order.sorts)),
    )
