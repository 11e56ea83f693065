"""Reading a database that MLflow made, without changing a byte of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, Row, exc

from mlflow._numpy import np
from mlflow.contract.caller import DEFAULT_WORKSPACE
from mlflow.entities.dataset import Dataset
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.input_tag import InputTag
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.exceptions import InvalidParameterValue, InvalidState, ResourceDoesNotExist
from mlflow.sql.bulk_logged_models import LoggedModelRecord
from mlflow.sql.bulk_records import Counts, ExperimentRecord, RunRecord, Series
from mlflow.sql.bulk_registry import ModelRecord
from mlflow.sql.engine import Database, open_database
from mlflow.sql.legacy_logged_models import logged_model_ids, read_logged_models
from mlflow.sql.legacy_registry import read_models
from mlflow.sql.legacy_rows import LegacySchema
from mlflow.sql.schema import VERSION_TABLE
from mlflow.sql.series.points import Batch, Points

__all__ = ["LegacyDatabase", "open_legacy_database"]

T = TypeVar("T")

_MOST_POINTS = 500_000  # read at a time from one run
_MODELS = 20  # logged models read at a time
_ROOT = {"source_type": "mlflow.source.type", "source_name": "mlflow.source.name"}
_ROOT |= {"source_version": "mlflow.source.git.commit", "entry_point_name": "mlflow.project.entryPoint"}
_NOT_READ = {
    "traces": "trace_info",
    "assessments": "assessments",
    "evaluation datasets": "evaluation_datasets",
    "scorers": "scorers",
    "webhooks": "webhooks",
}


class _Read(Protocol):
    def __call__(self, job: Callable[[Connection], T], /) -> T: ...


class LegacyDatabase:
    """Experiments, runs and histories of a database that MLflow made.

    Args:
        read: runs a job on a connection, in a transaction.
        close: lets go of the database.
    """

    def __init__(self, read: _Read, close: Callable[[], None]) -> None:
        self._read = read
        self.close = close
        self._schema = read(LegacySchema.of)
        self._datasets: dict[str, Dataset] = {}

    def check(self, shown: str) -> None:
        """Raise unless this is a database of MLflow's; `shown` names it in the message."""
        if self._schema.has(VERSION_TABLE):
            raise InvalidState(f"'{shown}' is in this version's format already; there is nothing to migrate.")
        if not (self._schema.has("experiments") and self._schema.has("runs")):
            raise InvalidParameterValue(f"'{shown}' holds no experiments of MLflow. Check the address.")

    def experiments(self) -> list[ExperimentRecord]:
        """All experiments of the default workspace, by id."""

        def read(connection: Connection) -> list[ExperimentRecord]:
            tags: dict[str, dict[str, str]] = {}
            if self._schema.has("experiment_tags"):
                for row in connection.execute(self._schema.select("experiment_tags")):
                    tags.setdefault(str(row.experiment_id), {})[row.key] = row.value or ""
            rows = connection.execute(self._schema.select("experiments").order_by(sa.column("experiment_id")))
            return [_experiment(row, tags) for row in rows if row.workspace in {None, DEFAULT_WORKSPACE}]

        return self._read(read)

    def sizes(self, experiment_ids: Sequence[str]) -> dict[str, int]:
        """The runs of experiments, each with its number of points."""

        def read(connection: Connection) -> dict[str, int]:
            given = [int(experiment_id) for experiment_id in experiment_ids]
            found = [row.run_uuid for row in self._schema.rows(connection, "runs", "experiment_id", given)]
            counted = self._schema.counts(connection, "metrics", "run_uuid", found)
            return {run_id: counted.get(run_id, 0) for run_id in found}

        return self._read(read)

    def runs(self, run_ids: Sequence[str]) -> list[RunRecord]:
        """These runs with params, tags and inputs."""

        def read(connection: Connection) -> list[RunRecord]:
            params = self._values(connection, "params", run_ids)
            tags = self._values(connection, "tags", run_ids)
            links = _Links(self._schema, connection, run_ids, self._datasets)
            rows = self._schema.rows(connection, "runs", "run_uuid", run_ids)
            return [_run(row, params.get(row.run_uuid, {}), tags.get(row.run_uuid, {}), links) for row in rows]

        return self._read(read)

    def keys(self, run_id: str) -> dict[str, int]:
        """The metrics of a run, each with its number of points."""

        def read(connection: Connection) -> dict[str, int]:
            return self._schema.counts(connection, "metrics", "run_uuid", [run_id], "key")

        return self._read(read)

    def series(self, run_ids: Sequence[str]) -> list[Series]:
        """All points of these runs, which must fit in memory."""
        return self._read(lambda connection: self._points(connection, run_ids))

    def series_of(self, run_id: str) -> Iterator[Series]:
        """All points of one run, however many, some metrics at a time."""
        some: list[str] = []
        held = 0
        for key, count in sorted(self.keys(run_id).items()):
            if some and held + count > _MOST_POINTS:
                yield from self._read(partial(self._points, run_ids=[run_id], keys=some))
                some, held = [], 0
            some.append(key)
            held += count
        if some:
            yield from self._read(partial(self._points, run_ids=[run_id], keys=some))

    def counts(self, run_ids: Sequence[str]) -> dict[str, Counts]:
        """How much each of these runs has."""

        def read(connection: Connection) -> dict[str, Counts]:
            tables = {"points": "metrics", "params": "params", "tags": "tags"}
            counted = {
                name: self._schema.counts(connection, table, "run_uuid", run_ids) for name, table in tables.items()
            }
            used = _Links(self._schema, connection, run_ids, self._datasets).datasets
            counted["datasets"] = {run_id: len(uses) for run_id, uses in used.items()}
            return {
                run_id: Counts(**{name: by_run.get(run_id, 0) for name, by_run in counted.items()})
                for run_id in run_ids
            }

        return self._read(read)

    def models(self) -> list[ModelRecord]:
        """All registered models of the default workspace, by name."""
        return self._read(lambda connection: read_models(self._schema, connection))

    def logged_models(self) -> Iterator[LoggedModelRecord]:
        """All logged models, in the order they were made, some at a time."""
        ids = self._read(lambda connection: logged_model_ids(self._schema, connection))
        for start in range(0, len(ids), _MODELS):
            some = ids[start : start + _MODELS]
            yield from self._read(partial(read_logged_models, self._schema, model_ids=some))

    def left_out(self) -> dict[str, int]:
        """What there is besides experiments and runs, by kind."""
        sizes = self._read(
            lambda connection: {kind: self._schema.size(connection, table) for kind, table in _NOT_READ.items()}
        )
        return {kind: size for kind, size in sizes.items() if size}

    def _values(self, connection: Connection, table: str, run_ids: Sequence[str]) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for row in self._schema.rows(connection, table, "run_uuid", run_ids):
            found.setdefault(row.run_uuid, {})[row.key] = row.value or ""
        return found

    def _points(
        self, connection: Connection, run_ids: Sequence[str], keys: Sequence[str] | None = None
    ) -> list[Series]:
        codes: dict[tuple[str, str], int] = {}
        parts = [_batch(rows, codes) for rows in self._schema.points(connection, run_ids, keys)]
        names = list(codes)
        return [Series(*names[code], points) for code, points in Batch.joined(parts).by_key()]


