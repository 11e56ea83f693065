"""A tracking store as the place runs are brought to.

Stores of ours take journal frames, so a run keeps its id and its times. Published servers number runs themselves: there
a run gets a new id, and the tag mlflow.offline.runId keeps the one it had.

While a run is being brought in it has the tag mlflow.import.unfinished; whoever repeats an import goes on with such a
run, and leaves those without the tag alone. All calls about a run may be repeated without doubling anything.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from typing import Protocol

from msgspec import Struct

from mlflow.artifacts.store import ArtifactStore
from mlflow.contract.caller import EVERYONE
from mlflow.contract.frames import encode, series_frames
from mlflow.contract.frames_operations import CreateRun, LogInputs, Operation, Params, Series, UpdateRun
from mlflow.contract.store import TrackingStore
from mlflow.entities import Experiment, ExperimentTag, Run, RunTag
from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceAlreadyExists, ResourceDoesNotExist
from mlflow.tracking.artifact_lookup import run_artifacts
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.batches import Batches
from mlflow.tracking.run_tags import MLFLOW_OFFLINE_RUN_ID
from mlflow.tracking.uris import get_tracking_uri, normalized
from mlflow.transfer.exported_run import History

__all__ = ["UNFINISHED", "Place", "RunTarget"]

UNFINISHED = "mlflow.import.unfinished"
_SLICE = 4 << 20  # bytes of frames a request


class Place(Struct, frozen=True):
    """Where a run is in the target: under which id, and whether it is all there."""

    run_id: str
    is_whole: bool


class RunTarget:
    """A tracking store that runs are brought to.

    Args:
        uri: the store; the one in use when omitted.
    """

    def __init__(self, uri: str | None = None) -> None:
        self.uri = normalized(uri) if uri else get_tracking_uri()
        backend = tracking_backend(self.uri)
        self._store = backend.store
        self._intake: _Intake = _Frames(backend.store) if backend.extensions else _Calls(backend.store)
        self.keeps_ids = backend.extensions
        self._experiments: dict[str, str] = {}

    def experiment(self, name: str, like: Experiment) -> str:
        """The id of the experiment of a name; made with the tags of `like` when there is none."""
        if name not in self._experiments:
            self._experiments[name] = self._find_or_create(name, like)
        return self._experiments[name]

    def begin(self, run: Run, experiment_id: str, parent: str | None) -> Place:
        """Make room for a run, or find what an earlier import made of it.

        A run keeps its id unless another experiment has a run with it.

        Args:
            run: of another store, or of this one to be copied.
            experiment_id: where it is to be.
            parent: the id here of the run it is nested in.
        """
        wanted, found = run.info.run_id, self._intake.find(run.info.run_id, experiment_id)
        if found is not None and found.info.experiment_id != experiment_id:
            wanted = hashlib.sha256(f"{wanted}:{experiment_id}".encode()).hexdigest()[:32]
            found = self._intake.find(wanted, experiment_id)
        if found is not None:
            return Place(found.info.run_id, UNFINISHED not in found.data.tags)
        tags = _tags(run, parent) | {UNFINISHED: "true"}
        created = CreateRun(
            run_id=wanted,
            start_time=run.info.start_time or 0,
            experiment_id=experiment_id,
            run_name=tags.get("mlflow.runName"),
            user_id=run.info.user_id,
            tags=tags,
        )
        return Place(self._intake.create(created), is_whole=False)

    def fill(self, run: Run, run_id: str, histories: Iterable[History]) -> list[str]:
        """Log what a run holds; answers what the store refused, and why."""
        refused = self._intake.send(_operations(run, run_id, histories))
        if run.outputs.model_outputs:
            try:
                self._store.inputs.log_outputs(EVERYONE, run_id, run.outputs.model_outputs)
            except MlflowException as exc:
                refused.append(f"outputs: {exc.message}")
        return refused

    def artifacts(self, run_id: str) -> ArtifactStore:
        """The place of a run's files."""
        return run_artifacts(self.uri, run_id)

    def finish(self, run: Run, run_id: str) -> None:
        """Give a run its state and end, and put it in the trash if it was there."""
        self._intake.send([UpdateRun(run_id=run_id, status=run.info.status, end_time=run.info.end_time)])
        self._store.runs.delete_tag(EVERYONE, run_id, UNFINISHED)
        if run.info.lifecycle_stage == "deleted":
            self._store.runs.delete_run(EVERYONE, run_id)

    def _find_or_create(self, name: str, like: Experiment) -> str:
        try:
            found = self._store.experiments.get_experiment_by_name(EVERYONE, name)
        except ResourceDoesNotExist:
            tags = [ExperimentTag(key, value) for key, value in like.tags.items()]
            try:
                return self._store.experiments.create_experiment(EVERYONE, name, "", tags)
            except ResourceAlreadyExists:  # since a moment
                return self._store.experiments.get_experiment_by_name(EVERYONE, name).experiment_id
        if found.lifecycle_stage != "active":
            raise MlflowException(f"Experiment '{name}' is in the trash; restore it, or name another.")
        return found.experiment_id


