"""Rows of runs with chosen columns, in a SQL database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.route import ViewTypeName
from mlflow.contract.run_tables import ChosenRuns, Opening, RunOpening, RunTable, RunTables
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.best_children import checked_metric, read_best_children
from mlflow.sql.engine import Database
from mlflow.sql.fold import Fold
from mlflow.sql.kept_figures import KeptFigures
from mlflow.sql.kept_orders import KeptOrders
from mlflow.sql.known_columns import placed, read_columns_of
from mlflow.sql.matrix import ColumnName
from mlflow.sql.opening import read_opening
from mlflow.sql.readable_runs import named_runs
from mlflow.sql.run_counts import RunCounts
from mlflow.sql.run_opening import read_run_opening
from mlflow.sql.run_plans import Census
from mlflow.sql.run_rows import find_run
from mlflow.sql.run_table import read_run_table
from mlflow.sql.runs_search import RunQuery, found_runs

__all__ = ["MOST_COLUMNS", "NEAR", "SqlRunTables", "check_position"]

_MOST_ROWS = 1000
MOST_COLUMNS = 500
NEAR = 1000  # rows; further on the whole order is kept


class SqlRunTables(RunTables):
    """Rows of runs in a SQL database.

    Args:
        database: where.
        fold: brings metrics up to date before they are read.
        kept: figures of columns that took long to find.
    """

    def __init__(self, database: Database, fold: Fold, kept: KeptFigures) -> None:
        self._database = database
        self._keys = database.keys
        self._fold = fold
        self._kept = kept
        self._census = Census()
        self._counts = RunCounts(self._keys, self._census)
        self._orders = KeptOrders()

    def query_runs(
        self,
        caller: Caller,
        experiment_ids: Sequence[str],
        columns: Sequence[str] = (),
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
        order_by: Sequence[str] = (),
        offset: int = 0,
        limit: int = 100,
        result_id: str = "",
    ) -> RunTable:
        check_position(offset, limit, _MOST_ROWS)
        named = _columns(columns)
        query = RunQuery.of(caller, experiment_ids, filter, run_view_type, order_by)
        self._fold.settle(experiment_ids=query.experiment_ids)

        def read(connection: Connection) -> RunTable:
            if offset + limit <= NEAR:
                total = self._counts.count(connection, query)
                numbers = found_runs(connection, self._keys, self._census, query, offset, limit)
                return read_run_table(connection, self._keys, numbers, named, total)
            digest = query.digest()
            known, order = result_id, self._orders.find(result_id, digest)
            if order is None:
                known, order = self._orders.keep(digest, found_runs(connection, self._keys, self._census, query))
            return read_run_table(connection, self._keys, order[offset : offset + limit], named, len(order), known)

        return self._database.read(read)

    def get_opening(self, caller: Caller, experiment_id: str) -> Opening:
        if experiment_id.isdecimal():
            self._fold.settle(experiment_ids=[int(experiment_id)])
        return self._database.read(
            lambda connection: read_opening(connection, self._keys, self._counts, self._kept, caller, experiment_id)
        )

    def get_run_opening(self, caller: Caller, run_id: str) -> RunOpening:
        row = self._database.read(lambda connection: find_run(connection, caller, run_id, Permission.READ))
        self._fold.settle(run_pks=[row.id])
        return self._database.read(
            lambda connection: read_run_opening(connection, self._keys, self._census, caller, row)
        )

    def get_run_rows(self, caller: Caller, run_ids: Sequence[str], columns: Sequence[str] | None = None) -> ChosenRuns:
        named = None if columns is None else _columns(columns)
        chosen = self._database.read(lambda connection: named_runs(connection, caller, run_ids))
        numbers = [run.id for run in chosen]
        if numbers:
            self._fold.settle(run_pks=numbers)

        def read(connection: Connection) -> ChosenRuns:
            known = read_columns_of(connection, self._keys, numbers)
            wanted = placed(known) if named is None else named
            return ChosenRuns(known, read_run_table(connection, self._keys, numbers, wanted, len(numbers)))

        return self._database.read(read)

    def get_best_children(
        self,
        caller: Caller,
        run_ids: Sequence[str],
        column: str,
        largest: bool = False,
        columns: Sequence[str] = (),
    ) -> RunTable:
        metric, named = checked_metric(column), _columns(columns)
        parents = self._database.read(lambda connection: named_runs(connection, caller, run_ids))
        self._fold.settle(experiment_ids={parent.experiment_id for parent in parents})

        def read(connection: Connection) -> RunTable:
            best = read_best_children(connection, self._keys, parents, metric, largest=largest)
            return read_run_table(connection, self._keys, best, named, len(best))

        return self._database.read(read)


def check_position(offset: int, limit: int, most: int) -> None:
    """Raise unless so many rows from there on can be asked for."""
    if not 1 <= limit <= most:
        raise InvalidParameterValue(f"Invalid value '{limit}' for parameter 'limit'; ask for 1 to {most}.")
    if not 0 <= offset < 2**31:
        raise InvalidParameterValue(f"Invalid value '{offset}' for parameter 'offset'; the first row is at 0.")


def _columns(texts: Sequence[str]) -> list[ColumnName]:
    if len(texts) > MOST_COLUMNS:
        raise InvalidParameterValue(f"{len(texts)} columns are too many; ask for {MOST_COLUMNS} at once.")
    return [ColumnName.parse(text) for text in texts]
