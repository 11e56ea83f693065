"""Which keys and values the runs of experiments have, in a SQL database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.columns import Column, Columns, GroupSeries, Importance, Matrix, RunGroup, ValueCount
from mlflow.contract.route import ViewTypeName
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.active_runs import of_active_runs, values_of
from mlflow.sql.charts import ChartRange, XAxis, sample, spanned
from mlflow.sql.engine import Database
from mlflow.sql.experiment_rows import find_experiment
from mlflow.sql.fold import Fold
from mlflow.sql.group_series import group_series
from mlflow.sql.ids import to_ids
from mlflow.sql.importance import group, importance
from mlflow.sql.matrix import ColumnName, read_matrix
from mlflow.sql.readable_runs import readable_runs
from mlflow.sql.run_plans import Census
from mlflow.sql.runs_search import RunQuery, count_runs, search_runs
from mlflow.sql.tables import experiments, keys, params, summaries, tags

__all__ = ["SqlColumns"]

_MOST_VALUES = 1000
_MOST_RUNS = 20_000
_MOST_COLUMNS = 100
_MOST_IN_CHARTS = 500  # runs
_TABLES: dict[Literal["param", "tag"], sa.Table] = {"param": params, "tag": tags}


class SqlColumns(Columns):
    """Discovery of keys and values in a SQL database."""

    def __init__(self, database: Database, fold: Fold) -> None:
        self._database = database
        self._fold = fold
        self._census = Census()

    def get_columns(self, caller: Caller, experiment_id: str) -> list[Column]:
        if experiment_id.isdecimal():
            self._fold.settle(experiment_ids=[int(experiment_id)])

        def read(connection: Connection) -> list[Column]:
            experiment = find_experiment(connection, caller, experiment_id, Permission.READ)
            return _columns(connection, [experiment.id])

        return self._database.read(read)

    def find_columns(self, caller: Caller, experiment_ids: Sequence[str]) -> list[Column]:
        self._fold.settle(experiment_ids=to_ids(experiment_ids))
        return self._database.read(
            lambda connection: _columns(connection, _readable(connection, caller, experiment_ids))
        )

    def get_values(
        self,
        caller: Caller,
        experiment_id: str,
        kind: Literal["param", "tag"],
        key: str,
        prefix: str = "",
        limit: int = 20,
    ) -> list[ValueCount]:
        _check_limit(limit)

        def read(connection: Connection) -> list[ValueCount]:
            experiment = find_experiment(connection, caller, experiment_id, Permission.READ)
            return self._values(connection, [experiment.id], kind, key, prefix, limit)

        return self._database.read(read)

    def find_values(
        self,
        caller: Caller,
        experiment_ids: Sequence[str],
        kind: Literal["param", "tag"],
        key: str,
        prefix: str = "",
        limit: int = 20,
    ) -> list[ValueCount]:
        _check_limit(limit)

        def read(connection: Connection) -> list[ValueCount]:
            chosen = _readable(connection, caller, experiment_ids)
            return self._values(connection, chosen, kind, key, prefix, limit)

        return self._database.read(read)

    def _values(
        self,
        connection: Connection,
        experiment_ids: Sequence[int],
        kind: Literal["param", "tag"],
        key: str,
        prefix: str,
        limit: int,
    ) -> list[ValueCount]:
        key_id = self._database.keys.find(connection, kind, [key]).get(key)
        chosen = values_of(connection, _TABLES[kind], experiment_ids, key_id, prefix).limit(limit)
        return [ValueCount(row[0], row[1]) for row in connection.execute(chosen)]

    def get_matrix(
        self,
        caller: Caller,
        experiment_ids: Sequence[str],
        columns: Sequence[str],
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
        max_runs: int = _MOST_RUNS,
    ) -> Matrix:
        if not 1 <= max_runs <= _MOST_RUNS:
            raise InvalidParameterValue(
                f"Invalid value '{max_runs}' for parameter 'max_runs'; ask for 1 to {_MOST_RUNS}."
            )
        if len(columns) > _MOST_COLUMNS:
            raise InvalidParameterValue(f"{len(columns)} columns are too many; ask for {_MOST_COLUMNS} at once.")
        named = [ColumnName.parse(column) for column in columns]
        query = RunQuery.of(caller, experiment_ids, filter, run_view_type)
        self._fold.settle(experiment_ids=query.experiment_ids)

        def read(connection: Connection) -> Matrix:
            keys = self._database.keys
            total = count_runs(connection, keys, self._census, query)
            numbers = search_runs(connection, keys, self._census, query, max_runs, "").numbers
            return read_matrix(connection, keys, numbers, query.experiment_ids, named, total)

        return self._database.read(read)

    def get_importance(
        self,
        caller: Caller,
        experiment_ids: Sequence[str],
        target: str,
        columns: Sequence[str],
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
    ) -> list[Importance]:
        if ColumnName.parse(target).kind not in {"metric", "duration"}:
            raise InvalidParameterValue(f"Invalid target '{target}'; name a metric.")
        matrix = self.get_matrix(caller, experiment_ids, [target, *columns], filter, run_view_type)
        return importance(columns, matrix.values[1:], matrix.values[0])

    def get_groups(
        self,
        caller: Caller,
        experiment_ids: Sequence[str],
        by: Sequence[str],
        columns: Sequence[str],
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
    ) -> list[RunGroup]:
        _check_by(by)
        matrix = self.get_matrix(caller, experiment_ids, [*by, *columns], filter, run_view_type)
        return group(matrix.values[: len(by)], matrix.values[len(by) :], len(matrix.run_ids))

    def sample_groups(
        self,
        caller: Caller,
        experiment_ids: Sequence[str],
        by: Sequence[str],
        keys: Sequence[str],
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
        x: XAxis = "step",
        start: float | None = None,
        end: float | None = None,
        buckets: int = 200,
    ) -> list[GroupSeries]:
        _check_by(by)
        asked = ChartRange(x, start, end, buckets)
        matrix = self.get_matrix(caller, experiment_ids, by, filter, run_view_type, _MOST_IN_CHARTS)

        def read(connection: Connection) -> list[GroupSeries]:
            rows = list(readable_runs(connection, caller, matrix.run_ids).values())
            chart = spanned(connection, self._database.keys, rows, keys, asked)
            if chart is None:
                return []
            series = sample(connection, self._database.keys, rows, keys, chart)
            return group_series(matrix, keys, series, chart)

        return self._database.read(read)


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= _MOST_VALUES:
        raise InvalidParameterValue(f"Invalid value '{limit}' for parameter 'limit'; ask for 1 to {_MOST_VALUES}.")


def _readable(connection: Connection, caller: Caller, experiment_ids: Sequence[str]) -> list[int]:
    """The numbers of those experiments that are in the caller's workspace and may be read."""
    given = [number for number in to_ids(experiment_ids) if caller.may(Permission.READ, "experiment", str(number))]
    there = sa.select(experiments.c.id).where(experiments.c.id.in_(given), experiments.c.workspace == caller.workspace)
    return list(connection.scalars(there))


