"""Which keys and values the runs of experiments have, in a SQL database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.columns import (
    Column,
    Columns,
    GroupSeries,
    Histogram,
    Importance,
    Matrix,
    RunGroup,
    ValueCount,
)
from mlflow.contract.route import ViewTypeName
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.active_runs import values_of
from mlflow.sql.chart_range import ChartRange
from mlflow.sql.charts import sample, spanned
from mlflow.sql.engine import Database
from mlflow.sql.experiment_rows import find_experiment
from mlflow.sql.fold import Fold
from mlflow.sql.group_series import group_series
from mlflow.sql.histogram import read_histogram
from mlflow.sql.ids import to_ids
from mlflow.sql.importance import group, importance
from mlflow.sql.kept_answers import KeptAnswers
from mlflow.sql.kept_figures import KeptFigures
from mlflow.sql.known_columns import read_columns
from mlflow.sql.matrix import ColumnName, read_matrix
from mlflow.sql.readable_runs import readable_runs
from mlflow.sql.run_counts import RunCounts
from mlflow.sql.run_plans import Census
from mlflow.sql.runs_search import RunQuery, count_runs, found_runs
from mlflow.sql.tables import experiments, params, tags

__all__ = ["SqlColumns"]

_MOST_VALUES = 1000
_MOST_RUNS = 20_000
_MOST_BINS = 200
_MOST_COLUMNS = 100
_MOST_IN_CHARTS = 500  # runs
_TEXTS: dict[Literal["param", "tag"], sa.Table] = {"param": params, "tag": tags}


class SqlColumns(Columns):
    """Discovery of keys and values in a SQL database.

    Args:
        database: where.
        fold: brings metrics up to date before they are read.
        kept: figures that took long to find.
    """

    def __init__(self, database: Database, fold: Fold, kept: KeptFigures) -> None:
        self._database = database
        self._fold = fold
        self._census = Census()
        self._counts = RunCounts(database.keys, self._census)
        self._kept = kept
        self._answers = KeptAnswers()

    def get_columns(self, caller: Caller, experiment_id: str) -> list[Column]:
        return self._columns([experiment_id], lambda connection: _only(connection, caller, experiment_id))

    def find_columns(self, caller: Caller, experiment_ids: Sequence[str]) -> list[Column]:
        return self._columns(experiment_ids, lambda connection: _readable(connection, caller, experiment_ids))

    def _columns(self, experiment_ids: Sequence[str], chosen: Callable[[Connection], list[int]]) -> list[Column]:
        self._fold.settle(experiment_ids=to_ids(experiment_ids))
        return self._database.read(lambda connection: read_columns(connection, chosen(connection), self._kept))

    def get_values(
        self,
        caller: Caller,
        experiment_id: str,
        kind: Literal["param", "tag"],
        key: str,
        prefix: str = "",
        limit: int = 20,
    ) -> list[ValueCount]:
        return self._values(lambda connection: _only(connection, caller, experiment_id), kind, key, prefix, limit)

    def find_values(
        self,
        caller: Caller,
        experiment_ids: Sequence[str],
        kind: Literal["param", "tag"],
        key: str,
        prefix: str = "",
        limit: int = 20,
    ) -> list[ValueCount]:
        return self._values(lambda connection: _readable(connection, caller, experiment_ids), kind, key, prefix, limit)

    def _values(
        self,
        chosen: Callable[[Connection], list[int]],
        kind: Literal["param", "tag"],
        key: str,
        prefix: str,
        limit: int,
    ) -> list[ValueCount]:
        if not 1 <= limit <= _MOST_VALUES:
            raise InvalidParameterValue(f"Invalid value '{limit}' for parameter 'limit'; ask for 1 to {_MOST_VALUES}.")

        def read(connection: Connection) -> list[ValueCount]:
            experiment_ids = chosen(connection)
            key_id = self._database.keys.find(connection, kind, [key]).get(key)
            question, table = (kind, key_id, prefix, limit), _TEXTS[kind]
            return self._answers.of(
                connection,
                experiment_ids,
                question,
                lambda: values_of(connection, table, experiment_ids, key_id, prefix, limit),
            )

        return self._database.read(read)

    def get_histogram(
        self,
        caller: Caller,
        experiment_ids: Sequence[str],
        column: str,
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
        bins: int = 24,
    ) -> Histogram:
        if not 1 <= bins <= _MOST_BINS:
            raise InvalidParameterValue(f"Invalid value '{bins}' for parameter 'bins'; ask for 1 to {_MOST_BINS}.")
        named = ColumnName.parse(column)
        query = RunQuery.of(caller, experiment_ids, filter, run_view_type)
        self._fold.settle(experiment_ids=query.experiment_ids)
        return self._database.read(
            lambda connection: read_histogram(connection, self._database.keys, self._counts, query, named, bins)
        )

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
            numbers = found_runs(connection, keys, self._census, query, limit=max_runs)
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
        x: str = "step",
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


def _only(connection: Connection, caller: Caller, experiment_id: str) -> list[int]:
    """The number of an experiment, which must be there and may be read."""
    return [find_experiment(connection, caller, experiment_id, Permission.READ).id]


def _readable(connection: Connection, caller: Caller, experiment_ids: Sequence[str]) -> list[int]:
    """The numbers of those experiments that are in the caller's workspace and may be read."""
    given = [number for number in to_ids(experiment_ids) if caller.may(Permission.READ, "experiment", str(number))]
    there = sa.select(experiments.c.id).where(experiments.c.id.in_(given), experiments.c.workspace == caller.workspace)
    return list(connection.scalars(there))


def _check_by(by: Sequence[str]) -> None:
    if not by:
        raise InvalidParameterValue("No columns to group by; name at least one in 'by'.")
