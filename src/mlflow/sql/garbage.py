"""Deleting for good what is in the trash: runs with all they logged, then experiments, whose names become free.

Work is done in chunks of a few transactions each and may end anywhere: what is left is collected the next time. A run's
artifacts go first, because afterwards nobody would know where they are. The names of keys stay: processes remember
their numbers, and a few bytes each are not worth a metric without a name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy import Connection, Row

from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.sql.engine import Database
from mlflow.sql.garbage_models import choose_models, collect_models
from mlflow.sql.garbage_rows import delete_experiment, delete_orphans, delete_runs
from mlflow.sql.ids import now, to_ids
from mlflow.sql.tables import experiments, runs

__all__ = ["Collected", "Due", "Garbage", "LeftRun"]

DeleteArtifacts = Callable[[str, str], None]
"""Deletes the artifacts of a run, given its id and artifact URI."""
Progress = Callable[[int, int], None]
"""Told how many runs are done, and how many there are."""

_CHUNK = 100


class LeftRun(Struct, frozen=True):
    """A run that stays for the next time, because its artifacts could not be deleted."""

    run_id: str
    reason: str


class Due(Struct, frozen=True):
    """What would be deleted, by id."""

    run_ids: list[str]
    experiment_ids: list[str]
    model_ids: list[str] = []


class Collected(Struct, frozen=True):
    """What was deleted: how many runs and logged models, the ids of experiments; and which runs and models are left."""

    runs: int
    experiments: list[str]
    left: list[LeftRun]
    models: int = 0
    models_left: dict[str, str] = {}


class Garbage:
    """The trash of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(
        self,
        older_than_ms: int = 0,
        run_ids: Collection[str] = (),
        experiment_ids: Collection[str] = (),
        model_ids: Collection[str] = (),
    ) -> Due:
        """What `collect` would delete; arguments and exceptions as there."""
        chosen, numbers, models = self._choose(older_than_ms, run_ids, experiment_ids, model_ids)
        found: list[str] = []
        for start in range(0, len(numbers), _CHUNK):
            rows = self._database.read(partial(_in_trash, numbers=numbers[start : start + _CHUNK]))
            found += [row.run_id for row in rows]
        return Due(found, [str(number) for number in chosen], [model.model_id for model in models])

    def collect(
        self,
        delete_artifacts: DeleteArtifacts,
        older_than_ms: int = 0,
        run_ids: Collection[str] = (),
        experiment_ids: Collection[str] = (),
        progress: Progress = lambda done, total: None,
        model_ids: Collection[str] = (),
    ) -> Collected:
        """Delete runs, logged models and experiments that are in the trash.

        Args:
            delete_artifacts: may raise FileNotFoundError or ResourceDoesNotExist when there are none; any other
                exception keeps the run, and its experiment, for the next time.
            older_than_ms: only what was put there at least so long ago.
            run_ids: only these runs; with `experiment_ids` both.
            experiment_ids: only these experiments, with their runs and logged models.
            progress: called after each run.
            model_ids: only these logged models.

        Raises:
            ResourceDoesNotExist: a run or experiment that is named does not exist.
            InvalidParameterValue: one that is named is not in the trash, or not for so long.
        """
        chosen, numbers, models = self._choose(older_than_ms, run_ids, experiment_ids, model_ids)
        collected, models_left = collect_models(self._database, models, delete_artifacts)
        deleted, left = 0, list[LeftRun]()
        for start in range(0, len(numbers), _CHUNK):
            some = numbers[start : start + _CHUNK]
            cleared = _Cleared(delete_artifacts, progress, start, len(numbers))
            gone = cleared.of(self._database.read(partial(_in_trash, numbers=some)))
            deleted += delete_runs(self._database, gone) if gone else 0
            left += cleared.left
        freed = [str(number) for number in chosen if self._database.write(partial(delete_experiment, number=number))]
        delete_orphans(self._database)
        return Collected(deleted, freed, left, collected, models_left)

    def _choose(
        self,
        older_than_ms: int,
        run_ids: Collection[str],
        experiment_ids: Collection[str],
        model_ids: Collection[str],
    ) -> tuple[list[int], list[int], list[Row[Any]]]:
        """The numbers of experiments and runs to delete, and the rows of models."""
        before = now() - older_than_ms

        def choose(connection: Connection) -> tuple[list[int], list[int], list[Row[Any]]]:
            others = bool(run_ids or model_ids)
            chosen = _choose_experiments(connection, experiment_ids, before, unless=others)
            others = bool(experiment_ids or model_ids)
            numbers = _choose_runs(connection, run_ids, chosen, before, unless=others)
            others = bool(experiment_ids or run_ids)
            return chosen, numbers, choose_models(connection, model_ids, chosen, before, unless=others)

        return self._database.read(choose)


