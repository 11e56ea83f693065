"""Bringing whole runs into a database: histories go straight into segments and summaries.

A call of `load` is one transaction, so a run is there with all it has or not at all, and whoever begins again after a
crash goes on with the runs that are missing. Nothing is folded or merged: the runs must be new.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow._numpy import np
from mlflow.contract.caller import DEFAULT_WORKSPACE
from mlflow.sql.bulk_records import Counts, RunRecord, Series
from mlflow.sql.changelog import note_all
from mlflow.sql.engine import Database
from mlflow.sql.inputs import write_inputs
from mlflow.sql.run_rows import RunRow
from mlflow.sql.series.merge import split
from mlflow.sql.series.points import Batch, Points, clamp
from mlflow.sql.series.summary import summaries_by_key
from mlflow.sql.statements import insert_row, insert_rows
from mlflow.sql.stored_series import SeriesId, segment_row, summary_row
from mlflow.sql.tables import inputs, outputs, params, runs, segments, summaries, tags
from mlflow.sql.values import NAME_TAG, value_rows

__all__ = ["BulkLoad"]

_CHUNK = 500
_MOST_POINTS = 1 << 18  # whose rows are encoded before they are written
_IDS: sa.BindParameter[list[str]] = sa.bindparam("run_ids", expanding=True)
_CHOSEN = sa.select(runs.c.id, runs.c.run_id).where(
    runs.c.workspace == sa.bindparam("workspace"), runs.c.run_id.in_(_IDS)
)
_NUMBERS: sa.BindParameter[list[int]] = sa.bindparam("numbers", expanding=True)
_COUNTED = {
    "points": sa.select(summaries.c.run, sa.func.sum(summaries.c.count)).where(summaries.c.run.in_(_NUMBERS)),
    "params": sa.select(params.c.run, sa.func.count()).where(params.c.run.in_(_NUMBERS)),
    "tags": sa.select(tags.c.run, sa.func.count()).where(tags.c.run.in_(_NUMBERS)),
    "datasets": sa.select(inputs.c.run, sa.func.count()).where(inputs.c.run.in_(_NUMBERS)),
}
_COUNTS = {name: chosen.group_by(sa.text("1")) for name, chosen in _COUNTED.items()}


class BulkLoad:
    """Loads runs into a database.

    Args:
        database: its tables are there and up to date.
        workspace: where the runs are to be.
    """

    def __init__(self, database: Database, workspace: str = DEFAULT_WORKSPACE) -> None:
        self._database = database
        self._workspace = workspace

    def load(
        self,
        records: Sequence[RunRecord],
        experiments: Mapping[str, int],
        keys: Collection[str],
        read: Callable[[], Iterable[Series]],
    ) -> int:
        """Insert new runs in one transaction, durable on return, and answer how many points they have.

        Args:
            records: whose ids no run here has.
            experiments: the number here of each experiment that the records name.
            keys: of all metrics that `read` answers.
            read: answers the series of these runs; it may be called again, if the database asks for another try.
        """
        numbers = {
            "metric": self._database.keys.ensure("metric", keys),
            "param": self._database.keys.ensure("param", {key for record in records for key in record.params}),
            "tag": self._database.keys.ensure("tag", {NAME_TAG, *(key for record in records for key in record.tags)}),
        }

        there = sorted({experiments[record.experiment_id] for record in records})

        def load(connection: Connection) -> int:
            placed = {
                record.run_id: self._insert_run(connection, record, experiments[record.experiment_id])
                for record in records
            }
            _insert_values(connection, records, placed, numbers)
            for record in records:
                _insert_links(connection, record, placed[record.run_id])
            # one change for all of them: whoever kept something about the experiments finds it out anew
            note_all(connection, "experiment", [(number, None) for number in there], {})
            points = 0
            for segment_rows, summary_rows in _encoded(read(), placed, numbers["metric"]):
                insert_rows(connection, segments, segment_rows)
                insert_rows(connection, summaries, summary_rows)
                points += sum(row["count"] for row in summary_rows)
            return points

        return self._database.write(load)

    def present(self, run_ids: Iterable[str]) -> dict[str, int]:
        """The numbers of those runs that are there."""
        return self._database.read(lambda connection: self._find(connection, list(run_ids)))

    def artifact_uris(self, run_ids: Iterable[str]) -> dict[str, str]:
        """Where the files are of those runs that are there."""
        numbers = {number: run_id for run_id, number in self.present(run_ids).items()}
        chosen = sa.select(runs.c.id, runs.c.artifact_uri).where(runs.c.id.in_(_NUMBERS))
        found = self._database.read(lambda connection: connection.execute(chosen, {"numbers": list(numbers)}).all())
        return {numbers[row.id]: row.artifact_uri for row in found}

    def counts(self, run_ids: Iterable[str]) -> dict[str, Counts]:
        """How much each of those runs has that are there."""
        wanted = list(run_ids)

        def count(connection: Connection) -> dict[str, Counts]:
            found = self._find(connection, wanted)
            counted = {name: _count(connection, chosen, list(found.values())) for name, chosen in _COUNTS.items()}
            return {
                run_id: Counts(**{name: by_run.get(number, 0) for name, by_run in counted.items()})
                for run_id, number in found.items()
            }

        return self._database.read(count)

    def _find(self, connection: Connection, run_ids: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for start in range(0, len(run_ids), _CHUNK):
            some = {"workspace": self._workspace, "run_ids": run_ids[start : start + _CHUNK]}
            found.update((row.run_id, row.id) for row in connection.execute(_CHOSEN, some))
        return found

    def _insert_run(self, connection: Connection, record: RunRecord, experiment: int) -> RunRow:
        row: dict[str, Any] = {
            "run_id": record.run_id,
            "experiment_id": experiment,
            "name": record.name,
            "user_id": record.user_id,
            "status": record.status,
            "start_time": record.start_time,
            "end_time": record.end_time,
            "deleted": int(record.deleted),
            "artifact_uri": record.artifact_uri,
            "last_heartbeat": None,
            "version": 0,
        }
        # what is in the trash needs a time, or it would never be collected
        since = record.deleted_time or record.end_time or record.start_time if record.deleted else None
        added = row | {"workspace": self._workspace, "deleted_time": since}
        return RunRow(id=insert_row(connection, runs, added), **row)


def _insert_values(
    connection: Connection,
    records: Sequence[RunRecord],
    placed: Mapping[str, RunRow],
    numbers: Mapping[str, Mapping[str, int]],
) -> None:
    for kind, table in (("param", params), ("tag", tags)):
        rows = [
            row
            for record in records
            for row in value_rows(
                placed[record.run_id], numbers[kind], record.params if kind == "param" else _tags(record)
            )
        ]
        insert_rows(connection, table, rows)


def _tags(record: RunRecord) -> dict[str, str]:
    """The tags with the run's name among them, as every run here has it."""
    return record.tags if not record.name or NAME_TAG in record.tags else record.tags | {NAME_TAG: record.name}


