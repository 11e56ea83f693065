"""Looking after a database: what is in it, whether it is sound, and giving back its room."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow._numpy import np
from mlflow.exceptions import DataLoss, InvalidState, NotImplementedByStore
from mlflow.sql.engine import Database
from mlflow.sql.schema import HEAD
from mlflow.sql.series.segment import decode_segment
from mlflow.sql.tables import (
    blocks,
    experiments,
    metadata,
    params,
    runs,
    segments,
    summaries,
    tags,
)

__all__ = ["Problem", "check", "describe", "vacuum"]

Problem = str

_CHUNK = 1000
_COUNTED = {
    "experiments": sa.select(sa.func.count()).select_from(experiments),
    "deleted experiments": sa.select(sa.func.count()).select_from(experiments).where(experiments.c.deleted != 0),
    "runs": sa.select(sa.func.count()).select_from(runs),
    "deleted runs": sa.select(sa.func.count()).select_from(runs).where(runs.c.deleted != 0),
    "params": sa.select(sa.func.count()).select_from(params),
    "tags": sa.select(sa.func.count()).select_from(tags),
    "series": sa.select(sa.func.count()).select_from(summaries),
    "points": sa.select(sa.func.coalesce(sa.func.sum(summaries.c.count), 0)),
    "points not sealed yet": sa.select(sa.func.coalesce(sa.func.sum(blocks.c.n), 0)),
}
_SIZES = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
    "mysql": "SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()",
}
_BELOW_RUNS = (params, tags, summaries, segments)
_SERIES = (
    sa.select(summaries.c.run, summaries.c.key_id, summaries.c.count, sa.func.coalesce(sa.func.sum(segments.c.n), 0))
    .outerjoin(segments, (segments.c.run == summaries.c.run) & (segments.c.key_id == summaries.c.key_id))
    .group_by(summaries.c.run, summaries.c.key_id, summaries.c.count)
)
_DATA = sa.select(segments.c.run, segments.c.key_id, segments.c.ordinal, segments.c.n, segments.c.data)
_DATA = _DATA.order_by(segments.c.run, segments.c.key_id, segments.c.ordinal)


def describe(database: Database) -> dict[str, Any]:
    """The kind of database, the version of its tables, its size in bytes and how much of what is in it."""
    counts = database.read(
        lambda connection: {name: int(connection.scalar(chosen) or 0) for name, chosen in _COUNTED.items()}
    )
    return {"kind": database.kind, "schema": HEAD, "bytes": database.read(_size)} | counts


def check(database: Database) -> list[Problem]:
    """What is wrong: tables that lack, rows without their run, series whose points and summary disagree."""
    problems = database.read(_check_tables)
    if problems:
        return problems
    for looked_for in (_check_file, _check_orphans, _check_series, _check_segments):
        problems += database.read(looked_for)
    return problems


def vacuum(database: Database) -> tuple[int, int]:
    """Rewrite a SQLite file without its free room; answers its size before and after, in bytes.

    Raises:
        NotImplementedByStore: it is no SQLite file; servers give back room by themselves.
        InvalidState: another process writes to it.
    """
    path = Path(database.url.database or "")
    if database.kind != "sqlite" or not path.is_file():
        raise NotImplementedByStore(
            f"{database.kind} gives back room by itself; its administrator may use VACUUM or OPTIMIZE TABLE."
        )
    database.close()
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        before = int(connection.execute(_SIZES["sqlite"]).fetchone()[0])
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return before, int(connection.execute(_SIZES["sqlite"]).fetchone()[0])
    except sqlite3.OperationalError as error:
        raise InvalidState(f"'{path}' cannot be rewritten: {error}. Stop its server, or make room.") from error
    finally:
        connection.close()


def _size(connection: Connection) -> int:
    return int(connection.scalar(sa.text(_SIZES[connection.dialect.name])) or 0)


def _check_tables(connection: Connection) -> list[Problem]:
    there = set(sa.inspect(connection).get_table_names())
    return [f"The table '{table}' is missing; restore a backup." for table in sorted(metadata.tables.keys() - there)]


def _check_file(connection: Connection) -> list[Problem]:
    if connection.dialect.name != "sqlite":
        return []
    found = connection.scalars(sa.text("PRAGMA quick_check(10)")).all()
    return [] if found == ["ok"] else [f"SQLite finds the file damaged: {problem}" for problem in found]


def _check_orphans(connection: Connection) -> list[Problem]:
    problems = []
    for table in _BELOW_RUNS:
        lost = sa.select(sa.func.count()).select_from(table.outerjoin(runs, runs.c.id == table.c.run))
        count = connection.scalar(lost.where(runs.c.id.is_(None)))
        if count:
            problems.append(f"{count} rows of '{table.name}' belong to no run.")
    lost = sa.select(sa.func.count()).select_from(runs.outerjoin(experiments, experiments.c.id == runs.c.experiment_id))
    count = connection.scalar(lost.where(experiments.c.id.is_(None)))
    if count:
        problems.append(f"{count} runs belong to no experiment.")
    return problems


def _check_series(connection: Connection) -> list[Problem]:
    return [
        f"Series {key} of run {run} has {held} points in segments and {count} in its summary."
        for run, key, count, held in connection.execute(_SERIES)
        if int(held) != count and not (count == 1 and not held)  # a point alone is its summary
    ]


def _check_segments(connection: Connection) -> list[Problem]:
    """Decode every segment: they have checksums."""
    problems = []
    last: tuple[int, int, np.int64] | None = None
    rows = connection.execute(_DATA, execution_options={"stream_results": True, "yield_per": _CHUNK})
    for run, key, ordinal, count, data in rows:
        where = f"Segment {ordinal} of series {key} of run {run}"
        try:
            points = decode_segment(data)
        except DataLoss as error:
            problems.append(f"{where}: {error.message}")
            continue
        if len(points) != count:
            problems.append(f"{where} has {len(points)} points instead of {count}.")
        elif last is not None and last[:2] == (run, key) and points.steps[0] < last[2]:
            problems.append(f"{where} begins before the end of the one before.")
        last = (run, key, points.steps[-1])
    return problems
