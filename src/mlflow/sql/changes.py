"""The change log in a SQL database.

A reader goes on after the greatest number it has seen, so it must never see a number while a smaller one may still be
committed. How that is kept:

- SQLite writes one transaction at a time, so numbers are committed in order.
- On PostgreSQL a number is made of the writer's transaction id and a counter (the column's default). A reader stops
  below the oldest transaction that is still running (`txid_snapshot_xmin`): whatever is below is committed or undone.
- On MySQL and MariaDB the log is read with shared locks, which wait for rows that others have inserted and not yet
  committed. A number that was given out but not inserted yet shows as a gap, and the page ends before a gap that is
  younger than a second.

Metrics are noted by the numbers of the blocks that hold them. Where these are folded by the time somebody reads, the
latest points of the run's summaries stand for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.changes import Change, ChangePage, Changes
from mlflow.exceptions import InvalidParameterValue, NotImplementedByStore
from mlflow.sql.access import visible
from mlflow.sql.engine import Database
from mlflow.sql.ids import now, to_ids
from mlflow.sql.newest_points import Arrived, newest_points
from mlflow.sql.tables import changes, experiments, runs

__all__ = ["PRUNED", "SqlChanges", "settled"]

PRUNED = "pruned"
"""The kind of the row that stands for all rows up to it that were removed."""

_MODEL = "registered_model"
_MOST = 10_000
_GAP_MS = 1000
_CHUNK = 1000
_XMIN = sa.func.txid_snapshot_xmin(sa.func.txid_current_snapshot(), type_=sa.BigInteger)
_LAST = sa.select(sa.func.coalesce(sa.func.max(changes.c.seq), 0))
_LOCKED = (
    sa.select(changes.c.seq, changes.c.time)
    .where(changes.c.seq > sa.bindparam("since"))
    .order_by(changes.c.seq)
    .with_for_update(read=True)
)


class SqlChanges(Changes):
    """The change log of a SQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get_changes(
        self, caller: Caller, topics: Sequence[str] = (), since: int | None = None, limit: int = 1000
    ) -> ChangePage:
        if not 1 <= limit <= _MOST:
            raise InvalidParameterValue(f"Invalid value '{limit}' for parameter 'limit'; ask for 1 to {_MOST}.")
        wanted = _wanted(caller, topics)
        if since is None:
            return self._database.read(lambda connection: ChangePage([], settled(connection)))
        position = since

        def read(connection: Connection) -> ChangePage:
            horizon = _horizon(connection, position, limit)
            if position > horizon:  # the database was put back to an earlier state
                return ChangePage([], horizon, reset=True)
            chosen = sa.select(changes).where(changes.c.seq > position, changes.c.seq <= horizon, wanted)
            rows = connection.execute(chosen.order_by(changes.c.seq).limit(limit)).all()
            found = self._changes(connection, [row for row in rows if row.kind not in (PRUNED, _MODEL)])
            of_models = [row for row in rows if row.kind == _MODEL]
            if of_models:
                found = sorted([*found, *_of_models(caller, topics, of_models)], key=lambda change: change.seq)
            reset = any(row.kind == PRUNED for row in rows)
            return ChangePage(found, rows[-1].seq if len(rows) == limit else horizon, reset)

        return self._database.read(read)

    def events(self, caller: Caller, topics: Sequence[str], since: int | None = None) -> None:
        """Streams are a server's; whoever holds the database reads its log.

        Raises:
            NotImplementedByStore: always.
        """
        raise NotImplementedByStore("A database streams no events. Call get_changes again with `since` as its `next`.")

    def _changes(self, connection: Connection, rows: Sequence[Row[Any]]) -> list[Change]:
        """The changes that rows stand for; points of one run come together in the last of its rows about metrics."""
        run_ids = _run_ids(connection, {row.run for row in rows if row.run is not None})
        arrived: dict[int, Arrived] = {}
        for row in rows:
            if row.kind == "metrics" and row.run in run_ids:
                blocks = msgspec.json.decode(row.data)["blocks"]
                arrived[row.run] = Arrived(
                    row.seq, [*arrived[row.run].blocks, *blocks] if row.run in arrived else blocks
                )
        points = newest_points(connection, self._database.keys, {run: of.blocks for run, of in arrived.items()})
        found = []
        for row in rows:
            if row.kind != "metrics":
                data = msgspec.json.decode(row.data)
            elif row.run in arrived and row.seq == arrived[row.run].seq:
                data = points[row.run]
            else:
                continue
            found.append(Change(row.seq, row.kind, str(row.experiment_id), run_ids.get(row.run), data))
        return found