class _Links:
    """What runs used and made, by run id."""

    def __init__(
        self, schema: LegacySchema, connection: Connection, run_ids: Sequence[str], known: dict[str, Dataset]
    ) -> None:
        self.models: dict[str, list[LoggedModelInput]] = {}
        self.outputs: dict[str, list[LoggedModelOutput]] = {}
        self.datasets: dict[str, list[DatasetInput]] = {}
        for row in schema.rows(connection, "inputs", "source_id", run_ids):
            if row.source_type == "RUN_INPUT":
                self.models.setdefault(row.source_id, []).append(LoggedModelInput(row.destination_id))
            elif row.source_type == "RUN_OUTPUT":
                made = LoggedModelOutput(row.destination_id, row.step or 0)
                self.outputs.setdefault(row.source_id, []).append(made)
        uses = [
            row for row in schema.rows(connection, "inputs", "destination_id", run_ids) if row.source_type == "DATASET"
        ]
        missing = list({row.source_id for row in uses} - known.keys())
        known.update(
            (row.dataset_uuid, _dataset(row)) for row in schema.rows(connection, "datasets", "dataset_uuid", missing)
        )
        tags: dict[str, list[InputTag]] = {}
        for row in schema.rows(connection, "input_tags", "input_uuid", [row.input_uuid for row in uses]):
            tags.setdefault(row.input_uuid, []).append(InputTag(row.name, row.value))
        for row in uses:
            if row.source_id in known:
                use = DatasetInput(known[row.source_id], tags.get(row.input_uuid, []))
                self.datasets.setdefault(row.destination_id, []).append(use)


