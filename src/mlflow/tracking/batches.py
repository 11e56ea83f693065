"""What journal frames say, told to a store through the calls every MLflow store has.

Repeating an operation changes nothing: points, params and tags identify themselves, and a run that was made without a
server is found again by a tag with the id that its client chose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice, repeat
from typing import Any

from mlflow.contract.caller import EVERYONE
from mlflow.contract.frames_operations import (
    CreateExperiment,
    CreateRun,
    LogInputs,
    Metrics,
    ModelMetrics,
    Operation,
    Params,
    Series,
    Tags,
    UpdateRun,
)
from mlflow.contract.limits import MAX_BATCH_METRICS, MAX_BATCH_PARAMS, MAX_BATCH_TAGS
from mlflow.contract.store import TrackingStore
from mlflow.entities import ExperimentTag, Metric, Param, RunTag
from mlflow.exceptions import ResourceAlreadyExists, ResourceDoesNotExist
from mlflow.tracking.run_tags import MLFLOW_OFFLINE_RUN_ID

__all__ = ["Batches", "send_batches"]

_PAGE = 1000  # experiments looked through at a time for a run of ours


class Batches:
    """Applies operations to a store, one by one."""

    def __init__(self, store: TrackingStore) -> None:
        self._store = store
        self._server_ids: dict[str, str] = {}
        self._handlers: dict[type[Operation], Callable[[Any], None]] = {
            CreateExperiment: self._create_experiment,
            CreateRun: self._create_run,
            LogInputs: self._log_inputs,
            Metrics: self._log_metrics,
            ModelMetrics: self._log_points,
            Params: self._log_params,
            Series: self._log_series,
            Tags: self._set_tags,
            UpdateRun: self._update_run,
        }

    def apply(self, operation: Operation) -> None:
        """Apply one operation; one that such stores have no call for, as a heartbeat, is passed over.

        Raises:
            MlflowException: what the store answers.
        """
        handler = self._handlers.get(type(operation))
        if handler is None:
            return
        try:
            handler(operation)
        except ResourceDoesNotExist:
            if not self._found_under_another_id(getattr(operation, "run_id", "")):
                raise
            handler(operation)

    def server_id(self, run_id: str) -> str:
        """The id the store knows a run by."""
        return self._server_ids.get(run_id, run_id)

    def _create_experiment(self, operation: CreateExperiment) -> None:
        tags = [ExperimentTag(key, value) for key, value in operation.tags.items()]
        try:
            self._store.experiments.create_experiment(EVERYONE, operation.name, operation.artifact_location or "", tags)
        except ResourceAlreadyExists:
            return

    def _create_run(self, operation: CreateRun) -> None:
        if self._found_under_another_id(operation.run_id):
            return
        experiment_id = operation.experiment_id
        if experiment_id is None:
            name = operation.experiment_name or "Default"
            experiment_id = self._store.experiments.get_experiment_by_name(EVERYONE, name).experiment_id
        tags = [RunTag(key, value) for key, value in operation.tags.items()]
        run = self._store.runs.create_run(
            EVERYONE,
            experiment_id,
            operation.user_id or "",
            operation.run_name or "",
            operation.start_time,
            [*tags, RunTag(MLFLOW_OFFLINE_RUN_ID, operation.run_id)],
        )
        self._server_ids[operation.run_id] = run.info.run_id

    def _update_run(self, operation: UpdateRun) -> None:
        self._store.runs.update_run(
            EVERYONE,
            self.server_id(operation.run_id),
            operation.status,  # type: ignore[arg-type]  # the store says which names it knows
            operation.end_time,
            operation.run_name or "",
        )

    def _log_metrics(self, operation: Metrics) -> None:
        width = len(operation.keys)
        self._send(
            operation.run_id,
            map(
                Metric,
                list(operation.keys) * len(operation.steps),
                operation.values.ravel().tolist(),
                operation.timestamps.repeat(width).tolist(),
                operation.steps.repeat(width).tolist(),
            ),
        )

    def _log_series(self, operation: Series) -> None:
        columns = operation.values.tolist(), operation.timestamps.tolist(), operation.steps.tolist()
        self._send(operation.run_id, map(Metric, repeat(operation.key), *columns))

    def _log_points(self, operation: ModelMetrics) -> None:
        self._send(operation.run_id, operation.points)

    def _send(self, run_id: str, points: Iterable[Metric]) -> None:
        for metrics in _chunks(points, MAX_BATCH_METRICS):
            self._store.runs.log_batch(EVERYONE, self.server_id(run_id), metrics)

    def _log_params(self, operation: Params) -> None:
        for params in _chunks(map(Param, operation.params, operation.params.values()), MAX_BATCH_PARAMS):
            self._store.runs.log_batch(EVERYONE, self.server_id(operation.run_id), [], params)

    def _set_tags(self, operation: Tags) -> None:
        for tags in _chunks(map(RunTag, operation.tags, operation.tags.values()), MAX_BATCH_TAGS):
            self._store.runs.log_batch(EVERYONE, self.server_id(operation.run_id), [], [], tags)

    def _log_inputs(self, operation: LogInputs) -> None:
        run_id = self.server_id(operation.run_id)
        self._store.inputs.log_inputs(EVERYONE, run_id, list(operation.datasets), list(operation.models))

    def _found_under_another_id(self, run_id: str) -> bool:
        """Look for a run made without a server, under the id that this store gave it."""
        if not run_id or run_id in self._server_ids:
            return False
        experiments = self._store.experiments.search_experiments(EVERYONE, _PAGE)
        found = self._store.runs.search_runs(
            EVERYONE,
            [experiment.experiment_id for experiment in experiments],
            f"tags.`{MLFLOW_OFFLINE_RUN_ID}` = '{run_id}'",
            max_results=1,
        )
        if found:
            self._server_ids[run_id] = found[0].info.run_id
        return bool(found)


def send_batches(
    store: TrackingStore, run_id: str, metrics: list[Metric], params: list[Param], tags: list[RunTag]
) -> None:
    """Log in one request when all fits, else params and tags by hundreds and then metrics by thousands."""
    send = store.runs.log_batch
    if len(params) <= MAX_BATCH_PARAMS and len(tags) <= MAX_BATCH_TAGS:
        room = MAX_BATCH_METRICS - len(params) - len(tags)
        send(EVERYONE, run_id, metrics[:room], params, tags)
        metrics = metrics[room:]
    else:
        for start in range(0, max(len(params), len(tags)), MAX_BATCH_PARAMS):
            end = start + MAX_BATCH_PARAMS
            send(EVERYONE, run_id, [], params[start:end], tags[start:end])
    for start in range(0, len(metrics), MAX_BATCH_METRICS):
        send(EVERYONE, run_id, metrics[start : start + MAX_BATCH_METRICS])


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