class _Intake(Protocol):
    """How a store takes runs; `send` answers what was refused, and why."""

    def find(self, run_id: str, experiment_id: str) -> Run | None: ...

    def create(self, operation: CreateRun) -> str: ...

    def send(self, operations: Iterable[Operation]) -> list[str]: ...


class _Frames:
    """The intake of our stores."""

    def __init__(self, store: TrackingStore) -> None:
        self._store = store

    def find(self, run_id: str, experiment_id: str) -> Run | None:
        """The run of an id, in whichever experiment."""
        try:
            return self._store.runs.get_run(EVERYONE, run_id)
        except ResourceDoesNotExist:
            return None

    def create(self, operation: CreateRun) -> str:
        """Make a run under the id that is wished for."""
        for reason in self.send([operation]):
            raise InvalidParameterValue(f"The store refuses run '{operation.run_id}': {reason}")
        return operation.run_id

    def send(self, operations: Iterable[Operation]) -> list[str]:
        """Send operations as frames of a journal of their own, some megabytes a time."""
        journal, start, refused = uuid.uuid4().hex, 0, list[str]()
        for frames in _slices(operations):
            ingested = self._store.journals.ingest(EVERYONE, journal, start, b"", frames)
            refused += [rejected.message for rejected in ingested.rejected]
            start += len(frames)
        return refused


class _Calls:
    """The intake of stores that know MLflow's own calls only."""

    def __init__(self, store: TrackingStore) -> None:
        self._store = store
        self._batches = Batches(store)

    def find(self, run_id: str, experiment_id: str) -> Run | None:
        """The run of the experiment that an earlier import made for an id."""
        tagged = f"tags.`{MLFLOW_OFFLINE_RUN_ID}` = '{run_id}'"
        found = self._store.runs.search_runs(EVERYONE, [experiment_id], tagged, "ALL", 1)
        return found[0] if found else None

    def create(self, operation: CreateRun) -> str:
        """Make a run under an id that the store gives."""
        tags = operation.tags | {MLFLOW_OFFLINE_RUN_ID: operation.run_id}
        made = self._store.runs.create_run(
            EVERYONE,
            operation.experiment_id or "",
            operation.user_id or "",
            operation.run_name or "",
            operation.start_time,
            [RunTag(key, value) for key, value in tags.items()],
        )
        return made.info.run_id

    def send(self, operations: Iterable[Operation]) -> list[str]:
        """Make the calls one by one; what the store refuses for good is noted."""
        refused = []
        for operation in operations:
            try:
                self._batches.apply(operation)
            except MlflowException as exc:
                if exc.get_http_status_code() not in {400, 404}:
                    raise
                refused.append(exc.message)
        return refused


def _operations(run: Run, run_id: str, histories: Iterable[History]) -> Iterator[Operation]:
    if run.data.params:
        yield Params(run_id=run_id, params=run.data.params)
    if run.inputs.dataset_inputs or run.inputs.model_inputs:
        yield LogInputs(run_id=run_id, datasets=tuple(run.inputs.dataset_inputs), models=tuple(run.inputs.model_inputs))
    for history in histories:
        yield Series(
            run_id=run_id,
            key=history.key,
            steps=history.steps,
            timestamps=history.timestamps,
            values=history.values,
        )


def _slices(operations: Iterable[Operation]) -> Iterator[bytes]:
    held, size = list[bytes](), 0
    for operation in operations:
        for frame in _encoded(operation):
            held.append(frame)
            size += len(frame)
            if size >= _SLICE:
                yield b"".join(held)
                held, size = [], 0
    if held:
        yield b"".join(held)


def _encoded(operation: Operation) -> Iterator[bytes]:
    if isinstance(operation, Series):
        yield from series_frames(
            operation.run_id, operation.key, operation.steps, operation.timestamps, operation.values
        )
    else:
        yield encode(operation)


def _tags(run: Run, parent: str | None) -> dict[str, str]:
    """The tags to make a run with: its name among them, its parent as it is called here."""
    tags = {key: value for key, value in run.data.tags.items() if key not in {UNFINISHED, MLFLOW_OFFLINE_RUN_ID}}
    if run.info.run_name:
        tags["mlflow.runName"] = run.info.run_name
    if parent is not None:
        tags["mlflow.parentRunId"] = parent
    return tags