def _columns(connection: Connection, experiment_ids: Sequence[int]) -> list[Column]:
    metrics = [_metric(row) for row in connection.execute(_metrics(connection, experiment_ids))]
    texts = [
        _text(kind, row)
        for kind, table in _TABLES.items()
        for row in connection.execute(_texts(connection, table, experiment_ids))
    ]
    return sorted([*metrics, *texts], key=lambda column: (column.kind, column.key))


def _check_by(by: Sequence[str]) -> None:
    if not by:
        raise InvalidParameterValue("No columns to group by; name at least one in 'by'.")


def _metric(row: Row[Any]) -> Column:
    return Column("metric", row.name, row.runs, None, True, row.low, row.high)


def _text(kind: Literal["param", "tag"], row: Row[Any]) -> Column:
    return Column(kind, row.name, row.runs, row.different, row.numbers == row.runs, row.low, row.high)


def _metrics(connection: Connection, experiment_ids: Sequence[int]) -> sa.Select[Any]:
    value = summaries.c.latest_value
    figures = of_active_runs(connection, summaries, experiment_ids).add_columns(
        summaries.c.key_id,
        sa.func.count().label("runs"),
        sa.func.min(value).label("low"),
        sa.func.max(value).label("high"),
    )
    return _named(figures.group_by(summaries.c.key_id).subquery())


def _texts(connection: Connection, table: sa.Table, experiment_ids: Sequence[int]) -> sa.Select[Any]:
    number = table.c.number
    figures = of_active_runs(connection, table, experiment_ids).add_columns(
        table.c.key_id,
        sa.func.count().label("runs"),
        sa.func.count(table.c.value.distinct()).label("different"),
        sa.func.count(number).label("numbers"),
        sa.func.min(number).label("low"),
        sa.func.max(number).label("high"),
    )
    return _named(figures.group_by(table.c.key_id).subquery())


def _named(figures: sa.Subquery) -> sa.Select[Any]:
    """Figures by number of key, with the key's name."""
    return sa.select(keys.c.name, figures).join_from(keys, figures, figures.c.key_id == keys.c.id)