def _wanted(caller: Caller, topics: Sequence[str]) -> sa.ColumnElement[bool]:
    """The condition that a row is about one of the topics and may be shown, or tells that rows were removed."""
    own = sa.select(experiments.c.id).where(experiments.c.workspace == caller.workspace)
    conditions = [visible(caller, changes.c.experiment_id), changes.c.experiment_id.in_(own)]
    of_models = [changes.c.kind == _MODEL] if not topics or any(map(_about_models, topics)) else []
    if topics:
        _check_topics(topics)
        of_experiments = to_ids(_named(topics, "exp:"))
        of_runs = sa.select(runs.c.id).where(
            runs.c.workspace == caller.workspace, runs.c.run_id.in_(list(_named(topics, "run:")))
        )
        conditions.append(sa.or_(changes.c.experiment_id.in_(of_experiments), changes.c.run.in_(of_runs)))
    return sa.or_(sa.and_(*conditions), *of_models, changes.c.kind == PRUNED)


def _about_models(topic: str) -> bool:
    return topic == "models" or topic.startswith("model:")


def _of_models(caller: Caller, topics: Sequence[str], rows: Sequence[Row[Any]]) -> Iterable[Change]:
    """The changes of registered models among rows that are of one of the topics and that the caller may read."""
    names = None if not topics or "models" in topics else set(_named(topics, "model:"))
    for row in rows:
        data = msgspec.json.decode(row.data)
        here = data.pop("workspace") == caller.workspace and (names is None or data["name"] in names)
        if here and caller.may(Permission.READ, "registered_model", data["name"]):
            yield Change(row.seq, row.kind, "", None, data)


def _named(topics: Iterable[str], prefix: str) -> Iterable[str]:
    return (topic.removeprefix(prefix) for topic in topics if topic.startswith(prefix))


def _check_topics(topics: Iterable[str]) -> None:
    for topic in topics:
        if not topic.startswith(("exp:", "run:")) and not _about_models(topic):
            raise InvalidParameterValue(
                f"Unknown topic '{topic}'; write exp:<experiment id>, run:<run id>, model:<name> or models."
            )


def settled(connection: Connection) -> int:
    """A number to begin after: whatever is committed from now on has a greater one; it may wait for others' commits."""
    if connection.dialect.name == "postgresql":
        return _transaction_horizon(connection)
    if connection.dialect.name == "sqlite":
        return connection.scalar(_LAST) or 0
    settled = sa.select(changes.c.seq).where(changes.c.time < now() - 2 * _GAP_MS).order_by(changes.c.seq.desc())
    return _walk(connection, connection.scalar(settled.limit(1)) or 0, _MOST)


def _horizon(connection: Connection, since: int, limit: int) -> int:
    """The greatest number below which nothing is outstanding, as far as this page may reach."""
    if connection.dialect.name == "postgresql":
        return _transaction_horizon(connection)
    last = connection.scalar(_LAST) or 0
    if connection.dialect.name == "sqlite" or since >= last:
        return last
    return _walk(connection, since, limit)


def _walk(connection: Connection, since: int, limit: int) -> int:
    """The number before the first young gap, or after so many rows; waits for those that are being inserted."""
    reached = since
    for row in connection.execute(_LOCKED.limit(limit), {"since": since}):
        if row.seq > reached + 1 and row.time > now() - _GAP_MS:
            break
        reached = row.seq
    return reached


def _transaction_horizon(connection: Connection) -> int:
    return (int(connection.scalar(sa.select(_XMIN)) or 0) << 16) - 1


def _run_ids(connection: Connection, numbers: set[int]) -> dict[int, str]:
    wanted = sorted(numbers)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), _CHUNK):
        chosen = sa.select(runs.c.id, runs.c.run_id).where(runs.c.id.in_(wanted[start : start + _CHUNK]))
        found.update((row.id, row.run_id) for row in connection.execute(chosen))
    return found
