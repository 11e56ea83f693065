"""Chosen columns of many runs at once, for pictures of a whole sweep."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.columns import Matrix
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.keys import Keys
from mlflow.sql.tables import VALUE_HEAD, datasets, inputs, params, runs, summaries, tags

__all__ = ["ColumnName", "Value", "dataset_names", "read_matrix", "summary_column"]

Value = float | str | None
Kind = Literal["metric", "param", "tag", "duration", "dataset"]

_PATH = re.compile(r"(?:(min|max|first|mean)\()?(metrics|params|tags)\.(.+?)(\))?", re.DOTALL)
_KINDS: dict[str, Kind] = {"metrics": "metric", "params": "param", "tags": "tag"}
_WHOLE: dict[str, Kind] = {"duration": "duration", "dataset": "dataset"}
_AT_ONCE = 500  # ids of one IN list


class ColumnName(NamedTuple):
    """A column as requests name it."""

    kind: Kind
    key: str = ""
    aggregate: str = "latest"

    @classmethod
    def parse(cls, text: str) -> ColumnName:
        """Read `metrics.k`, `min(metrics.k)`, `params.k`, `tags.k`, `duration` or `dataset`.

        Raises:
            InvalidParameterValue: it is none of these.
        """
        if (whole := _WHOLE.get(text)) is not None:
            return cls(whole)
        found = _PATH.fullmatch(text)
        if found is None or bool(found[1]) != bool(found[4]) or (found[1] and found[2] != "metrics"):
            raise InvalidParameterValue(
                f"Invalid column '{text}'; write metrics.<key>, min(metrics.<key>), params.<key>, tags.<key>, "
                "duration or dataset."
            )
        return cls(_KINDS[found[2]], found[3], found[1] or "latest")

    @property
    def text(self) -> str:
        """The column as requests name it."""
        if self.kind in _WHOLE.values():
            return self.kind
        path = f"{self.kind}s.{self.key}"
        return path if self.aggregate == "latest" else f"{self.aggregate}({path})"


def read_matrix(
    connection: Connection,
    keys: Keys,
    numbers: Sequence[int],
    experiment_ids: Sequence[int],
    columns: Sequence[ColumnName],
    total: int,
) -> Matrix:
    """The columns of the runs with these numbers, in their order."""
    facts = {
        row.id: row
        for some in _chunks(numbers)
        for row in connection.execute(
            sa.select(runs.c.id, runs.c.run_id, runs.c.name, runs.c.start_time, runs.c.end_time).where(
                runs.c.id.in_(some)
            )
        ).all()
    }
    present = [number for number in numbers if number in facts]
    places = {number: place for place, number in enumerate(present)}
    values: list[list[Value]] = []
    for column in columns:
        if column.kind == "duration":
            values.append([_duration(facts[number]) for number in present])
        elif column.kind == "dataset":
            values.append(dataset_names(connection, present))
        else:
            values.append(_column(connection, keys, places, experiment_ids, column))
    return Matrix(
        total,
        [facts[number].run_id for number in present],
        [facts[number].name for number in present],
        [facts[number].start_time for number in present],
        values,
    )


def dataset_names(connection: Connection, numbers: Sequence[int]) -> list[Value]:
    """The names of the datasets that each run used, a line each."""
    names: dict[int, set[str]] = {}
    for some in _chunks(numbers):
        used = sa.select(inputs.c.run, datasets.c.name).join(datasets, datasets.c.id == inputs.c.dataset)
        for run, name in connection.execute(used.where(inputs.c.run.in_(some))):
            names.setdefault(run, set()).add(name)
    return ["\n".join(sorted(names[number])) if number in names else None for number in numbers]


def summary_column(column: ColumnName) -> sa.Column[Any]:
    """Where a metric's figure stands; NaN is null."""
    return summaries.c[_SUMMARY[column.aggregate]]


def _column(
    connection: Connection, keys: Keys, places: dict[int, int], experiment_ids: Sequence[int], column: ColumnName
) -> list[Value]:
    """One column; all rows of the key are read, since that is one range of an index."""
    found: list[Value] = [None] * len(places)
    key_id = keys.find(connection, column.kind, [column.key]).get(column.key)  # type: ignore[arg-type]  # those of keys
    if key_id is None:
        return found
    for run, value in _read_column(connection, places, experiment_ids, key_id, column):
        place = places.get(run)
        if place is not None:
            found[place] = value
    return found


def _read_column(
    connection: Connection, places: Collection[int], experiment_ids: Sequence[int], key_id: int, column: ColumnName
) -> Iterable[tuple[int, Value]]:
    """What runs have of a key: of params and tags texts where one of the runs with a place has no number.

    Numbers and short texts stand in indexes, which is a third of the time that reading the rows takes.
    """
    if column.kind == "metric":
        figure = summary_column(column)
        figures = _pairs(connection, summaries, figure, experiment_ids, key_id, figure.is_not(None))
        return [(run, value) for run, value in figures if math.isfinite(value)]  # a mean may be infinite
    table = params if column.kind == "param" else tags
    numbers = dict(_pairs(connection, table, table.c.number, experiment_ids, key_id, table.c.number.is_not(None)))
    if all(run in numbers for run in places):
        return numbers.items()
    texts = dict(_pairs(connection, table, table.c.head, experiment_ids, key_id))
    if all(run in numbers for run in texts if run in places):
        return numbers.items()
    if any(len(text) >= VALUE_HEAD for text in texts.values()):
        is_long = sa.func.length(table.c.head) >= VALUE_HEAD
        texts.update(_pairs(connection, table, table.c.value, experiment_ids, key_id, is_long))
    return texts.items()


def _pairs(
    connection: Connection,
    table: sa.Table,
    column: sa.Column[Any],
    experiment_ids: Sequence[int],
    key_id: int,
    *conditions: sa.ColumnElement[bool],
) -> list[tuple[int, Any]]:
    """A column of a key by run."""
    chosen = sa.select(table.c.run, column).where(table.c.key_id == key_id, table.c.experiment_id.in_(experiment_ids))
    return [(run, value) for run, value in connection.execute(chosen.where(*conditions)).all()]


_SUMMARY = {
    "latest": "latest_value",
    "min": "min_value",
    "max": "max_value",
    "first": "first_value",
    "mean": "mean",
}


def _duration(row: Any) -> float | None:
    return None if row.end_time is None else float(row.end_time - row.start_time)


def _chunks(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE))
