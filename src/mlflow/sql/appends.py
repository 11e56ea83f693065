"""Appending points to runs: one transaction for all that arrive while the one before is being committed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import msgspec
from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.entities.metric import Metric
from mlflow.exceptions import MlflowException, ResourceDoesNotExist
from mlflow.sql.access import check_experiment
from mlflow.sql.arrivals import Arrival, arrive
from mlflow.sql.changelog import note_rows
from mlflow.sql.engine import Database
from mlflow.sql.group import Group, Ticket
from mlflow.sql.model_points import add_model_points
from mlflow.sql.run_locks import lock_runs
from mlflow.sql.run_rows import RunRow, check_active
from mlflow.sql.series.block import encode_block
from mlflow.sql.statements import insert_numbered
from mlflow.sql.tables import blocks

__all__ = ["Appends", "Block", "insert_blocks"]

Block = dict[str, Any]


class Appends:
    """The way of points into a database.

    Args:
        database: where.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._group = Group(database, self._write)

    def arrive(self, points: Sequence[Metric]) -> Arrival:
        """Check and pack points, to be given to `append` or `add`; not to be called in a job."""
        return arrive(self._database.keys, points)

    def append(self, caller: Caller, run_id: str, arrival: Arrival) -> None:
        """Append points to an active run, and return once they are durable.

        Raises:
            ResourceDoesNotExist: no such run.
            InvalidParameterValue: it is in the trash.
            PermissionDenied: the caller may not edit it.
            BadRequest: a point names a logged model that does not exist.
        """
        self._group.join(_Ticket(caller, run_id, arrival))

    def append_all(self, wanted: Iterable[tuple[Caller, str, Arrival]]) -> list[BaseException | None]:
        """Append points to several runs, and return once they are durable: for each why it was refused, if it was."""
        tickets = [_Ticket(*each) for each in wanted]
        self._group.join_all(tickets)
        return [ticket.error for ticket in tickets]

    def add(self, connection: Connection, workspace: str, run: RunRow, arrival: Arrival) -> None:
        """Append points in a job's transaction to a run whose row is locked, at least shared, and active."""
        if arrival.count:
            _add_to_models(connection, workspace, run, arrival)
            write_arrivals(connection, {run.id: (run, [arrival])})

    def _write(self, connection: Connection, tickets: Sequence[_Ticket]) -> None:
        locked: dict[tuple[str, str], RunRow] = {}
        for workspace in sorted({ticket.caller.workspace for ticket in tickets}):
            wanted = (ticket.run_id for ticket in tickets if ticket.caller.workspace == workspace)
            for run_id, row in lock_runs(connection, workspace, wanted, shared=True).items():
                locked[workspace, run_id] = row
        accepted: dict[int, tuple[RunRow, list[Arrival]]] = {}
        for ticket in tickets:
            ticket.error = None
            try:
                run = _checked(locked.get((ticket.caller.workspace, ticket.run_id)), ticket)
                _add_to_models(connection, ticket.caller.workspace, run, ticket.arrival)
            except MlflowException as error:
                ticket.error = error
            else:
                accepted.setdefault(run.id, (run, []))[1].append(ticket.arrival)
        write_arrivals(connection, accepted)


class _Ticket(Ticket):
    """Points that wait."""

    __slots__ = ("arrival", "caller", "run_id")

    def __init__(self, caller: Caller, run_id: str, arrival: Arrival) -> None:
        super().__init__()
        self.caller = caller
        self.run_id = run_id
        self.arrival = arrival


def write_arrivals(connection: Connection, by_run: dict[int, tuple[RunRow, list[Arrival]]]) -> None:
    """Insert the blocks of several runs and note them for live views."""
    insert_blocks(
        connection,
        [run for run, _ in by_run.values()],
        [row for run, arrivals in by_run.values() for row in _blocks(run.id, arrivals)],
    )


def insert_blocks(connection: Connection, runs: Iterable[RunRow], rows: list[Block]) -> None:
    """Insert blocks of runs, whose rows are locked, and note them for live views: one small change a run."""
    if not rows:
        return
    inserted: dict[int, list[int]] = {}
    for number, run in insert_numbered(connection, blocks, rows, "run"):
        inserted.setdefault(run, []).append(number)
    experiments = {run.id: run.experiment_id for run in runs}
    note_rows(
        connection,
        "metrics",
        [(experiments[run], run, msgspec.json.encode({"blocks": numbers})) for run, numbers in inserted.items()],
    )


def _add_to_models(connection: Connection, workspace: str, run: RunRow, arrival: Arrival) -> None:
    if arrival.model_points:
        add_model_points(connection, workspace, run.id, arrival.key_ids, arrival.model_points)


def _blocks(run: int, arrivals: Sequence[Arrival]) -> list[Block]:
    packed = [{"run": run, "n": arrival.count, "data": arrival.data} for arrival in arrivals if arrival.data]
    loose = [arrival for arrival in arrivals if arrival.count and not arrival.data]
    if loose:
        keys, steps, timestamps, values = (
            list(chain.from_iterable(getattr(arrival, name) for arrival in loose))
            for name in ("keys", "steps", "timestamps", "values")
        )
        packed.append({"run": run, "n": len(keys), "data": encode_block(keys, steps, timestamps, values)})
    return packed


def _checked(run: RunRow | None, ticket: _Ticket) -> RunRow:
    if run is None:
        raise ResourceDoesNotExist(f"Run with id={ticket.run_id} not found. Check the id.")
    check_experiment(ticket.caller, Permission.EDIT, run.experiment_id)
    check_active(run)
    return run