class _Cleared:
    """Deletes artifacts run by run, and keeps the runs where that failed in `left`."""

    def __init__(self, delete: DeleteArtifacts, progress: Progress, before: int, total: int) -> None:
        self._delete = delete
        self._progress = progress
        self._before, self._total = before, total
        self.left: list[LeftRun] = []

    def of(self, rows: Sequence[Row[Any, Any, Any]]) -> list[int]:
        """The numbers of the runs whose artifacts are gone."""
        cleared = []
        for done, row in enumerate(rows, 1):
            try:
                self._delete(row.run_id, row.artifact_uri)
            except (FileNotFoundError, ResourceDoesNotExist):
                cleared.append(row.id)
            except Exception as error:  # noqa: BLE001 - an artifact store's; the others shall be collected all the same
                self.left.append(LeftRun(row.run_id, str(error) or type(error).__name__))
            else:
                cleared.append(row.id)
            self._progress(self._before + done, self._total)
        return cleared


def _in_trash(connection: Connection, numbers: Sequence[int]) -> Sequence[Row[Any, Any, Any]]:
    chosen = sa.select(runs.c.id, runs.c.run_id, runs.c.artifact_uri).where(runs.c.id.in_(numbers), runs.c.deleted != 0)
    return connection.execute(chosen).all()


def _choose_experiments(connection: Connection, named: Collection[str], before: int, *, unless: bool) -> list[int]:
    """The experiments to collect: those that are named, or all, unless only runs are asked for."""
    if not named:
        due = sa.and_(experiments.c.deleted != 0, experiments.c.deleted_time <= before)
        return [] if unless else list(connection.scalars(sa.select(experiments.c.id).where(due)))
    numbers = to_ids(named)
    table = experiments.c
    chosen = sa.select(table.id, table.id.label("name"), table.deleted, table.deleted_time).where(table.id.in_(numbers))
    rows = {row.id: row for row in connection.execute(chosen)}
    for number in numbers:
        _check("experiment", str(number), rows.get(number), before)
    return numbers


def _choose_runs(
    connection: Connection, named: Collection[str], of_experiments: Sequence[int], before: int, *, unless: bool
) -> list[int]:
    """The runs to collect: those in the trash of the experiments, and those that are named, or all that are due."""
    wanted: list[sa.ColumnElement[bool]] = [runs.c.experiment_id.in_(of_experiments)]
    if not named and not unless:
        wanted.append(runs.c.deleted_time <= before)
    found = set(connection.scalars(sa.select(runs.c.id).where(runs.c.deleted != 0, sa.or_(*wanted))))
    chosen = sa.select(runs.c.id, runs.c.run_id, runs.c.deleted, runs.c.deleted_time)
    rows: dict[str, Row[Any, Any, Any, Any]] = {}
    names = list(dict.fromkeys(named))
    for start in range(0, len(names), _CHUNK):
        some = connection.execute(chosen.where(runs.c.run_id.in_(names[start : start + _CHUNK])))
        rows.update((row.run_id, row) for row in some)
    for run_id in names:
        _check("run", run_id, rows.get(run_id), before)
    return sorted(found | {row.id for row in rows.values()})


def _check(what: str, name: str, row: Row[Any, Any, Any, Any] | None, before: int) -> None:
    if row is None:
        raise ResourceDoesNotExist(f"No {what} with id={name} exists. Check the id.")
    if not row.deleted:
        raise InvalidParameterValue(f"The {what} {name} is not in the 'deleted' state. Delete it first.")
    if (row.deleted_time or 0) > before:
        raise InvalidParameterValue(
            f"The {what} {name} is not in the trash for long enough. Wait, or ask for a shorter time."
        )