def _insert_links(connection: Connection, record: RunRecord, run: RunRow) -> None:
    if record.datasets or record.models:
        write_inputs(connection, run, record.datasets, record.models)
    steps = {model.model_id: model.step for model in record.outputs}
    made = [{"run": run.id, "model_id": model_id, "step": step} for model_id, step in steps.items()]
    insert_rows(connection, outputs, made)


def _encoded(
    read: Iterable[Series], placed: Mapping[str, RunRow], numbers: Mapping[str, int]
) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """The rows of segments and summaries, some at a time."""
    for some in _portions(read):
        distinct = [_clamped(series.points).distinct() for series in some]
        codes = np.repeat(np.arange(len(some), dtype=np.int32), [len(points) for points in distinct])
        summed = summaries_by_key(Batch(codes, Points.joined(distinct)))
        rows: list[dict[str, Any]] = []
        totals: list[dict[str, Any]] = []
        for code, (series, points) in enumerate(zip(some, distinct, strict=True)):
            run = placed[series.run_id]
            place = SeriesId(run.id, numbers[series.key])
            if len(points) > 1:  # a point alone is its summary
                rows += [segment_row(place, at, piece) for at, piece in enumerate(split(points))]
            totals.append(summary_row(place, run.experiment_id, summed[code]))
        yield rows, totals


def _portions(read: Iterable[Series]) -> Iterator[list[Series]]:
    some: list[Series] = []
    held = 0
    for series in read:
        if not len(series.points):
            continue
        some.append(series)
        held += len(series.points)
        if held >= _MOST_POINTS:
            yield some
            some, held = [], 0
    if some:
        yield some


def _clamped(points: Points) -> Points:
    return Points(points.steps, points.timestamps, clamp(points.values))


def _count(connection: Connection, chosen: sa.Select[Any], numbers: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(numbers), _CHUNK):
        rows = connection.execute(chosen, {"numbers": numbers[start : start + _CHUNK]})
        found.update((run, int(count)) for run, count in rows)
    return found
