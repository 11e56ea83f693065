"""Facts and chosen columns of some logged models, with a number of queries that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.logged_model_columns import LoggedModelTable, ModelColumn, RegisteredVersion
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.access import visible, visible_models
from mlflow.sql.keys import Keys
from mlflow.sql.logged_model_orders import with_source_run
from mlflow.sql.logged_model_tables import (
    logged_model_params,
    logged_model_tags,
    logged_models,
    metric_datasets,
    model_summaries,
)
from mlflow.sql.matrix import ColumnName, Value
from mlflow.sql.model_sources import VERSIONS_TAG
from mlflow.sql.registry_tables import model_versions
from mlflow.sql.tables import outputs, runs

__all__ = ["CellName", "read_model_table"]

_AT_ONCE = 500  # numbers of one IN list
_TEXTS = {"param": logged_model_params, "tag": logged_model_tags}
_METRICS = (
    sa.select(
        model_summaries.c.model,
        model_summaries.c.key_id,
        model_summaries.c.latest_timestamp,
        model_summaries.c.latest_step,
        model_summaries.c.latest_run,
        model_summaries.c.latest_value,
        sa.func.coalesce(metric_datasets.c.name, "").label("dataset_name"),
        sa.func.coalesce(metric_datasets.c.digest, "").label("dataset_digest"),
    )
    .outerjoin(metric_datasets, metric_datasets.c.id == model_summaries.c.dataset)
    .order_by(model_summaries.c.latest_timestamp, model_summaries.c.latest_step, model_summaries.c.latest_run)
)


class _Noted(msgspec.Struct):
    """A version as a tag notes it."""

    name: str
    version: str | int


_versions_decoder = msgspec.json.Decoder(list[_Noted])


class CellName(NamedTuple):
    """A column as requests name it."""

    kind: Literal["metric", "param", "tag"]
    key: str
    column: ModelColumn

    @classmethod
    def parse(cls, column: ModelColumn) -> CellName:
        """Read a column's name.

        Raises:
            InvalidParameterValue: it is none that models have.
        """
        named = ColumnName.parse(column.name)
        if named.kind in ("metric", "param", "tag") and named.aggregate == "latest":
            return cls(named.kind, named.key, column)
        raise InvalidParameterValue(
            f"Invalid column '{column.name}' of logged models; write metrics.<key>, params.<key> or tags.<key>."
        )

    def holds(self, dataset_name: str, dataset_digest: str) -> bool:
        """Whether points on a dataset, or on none, belong to the column."""
        name, digest = self.column.dataset_name, self.column.dataset_digest
        return name in (None, dataset_name) and (not digest or digest == dataset_digest)


def read_model_table(
    connection: Connection,
    keys: Keys,
    caller: Caller,
    numbers: Sequence[int],
    columns: Sequence[CellName],
    total: int,
    result_id: str = "",
) -> LoggedModelTable:
    """The models with these numbers, in their order; those that are gone by now are left out."""
    facts: dict[int, Row[Any]] = {}
    for some in _chunks(numbers):
        facts |= {row.id: row for row in connection.execute(_facts(caller).where(logged_models.c.id.in_(some)))}
    rows = [facts[number] for number in numbers if number in facts]
    registered = _versions(connection, caller, rows)
    return LoggedModelTable(
        total,
        [row.model_id for row in rows],
        [row.name for row in rows],
        [str(row.experiment_id) for row in rows],
        [LoggedModelStatus.from_int(row.status).to_wire() for row in rows],
        [row.status_message or "" for row in rows],
        [row.model_type for row in rows],
        [row.source_run_id for row in rows],
        [row.run_name or "" for row in rows],
        [row.step for row in rows],
        [row.creation_timestamp for row in rows],
        [registered.get(row.id, []) for row in rows],
        [column.column for column in columns],
        _read_columns(connection, keys, [row.id for row in rows], columns),
        result_id,
    )


def _facts(caller: Caller) -> sa.Select[Any]:
    name = sa.case((visible(caller, runs.c.experiment_id), runs.c.name), else_="").label("run_name")
    return sa.select(logged_models, name, outputs.c.step).select_from(with_source_run(logged_models))


def _versions(connection: Connection, caller: Caller, models: Sequence[Row[Any]]) -> dict[int, list[RegisteredVersion]]:
    """What was registered of models; where this database's registry knows of none, what the models' tags note."""
    numbers = {row.model_id: row.id for row in models}
    found: dict[int, list[RegisteredVersion]] = {}
    table = model_versions.c
    for some in _chunks(list(numbers)):
        chosen = sa.select(table.model_id, table.name, table.version).where(
            table.workspace == caller.workspace, table.model_id.in_(some), visible_models(caller, table.name)
        )
        rows = connection.execute(chosen).all()  # an order in SQL would have SQLite walk the whole registry in it
        for model_id, name, version in sorted(rows, key=lambda row: (row.name, row.version)):
            found.setdefault(numbers[model_id], []).append(RegisteredVersion(name, str(version)))
    without = [row.id for row in models if row.id not in found]
    tags = logged_model_tags.c
    for some in _chunks(without):
        noted = sa.select(tags.model, tags.value).where(tags.model.in_(some), tags.name == VERSIONS_TAG)
        found |= {model: _noted(caller, text) for model, text in connection.execute(noted)}
    return found


def _noted(caller: Caller, text: str) -> list[RegisteredVersion]:
    try:
        versions = _versions_decoder.decode(text)
    except msgspec.MsgspecError:  # a tag is anybody's to write
        return []
    return [
        RegisteredVersion(one.name, str(one.version))
        for one in versions
        if caller.may(Permission.READ, "registered_model", one.name)
    ]


def _read_columns(
    connection: Connection, keys: Keys, numbers: Sequence[int], columns: Sequence[CellName]
) -> list[list[Value]]:
    read: dict[CellName, dict[int, Value]] = {column: {} for column in columns}
    _read_metrics(connection, keys, numbers, {name: own for name, own in read.items() if name.kind == "metric"})
    for kind, table in _TEXTS.items():
        texts = {name.key: own for name, own in read.items() if name.kind == kind}
        for some in _chunks(numbers):
            for names in _chunks(list(texts)):
                chosen = sa.select(table.c.model, table.c.name, table.c.value)
                for model, key, value in connection.execute(
                    chosen.where(table.c.model.in_(some), table.c.name.in_(names))
                ):
                    texts[key][model] = value
    return [[read[column].get(number) for number in numbers] for column in columns]


def _read_metrics(
    connection: Connection, keys: Keys, numbers: Sequence[int], columns: dict[CellName, dict[int, Value]]
) -> None:
    """Fill in the latest value of each metric; rows come by age, so that the newest of a model stays."""
    ids = keys.find(connection, "metric", {name.key for name in columns})
    wanted: dict[int, list[CellName]] = {}
    for name in columns:
        if name.key in ids:
            wanted.setdefault(ids[name.key], []).append(name)
    for some in _chunks(numbers):
        for own in _chunks(list(wanted)):
            chosen = _METRICS.where(model_summaries.c.model.in_(some), model_summaries.c.key_id.in_(own))
            for row in connection.execute(chosen):
                for name in wanted[row.key_id]:
                    if name.holds(row.dataset_name, row.dataset_digest):
                        columns[name][row.model] = "NaN" if row.latest_value is None else row.latest_value


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))
