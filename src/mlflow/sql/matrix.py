"""Chosen columns of many runs at once, for pictures of a whole sweep."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.columns import Matrix
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.keys import Keys
from mlflow.sql.tables import datasets, inputs, params, runs, summaries, tags

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
        )
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
    rows = list(connection.execute(_select(column, key_id, experiment_ids)))
    numeric = column.kind == "metric" or all(row.number is not None for row in rows if row.run in places)
    for row in rows:
        place = places.get(row.run)
        if place is not None:
            found[place] = _finite(row.number) if numeric else row.value
    return found


def _select(column: ColumnName, key_id: int, experiment_ids: Sequence[int]) -> sa.Select[Any]:
    if column.kind == "metric":
        table = summaries
        chosen = sa.select(table.c.run, summary_column(column).label("number"))
    else:
        table = params if column.kind == "param" else tags
        chosen = sa.select(table.c.run, table.c.number, table.c.value)
    return chosen.where(table.c.key_id == key_id, table.c.experiment_id.in_(experiment_ids))


_SUMMARY = {
    "latest": "latest_value",
    "min": "min_value",
    "max": "max_value",
    "first": "first_value",
    "mean": "mean",
}


def _duration(row: Any) -> float | None:
    return None if row.end_time is None else float(row.end_time - row.start_time)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _chunks(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE))
