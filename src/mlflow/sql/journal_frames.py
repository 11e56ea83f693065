"""What the frames of a journal do to a database, inside the transaction of their slice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, exc

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.frames_operations import (
    CreateExperiment,
    CreateRun,
    Heartbeat,
    LogInputs,
    Metrics,
    ModelMetrics,
    Operation,
    Params,
    Series,
    Tags,
    Unreadable,
    UpdateRun,
)
from mlflow.contract.names import check_key, check_run_id, param_value, tag_value
from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceDoesNotExist
from mlflow.sql.access import check_experiment
from mlflow.sql.appends import Appends, Block, insert_blocks
from mlflow.sql.arrivals import pack_points
from mlflow.sql.inputs import check_datasets, write_inputs
from mlflow.sql.journal_experiments import OfflineExperiments
from mlflow.sql.journal_keys import KeyNumbers
from mlflow.sql.journal_points import metrics_blocks, series_blocks
from mlflow.sql.journal_rejections import Rejections
from mlflow.sql.run_changes import name_of_new_run, update_run
from mlflow.sql.run_creation import NewRun, create_run
from mlflow.sql.run_locks import lock_runs
from mlflow.sql.run_names import random_run_name
from mlflow.sql.run_rows import RunRow, check_active, touch_run
from mlflow.sql.tables import runs
from mlflow.sql.values import NAME_TAG, write_params, write_tags

__all__ = ["Frames"]

_ADDING = (Metrics, Series, ModelMetrics)
_NEGATIVE = "Got an invalid timestamp below 0. Timestamps are UTC milliseconds from 0 on."
_UNSTORABLE = (exc.DataError, exc.IntegrityError, OverflowError, UnicodeEncodeError)


class Frames:
    """Applies the operations of one slice, one by one; a refused one is noted and leaves nothing behind.

    Args:
        connection: in the slice's transaction.
        caller: who sent it.
        key_ids: the numbers of the keys it names.
        appends: the way of points.
        experiments: finds and makes them.
        rejections: where refused frames are noted.
    """

    def __init__(
        self,
        connection: Connection,
        caller: Caller,
        key_ids: KeyNumbers,
        appends: Appends,
        experiments: OfflineExperiments,
        rejections: Rejections,
    ) -> None:
        self._connection = connection
        self._caller = caller
        self._key_ids = key_ids
        self._appends = appends
        self._experiments = experiments
        self._rejections = rejections
        self._runs: dict[str, RunRow] = {}
        self._blocks: list[Block] = []

    def apply(self, operations: Sequence[Operation], after: int) -> None:
        """Apply operations.

        Args:
            operations: in the order of their frames.
            after: frames up to this offset were applied before.
        """
        named = {run_id for operation in operations if (run_id := getattr(operation, "run_id", None)) is not None}
        adding = all(isinstance(operation, _ADDING) for operation in operations)
        self._runs = lock_runs(self._connection, self._caller.workspace, named, shared=adding)
        for operation in operations:
            if isinstance(operation, Metrics):
                self._apply_metrics(operation, after)
            elif operation.end > after:
                self._apply(operation)
        insert_blocks(self._connection, self._runs.values(), self._blocks)

    def _apply(self, operation: Operation) -> None:
        apply = _APPLY.get(type(operation))
        if isinstance(operation, Unreadable):
            self._rejections.add(InvalidParameterValue("").error_code, operation.reason, [operation.offset])
        elif apply is not None:  # what has no entry, such as a file to upload, is the shipper's
            self._guarded(lambda: apply(self, operation), operation.end)

    def _guarded(self, apply: Callable[[], None], offset: int) -> None:
        """Let an operation take place wholly or not at all."""
        try:
            with self._connection.begin_nested():
                apply()
        except _UNSTORABLE as error:
            reason = getattr(error, "orig", None) or error
            refusal = InvalidParameterValue(f"The database cannot store a value: {reason}. Change the value.")
            self._rejections.add(refusal.error_code, refusal.message, [offset])
        except MlflowException as refusal:
            if refusal.get_http_status_code() in _PASSING:
                raise
            self._rejections.add(refusal.error_code, refusal.message, [offset])

    def _apply_metrics(self, given: Metrics, after: int) -> None:
        chosen = given.ends > after
        negative = chosen & (given.timestamps < 0)
        try:
            run = self._active(given.run_id)
            self._blocks += metrics_blocks(run.id, given, chosen & ~negative, self._key_ids["metric"])
        except MlflowException as refusal:
            self._rejections.add(refusal.error_code, refusal.message, given.ends[chosen].tolist())
        else:
            self._rejections.add(InvalidParameterValue("").error_code, _NEGATIVE, given.ends[negative].tolist())

    def _apply_series(self, given: Series) -> None:
        if (given.timestamps < 0).any():
            raise InvalidParameterValue(_NEGATIVE)
        run = self._active(given.run_id)
        self._blocks += series_blocks(run.id, given, self._key_ids["metric"])

    def _apply_model_metrics(self, given: ModelMetrics) -> None:
        run = self._active(given.run_id)
        arrival = pack_points(given.points, self._numbers("metric", [point.key for point in given.points]))
        self._appends.add(self._connection, self._caller.workspace, run, arrival)

    def _apply_params(self, given: Params) -> None:
        run = self._active(given.run_id)
        values = {key: param_value(key, value) for key, value in given.params.items()}
        write_params(self._connection, run, self._numbers("param", values), values)
        touch_run(self._connection, run.id)

    def _apply_tags(self, given: Tags) -> None:
        run = self._active(given.run_id)
        values = {key: tag_value(key, value) for key, value in given.tags.items()}
        write_tags(self._connection, run, self._numbers("tag", values), values)
        touch_run(self._connection, run.id)

    def _apply_create_experiment(self, given: CreateExperiment) -> None:
        self._experiments.make(self._connection, self._caller, given)

    def _apply_create_run(self, given: CreateRun) -> None:
        check_run_id(given.run_id)
        if given.run_id in self._runs:  # several ranks of one run may say so
            check_experiment(self._caller, Permission.EDIT, self._runs[given.run_id].experiment_id)
            return
        tags = {key: tag_value(key, value) for key, value in given.tags.items()}
        name = name_of_new_run(given.run_name or "", tags, random_run_name())
        new = NewRun(
            self._caller,
            given.run_id,
            self._experiments.of_run(self._connection, self._caller, given),
            given.user_id or "",
            name,
            given.start_time,
            self._key_ids["tag"],
            tags | {NAME_TAG: tag_value(NAME_TAG, name)},
        )
        self._runs[given.run_id] = create_run(self._connection, new)

    def _apply_update_run(self, given: UpdateRun) -> None:
        update_run(
            self._connection,
            self._caller,
            given.run_id,
            self._key_ids["tag"],
            given.status,
            given.end_time,
            given.run_name,
        )

    def _apply_inputs(self, given: LogInputs) -> None:
        run = self._active(given.run_id)
        check_datasets(given.datasets)
        write_inputs(self._connection, run, given.datasets, given.models)
        touch_run(self._connection, run.id)

    def _apply_heartbeat(self, given: Heartbeat) -> None:
        run = self._run(given.run_id)
        later = sa.or_(runs.c.last_heartbeat.is_(None), runs.c.last_heartbeat < given.timestamp)
        self._connection.execute(
            sa.update(runs).where(runs.c.id == run.id, later).values(last_heartbeat=given.timestamp)
        )

    def _run(self, run_id: str) -> RunRow:
        run = self._runs.get(run_id)
        if run is None:
            raise ResourceDoesNotExist(f"Run with id={run_id} not found. Check the id.")
        check_experiment(self._caller, Permission.EDIT, run.experiment_id)
        return run

    def _active(self, run_id: str) -> RunRow:
        run = self._run(run_id)
        check_active(run)
        return run

    def _numbers(self, kind: Any, names: Sequence[str] | Mapping[str, str]) -> Mapping[str, int]:
        """The numbers of keys, all of which are checked."""
        for name in names:
            check_key(kind, name)
        return self._key_ids[kind]


_PASSING = {429, 503, 504}  # another moment may do
_APPLY: dict[type[Operation], Callable[[Frames, Any], None]] = {
    Series: Frames._apply_series,
    ModelMetrics: Frames._apply_model_metrics,
    Params: Frames._apply_params,
    Tags: Frames._apply_tags,
    CreateExperiment: Frames._apply_create_experiment,
    CreateRun: Frames._apply_create_run,
    UpdateRun: Frames._apply_update_run,
    LogInputs: Frames._apply_inputs,
    Heartbeat: Frames._apply_heartbeat,
}
