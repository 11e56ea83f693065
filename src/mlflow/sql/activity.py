"""What goes on in experiments: how many runs, how many of them train, when, and whose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller
from mlflow.contract.experiments import Activity
from mlflow.contract.route import ViewTypeName
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.access import visible
from mlflow.sql.ids import now, to_ids
from mlflow.sql.tables import experiments, runs

__all__ = ["read_activity"]

_DAY_MS = 24 * 60 * 60 * 1000
_DAYS = 14
_MOST_USERS = 20
_MOST_EXPERIMENTS = 1000
_DELETED = {"ACTIVE_ONLY": (0,), "DELETED_ONLY": (1,), "ALL": (0, 1)}


def read_activity(
    connection: Connection, caller: Caller, experiment_ids: Sequence[str], view: ViewTypeName
) -> list[Activity]:
    """The activity of the experiments that the caller may read, in the order given."""
    if len(experiment_ids) > _MOST_EXPERIMENTS:
        raise InvalidParameterValue(
            f"Invalid value for parameter 'experiment_ids': it has {len(experiment_ids)} experiments; "
            f"name {_MOST_EXPERIMENTS} at most."
        )
    given = to_ids(experiment_ids)
    there = set(
        connection.scalars(
            sa.select(experiments.c.id).where(
                experiments.c.id.in_(given), experiments.c.workspace == caller.workspace, visible(caller)
            )
        )
    )
    numbers = [number for number in given if number in there]
    chosen = (runs.c.experiment_id.in_(numbers), runs.c.deleted.in_(_DELETED[view]))
    people, days = _by_user(connection, chosen), _by_day(connection, chosen, now() - _DAYS * _DAY_MS)
    return [_activity(number, people.get(number, []), days.get(number, {})) for number in numbers]


def _by_user(connection: Connection, chosen: Sequence[sa.ColumnElement[bool]]) -> dict[int, list[Row[Any]]]:
    """Counts and times of each user's runs, by experiment; all that takes the rows themselves, in one pass."""
    counted = sa.select(
        runs.c.experiment_id,
        runs.c.user_id,
        sa.func.count().label("runs"),
        sa.func.sum(sa.case((runs.c.status == "RUNNING", 1), else_=0)).label("running"),
        sa.func.max(runs.c.start_time).label("started"),
        sa.func.max(runs.c.end_time).label("ended"),
    ).where(*chosen)
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(counted.group_by(runs.c.experiment_id, runs.c.user_id)):
        found.setdefault(row.experiment_id, []).append(row)
    return found


def _by_day(connection: Connection, chosen: Sequence[sa.ColumnElement[bool]], since: int) -> dict[int, dict[int, int]]:
    day = ((runs.c.start_time - since) // _DAY_MS).label("day")
    counted = sa.select(runs.c.experiment_id, day, sa.func.count()).where(*chosen, runs.c.start_time >= since)
    found: dict[int, dict[int, int]] = {}
    for number, at, count in connection.execute(counted.group_by(runs.c.experiment_id, "day")):
        found.setdefault(number, {})[int(at)] = count
    return found


def _activity(number: int, people: Sequence[Row[Any]], days: dict[int, int]) -> Activity:
    latest = sorted((row for row in people if row.user_id), key=lambda row: (-row.started, row.user_id))
    times = [time for row in people for time in (row.started, row.ended) if time]
    return Activity(
        str(number),
        sum(row.runs for row in people),
        sum(int(row.running) for row in people),
        max(times, default=None),
        [days.get(day, 0) for day in range(_DAYS)],
        [row.user_id for row in latest[:_MOST_USERS]],
    )
