"""Creating runs: one transaction for all that arrive while the one before is being committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, exc

from mlflow.contract.caller import Caller, Permission
from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceAlreadyExists
from mlflow.sql.access import check_experiment
from mlflow.sql.changelog import note_rows
from mlflow.sql.engine import Database
from mlflow.sql.experiment_rows import Lock, find_experiment
from mlflow.sql.group import Group, Ticket
from mlflow.sql.run_locks import lock_runs
from mlflow.sql.run_rows import RunRow
from mlflow.sql.statements import insert_numbered, insert_rows
from mlflow.sql.tables import runs, tags
from mlflow.sql.values import NAME_TAG, value_rows

__all__ = ["NewRun", "RunCreation", "create_run", "create_runs"]


class NewRun(NamedTuple):
    """A run to be made in state RUNNING.

    Attributes:
        caller: who asks.
        run_id: a new one.
        experiment_id: where; it must be active.
        user_id: may be empty.
        name: not empty.
        start_time: UTC milliseconds.
        key_ids: the number of each tag's key.
        tags: among them mlflow.runName.
        repeatable: another request for the same run is answered with the one that is there.
    """

    caller: Caller
    run_id: str
    experiment_id: str
    user_id: str
    name: str
    start_time: int
    key_ids: Mapping[str, int]
    tags: Mapping[str, str]
    repeatable: bool = False


class RunCreation:
    """The way of new runs into a database.

    Args:
        database: where.
    """

    def __init__(self, database: Database) -> None:
        self._group = Group(database, _write)

    def create(self, new: NewRun) -> RunRow | None:
        """Create a run and return its row once it is durable; None when the same request made it before.

        Raises:
            ResourceDoesNotExist: no such experiment.
            InvalidParameterValue: the experiment is in the trash.
            PermissionDenied: the caller may not edit it.
            ResourceAlreadyExists: another request made a run with this id.
        """
        try:
            return self._group.join(_Ticket(new)).row
        except exc.IntegrityError:  # the same request was under way a second time, through another server
            return self._group.join(_Ticket(new)).row


class _Ticket(Ticket):
    __slots__ = ("new", "row")

    def __init__(self, new: NewRun) -> None:
        super().__init__()
        self.new = new
        self.row: RunRow | None = None


def _write(connection: Connection, tickets: Sequence[_Ticket]) -> None:
    outcomes = create_runs(connection, [ticket.new for ticket in tickets])
    for ticket, outcome in zip(tickets, outcomes, strict=True):
        ticket.error = outcome if isinstance(outcome, MlflowException) else None
        ticket.row = None if isinstance(outcome, MlflowException) else outcome


def create_run(connection: Connection, new: NewRun) -> RunRow:
    """Create one run, not repeatable, in a transaction; raises as `RunCreation.create`."""
    (outcome,) = create_runs(connection, [new])
    if isinstance(outcome, MlflowException):
        raise outcome
    assert outcome is not None
    return outcome


def create_runs(connection: Connection, wanted: Sequence[NewRun]) -> list[RunRow | MlflowException | None]:
    """Create runs in a transaction: what became of each, as its row, as why it was refused, or None if it was there."""
    there = _runs_there(connection, wanted)
    experiments: dict[tuple[str, str], Row[Any]] = {}
    outcomes: list[RunRow | MlflowException | None] = [None] * len(wanted)
    rows: dict[int, dict[str, Any]] = {}
    for place in sorted(range(len(wanted)), key=lambda place: _order(wanted[place])):
        new = wanted[place]
        try:
            if not _is_repeated(there.get((new.caller.workspace, new.run_id)), new):
                rows[place] = _row(_active_experiment(connection, new, experiments), new)
        except MlflowException as error:
            outcomes[place] = error
    for place, run in zip(rows, _insert(connection, [wanted[place] for place in rows], [*rows.values()]), strict=True):
        outcomes[place] = run
    return outcomes


def _order(new: NewRun) -> tuple[str, int, str]:
    """One order for all who lock experiments."""
    return new.caller.workspace, len(new.experiment_id), new.experiment_id


def _runs_there(connection: Connection, wanted: Sequence[NewRun]) -> dict[tuple[str, str], RunRow]:
    there: dict[tuple[str, str], RunRow] = {}
    for workspace in sorted({new.caller.workspace for new in wanted if new.repeatable}):
        named = [new.run_id for new in wanted if new.repeatable and new.caller.workspace == workspace]
        for run_id, row in lock_runs(connection, workspace, named, shared=True).items():
            there[workspace, run_id] = row
    return there


def _is_repeated(run: RunRow | None, new: NewRun) -> bool:
    if run is None:
        return False
    check_experiment(new.caller, Permission.EDIT, run.experiment_id)
    if (str(run.experiment_id), run.start_time) != (new.experiment_id, new.start_time):
        raise ResourceAlreadyExists(f"There is another run with the id '{new.run_id}'. Make a new id.")
    return True


def _active_experiment(connection: Connection, new: NewRun, found: dict[tuple[str, str], Row[Any]]) -> Row[Any]:
    place = new.caller.workspace, new.experiment_id
    experiment = found.get(place)
    if experiment is None:
        experiment = find_experiment(connection, new.caller, new.experiment_id, Permission.EDIT, Lock.SHARED)
        found[place] = experiment
    else:
        check_experiment(new.caller, Permission.EDIT, experiment.id)
    if experiment.deleted:
        raise InvalidParameterValue(
            f"The experiment {new.experiment_id} must be in the 'active' state. Current state is deleted. "
            "Restore it first."
        )
    return experiment


def _row(experiment: Row[Any], new: NewRun) -> dict[str, Any]:
    return {
        "workspace": new.caller.workspace,
        "run_id": new.run_id,
        "experiment_id": experiment.id,
        "name": new.name,
        "user_id": new.user_id,
        "status": "RUNNING",
        "start_time": new.start_time,
        "end_time": None,
        "deleted": 0,
        "artifact_uri": f"{experiment.artifact_location.rstrip('/')}/{new.run_id}/artifacts",
        "last_heartbeat": None,
        "version": 0,
    }


def _insert(connection: Connection, made: Sequence[NewRun], rows: list[dict[str, Any]]) -> list[RunRow]:
    if not rows:
        return []
    numbered = insert_numbered(connection, runs, rows, "workspace", "run_id")
    numbers = {(workspace, run_id): number for number, workspace, run_id in numbered}
    inserted = [RunRow(id=numbers[row["workspace"], row["run_id"]], **_fields(row)) for row in rows]
    labels: list[dict[str, object]] = []
    noted: list[tuple[int, int | None, bytes]] = []
    for new, run in zip(made, inserted, strict=True):
        labels += value_rows(run, new.key_ids, {**new.tags, NAME_TAG: new.name})
        change = {"status": run.status, "run_name": run.name, "tags": dict(new.tags)}
        noted.append((run.experiment_id, run.id, msgspec.json.encode(change)))
    insert_rows(connection, tags, labels)
    note_rows(connection, "run", noted)
    return inserted


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "workspace"}
