"""The columns that runs of experiments have, and which of them to show first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.columns import Column, ColumnKind
from mlflow.sql.kept_figures import KeptFigures
from mlflow.sql.key_figures import KeyFigures, key_figures, merged
from mlflow.sql.keys import Keys
from mlflow.sql.matrix import ColumnName
from mlflow.sql.run_figures import figures_of
from mlflow.sql.some_runs import SomeRuns
from mlflow.sql.tables import VALUE_HEAD, params, summaries, tags

__all__ = ["placed", "read_columns", "read_columns_of"]

_TABLES: dict[ColumnKind, sa.Table] = {"metric": summaries, "param": params, "tag": tags}
_METRICS, _PARAMS, _EQUAL = 4, 6, 4
_TELLING = [re.compile(text, re.IGNORECASE) for text in ("^(val|test|eval|cv)[/_]", "loss|acc|auc|f1|r2|error|mse|mae")]

_Name = tuple[ColumnKind, str]


def read_columns(connection: Connection, experiment_ids: Sequence[int], kept: KeptFigures) -> list[Column]:
    """The keys of active runs with their figures, by kind and key."""
    some = {number: SomeRuns(connection, number) for number in experiment_ids}

    def figures(table: sa.Table) -> Iterator[KeyFigures]:
        for number in experiment_ids:
            yield from key_figures(connection, table, number, kept, some[number])

    return _columns({kind: sorted(merged(figures(table))) for kind, table in _TABLES.items()})


def read_columns_of(connection: Connection, keys: Keys, numbers: Sequence[int]) -> list[Column]:
    """The keys of some runs, at most 500, with their figures, by kind and key."""
    return _columns({kind: sorted(figures_of(connection, keys, table, numbers)) for kind, table in _TABLES.items()})


def placed(columns: Sequence[Column]) -> list[ColumnName]:
    """Those of the columns that have a place."""
    return [ColumnName(column.kind, column.key) for column in columns if column.place is not None]


def _columns(found: Mapping[ColumnKind, Sequence[KeyFigures]]) -> list[Column]:
    places = _places(found)
    return [
        Column(kind, one.name, one.runs, one.distinct, one.numbers, one.low, one.high, one.points, places.get(name))
        for kind, keys in found.items()
        for one in keys
        for name in [(kind, one.name)]
    ]


def _places(found: Mapping[ColumnKind, Sequence[KeyFigures]]) -> dict[_Name, int]:
    """What most runs have, what tells how well they did, what varies; then what is equal in all."""
    metrics = [one for one in found["metric"] if not one.name.startswith("system/")]
    metrics.sort(key=lambda one: (-one.runs, -_telling(one.name)))
    varying = sorted((one for one in found["param"] if (one.distinct or 0) > 1), key=lambda one: -one.runs)
    most = max((one.runs for keys in found.values() for one in keys), default=0)
    equal = [one for one in found["param"] if one.distinct == 1 and one.runs == most and not _is_cut(one)]
    first: list[_Name] = [("metric", one.name) for one in metrics[:_METRICS]]
    first += [("param", one.name) for one in (*varying[:_PARAMS], *equal[:_EQUAL])]
    return {name: place for place, name in enumerate(first)}


def _is_cut(key: KeyFigures) -> bool:
    """Whether values that begin alike may differ further on."""
    return any(len(head) >= VALUE_HEAD for head in key.heads)


def _telling(key: str) -> int:
    return sum(pattern.search(key) is not None for pattern in _TELLING)
