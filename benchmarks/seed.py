"""Fill both products with the same runs.

Ours gets them over HTTP, or by the bulk load of its store where they are many; the published one by SQL.

The published server takes 75 runs a second over HTTP, so its SQLite file is written directly; the tables and columns
are those of a database it made itself.
"""

import json
import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from benchmarks.bench import create_experiment, now_ms
from benchmarks.loads import drive, post
from mlflow.sql.bulk_load import BulkLoad
from mlflow.sql.bulk_records import RunRecord, Series
from mlflow.sql.engine import Database
from mlflow.sql.series.points import Points
from mlflow.sql.store import open_store
from tests.fixtures.servers import TrackingServer

CONNECTIONS = 8
PIECE = 5_000
MOST_OVER_HTTP = 20_000  # runs; they come at 1,500 a second
LOADED_AT_ONCE = 1_000


class SeededRun(NamedTuple):
    """10 params, 20 metrics and 5 tags. ``params.p0`` is a digit, ``metrics.m0`` is uniform in [0, 1)."""

    number: int
    params: dict[str, str]
    metrics: dict[str, float]
    tags: dict[str, str]


def seeded_runs(count: int) -> Iterator[SeededRun]:
    noise = random.Random(7)
    for number in range(count):
        params = {f"p{key}": str(noise.randrange(10 ** (key + 1))) for key in range(10)}
        metrics = {f"m{key}": noise.random() for key in range(20)}
        tags = {f"t{key}": f"value-{noise.randrange(100)}" for key in range(5)}
        yield SeededRun(number, params, metrics, tags)


def pairs(mapping: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in mapping.items()]


def seed_over_http(server: TrackingServer, experiment_id: str, count: int) -> None:
    """Create runs, then log a batch to each, in pieces that fit into memory."""
    began, runs = now_ms(), seeded_runs(count)
    for first in range(0, count, PIECE):
        piece = [next(runs) for _ in range(min(PIECE, count - first))]
        created = [
            {"experiment_id": experiment_id, "start_time": began + run.number, "run_name": f"run-{run.number}"}
            for run in piece
        ]
        answers = send(server, [post("runs/create", content, server.port) for content in created])
        run_ids = {info["run_name"]: info["run_id"] for info in (json.loads(body)["run"]["info"] for body in answers)}
        send(
            server,
            [post("runs/log-batch", batch(run, run_ids[f"run-{run.number}"], began), server.port) for run in piece],
        )


def batch(run: SeededRun, run_id: str, timestamp: int) -> dict[str, object]:
    metrics = [{"key": key, "value": value, "timestamp": timestamp, "step": 0} for key, value in run.metrics.items()]
    return {"run_id": run_id, "metrics": metrics, "params": pairs(run.params), "tags": pairs(run.tags)}


def send(server: TrackingServer, requests: list[bytes]) -> list[bytes]:
    load = drive(server.port, requests, CONNECTIONS, 600.0, keep=True)
    if load.answered != len(requests):
        raise RuntimeError(f"{load.refused} of {len(requests)} requests were refused")
    return load.bodies


def seed_by_store(server: TrackingServer, experiment_id: str, count: int) -> None:
    """Load runs into the database of our server, past it."""
    opened = open_store(server.backend_store_uri, "mlflow-artifacts:/")
    try:
        load_runs(opened.database, experiment_id, seeded_runs(count))
    finally:
        opened.close()


def load_runs(database: Database, experiment_id: str, runs: Iterable[SeededRun]) -> None:
    """Bring runs into a store as `mlflow migrate` does: a transaction a thousand."""
    began, load, left = now_ms(), BulkLoad(database), iter(runs)
    while piece := list(islice(left, LOADED_AT_ONCE)):
        records = [record_of(run, experiment_id, began) for run in piece]
        points = [
            Series(run_id(experiment_id, run.number), key, Points.of([0], [began], [value]))
            for run in piece
            for key, value in run.metrics.items()
        ]
        load.load(records, {experiment_id: int(experiment_id)}, piece[0].metrics.keys(), lambda points=points: points)


def record_of(run: SeededRun, experiment_id: str, began: int) -> RunRecord:
    return RunRecord(
        run_id=run_id(experiment_id, run.number),
        experiment_id=experiment_id,
        name=f"run-{run.number}",
        start_time=began + run.number,
        artifact_uri=f"mlflow-artifacts:/{experiment_id}/{run_id(experiment_id, run.number)}/artifacts",
        params=run.params,
        tags=run.tags,
    )


class Charted(NamedTuple):
    """An experiment whose runs have long metrics."""

    experiment: str
    runs: list[str]


