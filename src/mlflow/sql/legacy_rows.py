"""Queries on a database that MLflow made, of any age: columns that came later are read as NULL where they lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

__all__ = ["LegacySchema"]

_CHUNK = 500
_FETCHED = 20_000  # rows held at a time

_COLUMNS = {
    "experiments": (
        "experiment_id",
        "name",
        "artifact_location",
        "lifecycle_stage",
        "creation_time",
        "last_update_time",
        "workspace",
    ),
    "experiment_tags": ("experiment_id", "key", "value"),
    "runs": (
        "run_uuid",
        "experiment_id",
        "name",
        "user_id",
        "status",
        "start_time",
        "end_time",
        "lifecycle_stage",
        "deleted_time",
        "artifact_uri",
        "source_type",
        "source_name",
        "source_version",
        "entry_point_name",
    ),
    "params": ("run_uuid", "key", "value"),
    "tags": ("run_uuid", "key", "value"),
    "metrics": ("run_uuid", "key", "step", "timestamp", "value", "is_nan"),
    "inputs": ("input_uuid", "source_type", "source_id", "destination_type", "destination_id", "step"),
    "input_tags": ("input_uuid", "name", "value"),
    "datasets": (
        "dataset_uuid",
        "experiment_id",
        "name",
        "digest",
        "dataset_source_type",
        "dataset_source",
        "dataset_schema",
        "dataset_profile",
    ),
    "logged_models": (
        "model_id",
        "experiment_id",
        "name",
        "artifact_location",
        "creation_timestamp_ms",
        "last_updated_timestamp_ms",
        "status",
        "status_message",
        "lifecycle_stage",
        "model_type",
        "source_run_id",
    ),
    "logged_model_params": ("model_id", "param_key", "param_value"),
    "logged_model_tags": ("model_id", "tag_key", "tag_value"),
    "logged_model_metrics": (
        "model_id",
        "metric_name",
        "metric_timestamp_ms",
        "metric_step",
        "metric_value",
        "run_id",
        "dataset_name",
        "dataset_digest",
    ),
    "registered_models": ("name", "creation_time", "last_updated_time", "description", "workspace"),
    "registered_model_tags": ("name", "key", "value", "workspace"),
    "registered_model_aliases": ("name", "alias", "version", "workspace"),
    "model_versions": (
        "name",
        "version",
        "creation_time",
        "last_updated_time",
        "description",
        "user_id",
        "current_stage",
        "source",
        "run_id",
        "status",
        "status_message",
        "run_link",
        "storage_location",
        "workspace",
    ),
    "model_version_tags": ("name", "version", "key", "value", "workspace"),
}


class LegacySchema:
    """What tables and columns a database has, and selects of those we read.

    Args:
        columns: the names of each table's columns.
    """

    def __init__(self, columns: Mapping[str, set[str]]) -> None:
        self._columns = columns

    @classmethod
    def of(cls, connection: Connection) -> LegacySchema:
        """The schema of the database behind a connection."""
        inspector = sa.inspect(connection)
        return cls(
            {
                table: {str(column["name"]) for column in inspector.get_columns(table)}
                for table in inspector.get_table_names()
            }
        )

    def has(self, table: str) -> bool:
        """Whether there is such a table."""
        return table in self._columns

    def select(self, table: str) -> sa.Select[Any]:
        """All columns of one of the tables we read."""
        there = self._columns[table]
        columns: list[sa.ColumnElement[Any]] = [
            sa.column(name) if name in there else sa.null().label(name) for name in _COLUMNS[table]
        ]
        return sa.select(*columns).select_from(sa.table(table))

    def rows(self, connection: Connection, table: str, column: str, values: Sequence[object]) -> Iterator[Row[Any]]:
        """The rows of a table whose `column` holds one of the values; none where there is no such table."""
        if not self.has(table):
            return
        chosen = self._among(table, column)
        for start in range(0, len(values), _CHUNK):
            yield from connection.execute(chosen, {"values": values[start : start + _CHUNK]})

    def points(
        self, connection: Connection, run_ids: Sequence[str], keys: Sequence[str] | None = None
    ) -> Iterator[Sequence[Sequence[Any]]]:
        """The points of runs, of some metrics or all, in portions of (run, key, step, timestamp, value, is_nan)."""
        chosen = self._among("metrics", "run_uuid")
        if keys is not None:
            chosen = chosen.where(sa.column("key").in_(keys))
        for start in range(0, len(run_ids), _CHUNK):
            yield from _portions(connection, chosen, {"values": run_ids[start : start + _CHUNK]})

    def _among(self, table: str, column: str) -> sa.Select[Any]:
        return self.select(table).where(sa.column(column).in_(sa.bindparam("values", expanding=True)))

    def counts(
        self, connection: Connection, table: str, column: str, values: Sequence[object], by: str = ""
    ) -> dict[str, int]:
        """How many rows of a table hold one of the values in `column`: for each value, or for each value of `by`."""
        counted: dict[str, int] = {}
        if not self.has(table):
            return counted
        group: sa.ColumnClause[Any] = sa.column(by or column)
        grouped = sa.select(group, sa.func.count()).select_from(sa.table(table)).group_by(group)
        grouped = grouped.where(sa.column(column).in_(sa.bindparam("values", expanding=True)))
        for start in range(0, len(values), _CHUNK):
            some = connection.execute(grouped, {"values": values[start : start + _CHUNK]})
            counted.update((str(value), int(count)) for value, count in some)
        return counted

    def size(self, connection: Connection, table: str) -> int:
        """How many rows a table has; 0 where there is none."""
        if not self.has(table):
            return 0
        return int(connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0)


def _portions(
    connection: Connection, chosen: sa.Select[Any], values: Mapping[str, object]
) -> Iterator[Sequence[Sequence[Any]]]:
    """The rows of a query, some at a time; servers are asked not to send all at once."""
    if connection.dialect.name != "sqlite":
        found = connection.execute(
            chosen, values, execution_options={"stream_results": True, "max_row_buffer": _FETCHED}
        )
        yield from found.partitions(_FETCHED)
        return
    cursor = connection.execute(chosen, values).cursor  # making a Row of each point would take half as long again
    assert cursor is not None
    while rows := cursor.fetchmany(_FETCHED):
        yield rows
