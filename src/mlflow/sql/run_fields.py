"""Where the fields that a search names are stored."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mlflow.contract.search import Aggregate, Field, Kind
from mlflow.sql.ids import now
from mlflow.sql.keys import KeyKind
from mlflow.sql.tables import params, runs, summaries, tags

__all__ = ["ATTRIBUTES", "KEY_KINDS", "TABLES", "is_there", "may_lack", "value_column"]

_NOW = sa.bindparam("now", callable_=now, type_=sa.BigInteger)  # of each execution
_UNTIL = sa.case((runs.c.status == "RUNNING", _NOW))  # of runs without an end

ATTRIBUTES: dict[str, sa.ColumnElement[Any]] = {
    "run_id": runs.c.run_id,
    "run_name": runs.c.name,
    "status": runs.c.status,
    "user_id": runs.c.user_id,
    "artifact_uri": runs.c.artifact_uri,
    "start_time": runs.c.start_time,
    "end_time": runs.c.end_time,
    "duration": sa.func.coalesce(runs.c.end_time, _UNTIL) - runs.c.start_time,
}
KEY_KINDS: dict[Kind, KeyKind] = {Kind.METRIC: "metric", Kind.PARAM: "param", Kind.TAG: "tag"}
TABLES: dict[Kind, sa.Table] = {Kind.METRIC: summaries, Kind.PARAM: params, Kind.TAG: tags}

_AGGREGATES = {
    Aggregate.LAST: "latest_value",
    Aggregate.FIRST: "first_value",
    Aggregate.MIN: "min_value",
    Aggregate.MAX: "max_value",
    Aggregate.MEAN: "mean",
}


def may_lack(attribute: str) -> bool:
    """Whether there are runs without the attribute."""
    return attribute in {"end_time", "duration"}


def value_column(field: Field, table: sa.FromClause) -> sa.ColumnElement[Any]:
    """The column, of a keyed field's table or an alias of it, that holds the field's values."""
    if field.kind is Kind.METRIC:
        return table.c[_AGGREGATES[field.aggregate or Aggregate.LAST]]
    return table.c.number if field.numeric else table.c.value


def is_there(field: Field, table: sa.FromClause) -> sa.ColumnElement[bool]:
    """The condition that a row of the key gives the field a value; NaN is one."""
    if field.kind is Kind.METRIC and field.aggregate in (None, Aggregate.LAST, Aggregate.FIRST):
        return sa.true()
    return value_column(field, table).is_not(None)