def seed_series(server: TrackingServer, published: bool, count: int, points: int, keys: Sequence[str]) -> Charted:
    """A new experiment with ``count`` runs that have so many points of each key; the latest is ``run-<count - 1>``."""
    experiment_id = create_experiment(server, f"{count} runs x {points} points")
    curves = [[1 / (step + 1) + number / count for step in range(points)] for number in range(count)]
    if published:
        runs = seed_bare_runs_by_sql(server, experiment_id, count)
        for run, curve in zip(runs, curves, strict=True):
            for key in keys:
                seed_history_by_sql(server, run, key, curve)
        return Charted(experiment_id, runs)
    began = now_ms()
    steps = range(points)
    records = [
        record_of(SeededRun(number, {"p0": str(number % 10)}, {}, {}), experiment_id, began) for number in range(count)
    ]
    series = [
        Series(record.run_id, key, Points.of(steps, [began + 50 * step for step in steps], curve))
        for record, curve in zip(records, curves, strict=True)
        for key in keys
    ]
    opened = open_store(server.backend_store_uri, "mlflow-artifacts:/")
    try:
        BulkLoad(opened.database).load(records, {experiment_id: int(experiment_id)}, keys, lambda: series)
    finally:
        opened.close()
    return Charted(experiment_id, [record.run_id for record in records])


def seed_by_sql(server: TrackingServer, experiment_id: str, count: int) -> None:
    """Insert into the published server's SQLite file what its own API would have written."""
    began, connection = now_ms(), sqlite3.connect(server.folder / "server.db", timeout=60)
    runs = seeded_runs(count)
    with connection:
        for first in range(0, count, PIECE):
            insert_runs(connection, experiment_id, began, [next(runs) for _ in range(min(PIECE, count - first))])
    connection.close()


def insert_runs(connection: sqlite3.Connection, experiment_id: str, began: int, runs: list[SeededRun]) -> None:
    ids = {run.number: run_id(experiment_id, run.number) for run in runs}
    insert(
        connection,
        "runs",
        "run_uuid name source_type source_name entry_point_name user_id status start_time end_time source_version"
        " lifecycle_stage artifact_uri experiment_id",
        [run_row(run, ids[run.number], experiment_id, began) for run in runs],
    )
    points = [(key, value, began, ids[run.number], 0, 0) for run in runs for key, value in run.metrics.items()]
    insert(connection, "metrics", "key value timestamp run_uuid step is_nan", points)
    insert(connection, "latest_metrics", "key value timestamp run_uuid step is_nan", points)
    params = [(key, value, ids[run.number]) for run in runs for key, value in run.params.items()]
    insert(connection, "params", "key value run_uuid", params)
    tags = [
        (key, value, ids[run.number])
        for run in runs
        for key, value in {**run.tags, "mlflow.runName": f"run-{run.number}"}.items()
    ]
    insert(connection, "tags", "key value run_uuid", tags)


def run_id(experiment_id: str, number: int) -> str:
    return f"{int(experiment_id):08x}{number:024x}"


def run_row(run: SeededRun, run_uuid: str, experiment_id: str, began: int) -> tuple[object, ...]:
    source, times = ("UNKNOWN", "", "", ""), (began + run.number, None)
    artifacts = f"mlflow-artifacts:/{experiment_id}/{run_uuid}/artifacts"
    return (run_uuid, f"run-{run.number}", *source, "RUNNING", *times, "", "active", artifacts, int(experiment_id))


def seed_bare_runs_by_sql(server: TrackingServer, experiment_id: str, count: int) -> list[str]:
    """Runs of the published server that have logged nothing yet; their ids."""
    began, connection = now_ms(), sqlite3.connect(server.folder / "server.db", timeout=60)
    with connection:
        insert_runs(connection, experiment_id, began, [SeededRun(number, {}, {}, {}) for number in range(count)])
    connection.close()
    return [run_id(experiment_id, number) for number in range(count)]


def seed_history_by_sql(server: TrackingServer, run_id: str, key: str, values: list[float]) -> None:
    """One long series: step = position, a point every 50 ms."""
    began, connection = now_ms(), sqlite3.connect(server.folder / "server.db", timeout=60)
    points = [(key, value, began + 50 * step, run_id, step, 0) for step, value in enumerate(values)]
    with connection:
        insert(connection, "metrics", "key value timestamp run_uuid step is_nan", points)
        insert(connection, "latest_metrics", "key value timestamp run_uuid step is_nan", points[-1:])
    connection.close()


def insert(connection: sqlite3.Connection, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    names = columns.split()
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    connection.executemany(statement, rows)


def seed(server: TrackingServer, published: bool, count: int) -> str:
    """Fill a new experiment with ``count`` runs; its id."""
    experiment_id = create_experiment(server, f"{count} runs")
    fill = seed_by_sql if published else seed_over_http if count <= MOST_OVER_HTTP else seed_by_store
    fill(server, experiment_id, count)
    return experiment_id
