"""Facts and chosen columns of some runs. What is read is bounded by what is asked for, however much the runs have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.run_tables import RunTable
from mlflow.sql.keys import KeyKind, Keys
from mlflow.sql.matrix import ColumnName, Value, dataset_names, summary_column
from mlflow.sql.tables import params, runs, summaries, tags

__all__ = ["read_run_table"]

_AT_ONCE = 500  # numbers of one IN list
_FACTS = [
    *(
        runs.c[name]
        for name in ("id", "run_id", "name", "experiment_id", "user_id", "status", "start_time", "end_time")
    ),
    runs.c.deleted,
    runs.c.deleted_time,
]
_MEASURED = sa.select(summaries.c.run).where(summaries.c.run == runs.c.id).exists().label("measured")
_TEXTS: dict[KeyKind, sa.Table] = {"param": params, "tag": tags}


def read_run_table(
    connection: Connection,
    keys: Keys,
    numbers: Sequence[int],
    columns: Sequence[ColumnName],
    total: int,
    result_id: str = "",
) -> RunTable:
    """The runs with these numbers, in their order; those that are gone by now are left out."""
    facts: dict[int, Row[Any]] = {}
    for some in _chunks(numbers):
        chosen = sa.select(*_FACTS, _MEASURED).where(runs.c.id.in_(some))
        facts |= {row.id: row for row in connection.execute(chosen)}
    rows = [facts[number] for number in numbers if number in facts]
    return RunTable(
        total,
        [row.run_id for row in rows],
        [row.name for row in rows],
        [str(row.experiment_id) for row in rows],
        [row.user_id for row in rows],
        [row.status for row in rows],
        [row.start_time for row in rows],
        [row.end_time for row in rows],
        [bool(row.deleted) for row in rows],
        [row.deleted_time if row.deleted else None for row in rows],
        [bool(row.measured) for row in rows],
        [column.text for column in columns],
        _read_columns(connection, keys, rows, columns),
        result_id,
    )


def _read_columns(
    connection: Connection, keys: Keys, rows: Sequence[Row[Any]], columns: Sequence[ColumnName]
) -> list[list[Value]]:
    numbers = [row.id for row in rows]
    read: dict[ColumnName, dict[int, Value]] = {}
    read |= _metrics(connection, keys, numbers, [column for column in columns if column.kind == "metric"])
    read |= _texts(connection, keys, numbers, "param", [column for column in columns if column.kind == "param"])
    read |= _texts(connection, keys, numbers, "tag", [column for column in columns if column.kind == "tag"])
    for column in columns:
        if column.kind == "dataset":
            read[column] = dict(zip(numbers, dataset_names(connection, numbers), strict=True))
        elif column.kind == "duration":
            read[column] = {row.id: float(row.end_time - row.start_time) for row in rows if row.end_time is not None}
    return [[read[column].get(number) for number in numbers] for column in columns]


def _metrics(
    connection: Connection, keys: Keys, numbers: Sequence[int], columns: Sequence[ColumnName]
) -> dict[ColumnName, dict[int, Value]]:
    read: dict[ColumnName, dict[int, Value]] = {column: {} for column in columns}
    wanted: dict[int, list[tuple[dict[int, Value], str]]] = {}
    ids = keys.find(connection, "metric", {column.key for column in columns})
    for column in columns:
        if column.key in ids:
            wanted.setdefault(ids[column.key], []).append((read[column], summary_column(column).name))
    figures = {name: summaries.c[name] for figures in wanted.values() for _, name in figures}
    for row in _rows_of(connection, summaries, numbers, list(wanted), figures.values()):
        for values, name in wanted[row.key_id]:
            value = getattr(row, name)
            values[row.run] = "NaN" if value is None and name == "latest_value" else value
    return read


def _texts(
    connection: Connection,
    keys: Keys,
    numbers: Sequence[int],
    kind: Literal["param", "tag"],
    columns: Sequence[ColumnName],
) -> dict[ColumnName, dict[int, Value]]:
    read: dict[ColumnName, dict[int, Value]] = {column: {} for column in columns}
    ids = keys.find(connection, kind, {column.key for column in columns})
    values = {ids[column.key]: read[column] for column in columns if column.key in ids}
    table = _TEXTS[kind]
    for row in _rows_of(connection, table, numbers, list(values), [table.c.value]):
        values[row.key_id][row.run] = row.value
    return read


def _rows_of(
    connection: Connection,
    table: sa.Table,
    numbers: Sequence[int],
    key_ids: Sequence[int],
    columns: Iterable[sa.Column[Any]],
) -> Iterator[Row[Any]]:
    chosen = sa.select(table.c.run, table.c.key_id, *columns)
    for some in _chunks(numbers):
        for ids in _chunks(key_ids):
            yield from connection.execute(chosen.where(table.c.run.in_(some), table.c.key_id.in_(ids)))


def _chunks(items: Sequence[int]) -> Iterator[Sequence[int]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))