def open_legacy_database(uri: str) -> LegacyDatabase:
    """Open a database that MLflow made; a SQLite file is opened read-only.

    Raises:
        ResourceDoesNotExist: there is no such file.
        InvalidParameterValue: the file is no database, or holds nothing of MLflow's.
        InvalidState: it is one of ours already, or was left in the middle of a write.
    """
    shown = sa.make_url(uri).render_as_string()
    if sa.make_url(uri).get_backend_name() == "sqlite":
        opened = _open_file(Path(sa.make_url(uri).database or ""))
    else:
        database: Database = open_database(uri, threads=1)
        opened = LegacyDatabase(database.read, database.close)
    try:
        opened.check(shown)
    except BaseException:
        opened.close()
        raise
    return opened


def _open_file(path: Path) -> LegacyDatabase:
    if not path.is_file():
        raise ResourceDoesNotExist(f"There is no file '{path}'. Check the path.")

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=30)

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.pool.StaticPool)

    def read(job: Callable[[Connection], T]) -> T:
        try:
            with engine.begin() as connection:
                return job(connection)
        except exc.OperationalError as error:
            raise InvalidState(
                f"'{path}' cannot be read: {error.orig}. If a program wrote to it when it died, open it once with that "
                "program; if one is writing now, stop it."
            ) from error
        except exc.DatabaseError as error:
            raise InvalidParameterValue(
                f"'{path}' is no SQLite database, or is damaged: {error.orig}. Check the path, or restore a backup."
            ) from error

    try:
        return LegacyDatabase(read, engine.dispose)
    except BaseException:
        engine.dispose()
        raise


def _experiment(row: Row[Any], tags: dict[str, dict[str, str]]) -> ExperimentRecord:
    experiment_id = str(row.experiment_id)
    return ExperimentRecord(
        experiment_id=experiment_id,
        name=row.name,
        artifact_location=row.artifact_location or "",
        deleted=row.lifecycle_stage == "deleted",
        creation_time=row.creation_time,
        last_update_time=row.last_update_time,
        tags=tags.get(experiment_id, {}),
    )


def _run(row: Row[Any], params: dict[str, str], tags: dict[str, str], links: _Links) -> RunRecord:
    # the first versions kept these in columns only
    columns = {tag: getattr(row, column) for column, tag in _ROOT.items()}
    older = {tag: value for tag, value in columns.items() if value and value != "UNKNOWN" and tag not in tags}
    return RunRecord(
        run_id=row.run_uuid,
        experiment_id=str(row.experiment_id),
        name=row.name or tags.get("mlflow.runName", ""),
        user_id=row.user_id or "",
        status=row.status or "RUNNING",
        start_time=row.start_time or 0,
        end_time=row.end_time,
        deleted=row.lifecycle_stage == "deleted",
        deleted_time=row.deleted_time,
        artifact_uri=row.artifact_uri or "",
        params=params,
        tags=tags | older,
        datasets=links.datasets.get(row.run_uuid, []),
        models=links.models.get(row.run_uuid, []),
        outputs=links.outputs.get(row.run_uuid, []),
    )


def _dataset(row: Row[Any]) -> Dataset:
    return Dataset(
        row.name, row.digest, row.dataset_source_type, row.dataset_source, row.dataset_schema, row.dataset_profile
    )


def _batch(rows: Sequence[Sequence[Any]], codes: dict[tuple[str, str], int]) -> Batch:
    """Columns of rows; each (run, key) gets the next number when it is first seen."""
    run_ids, names, steps, timestamps, values, missing = zip(*rows, strict=True)
    keys = np.array([codes.setdefault(name, len(codes)) for name in zip(run_ids, names, strict=True)], np.int32)
    numbers = np.array(values, np.float64)
    if any(missing):
        numbers[np.array(missing, np.bool_)] = np.nan
    points = Points(_integers(steps), _integers(timestamps), numbers)
    return Batch(keys, points)


def _integers(column: Sequence[int | None]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A column that may be absent, or have gaps, which count as 0."""
    try:
        return np.array(column, np.int64)
    except TypeError:
        return np.array([value or 0 for value in column], np.int64)
