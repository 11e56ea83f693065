"""The fluent API's calls that start, end and find runs."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from typing import Any

from mlflow.contract.addresses import shown
from mlflow.contract.frames_operations import UpdateRun
from mlflow.entities import LifecycleStage, Run, RunInfo, RunStatus
from mlflow.entities.run_data import RunData
from mlflow.environment_variables import (
    MLFLOW_REPEATED_RUN,
    MLFLOW_RUN_ID,
    MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT,
    MLFLOW_SYNCHRONOUS,
)
from mlflow.exceptions import MlflowException
from mlflow.stores import is_server
from mlflow.tracking import offline, ranks, signals
from mlflow.tracking.active_run import ActiveRun, active_runs, current_run, pop_run, push_run
from mlflow.tracking.attachments import Attachments
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.clock import now
from mlflow.tracking.context.registry import resolve_tags
from mlflow.tracking.exits import at_exit, register_last
from mlflow.tracking.heartbeat import Heartbeat
from mlflow.tracking.model_links import LINKS
from mlflow.tracking.run_log import run_log
from mlflow.tracking.run_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NOTE
from mlflow.tracking.session_experiments import ExperimentCalls
from mlflow.tracking.training_inputs import TrainingInputs
from mlflow.tracking.uris import get_tracking_uri

__all__ = ["RunAlreadyActive", "RunCalls"]

_RUNNING = RunStatus.to_string(RunStatus.RUNNING)
_FINISHED = RunStatus.to_string(RunStatus.FINISHED)
_FAILED = RunStatus.to_string(RunStatus.FAILED)
_KILLED = RunStatus.to_string(RunStatus.KILLED)

_logger = logging.getLogger(__name__)


class RunAlreadyActive(Exception):
    """A run was started inside of another one, without saying that it is nested."""


class RunCalls(ExperimentCalls):
    """Runs, and which of them is the active one."""

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[int, tuple[ActiveRun, Attachments]] = {}
        self._last_run: ActiveRun | None = None
        self._heartbeat = Heartbeat(self._own_runs)
        self._terminated = False
        self._begun = 0
        self.training_inputs = TrainingInputs()
        at_exit(self._end_all)

    def start_run(
        self,
        run_id: str | None = None,
        experiment_id: str | None = None,
        run_name: str | None = None,
        nested: bool = False,
        parent_run_id: str | None = None,
        tags: Mapping[str, Any] | None = None,
        description: str | None = None,
        log_system_metrics: bool | None = None,
    ) -> ActiveRun:
        """Start a run, or resume one, and make it the active run of this thread and context.

        Used in a `with` statement, the run ends with the block: FINISHED, or FAILED when an exception leaves it.

        Args:
            run_id: the run to resume; else MLFLOW_RUN_ID, which counts once; else a new run is started.
            experiment_id: the experiment of a new run; else the one set, else what the environment says, else "0".
            run_name: made up when omitted.
            nested: the run is inside of the active run.
            parent_run_id: the run that the new one is nested in; it must exist. Not needed inside of an active run.
            tags: labels; values are turned into text.
            description: shown with the run.
            log_system_metrics: whether to record processors, memory, disk, network and GPUs; else as
                `enable_system_metrics_logging` or MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING said.

        Raises:
            RunAlreadyActive: there is an active run, and `nested` is not true.
            ResourceDoesNotExist: there is no such run, parent or experiment.
            MlflowException: the run to resume is deleted or of another experiment than the one set.
            Unreachable: the tracking store does not answer, and MLFLOW_OFFLINE is `never`.
        """
        parent = current_run()
        if parent is not None and not nested:
            raise RunAlreadyActive(
                f"Run with UUID {parent.run_id} is already active. To start a new run, first end the current run with "
                "mlflow.end_run(). To start a nested run, call start_run with nested=True"
            )
        own_tags = {key: str(value) for key, value in (tags or {}).items()}
        if description is not None:
            own_tags[MLFLOW_RUN_NOTE] = description
        rank, resumed = ranks.this_rank(), run_id or _run_id_from_environment(self._begun)
        shared = ranks.shared_run_id(rank) if resumed is None and parent is None else None
        joined = rank is not None and rank.number > 0 and run_id is None and (resumed or shared) is not None
        if resumed is not None:
            run = self._resumed(resumed, run_name, own_tags, joined=joined)
        else:
            own_tags |= self._parent_tag(parent, parent_run_id)
            run = self._created(experiment_id, run_name, own_tags, parent, shared)
        return self._begin(run, joined, log_system_metrics)

    def end_run(self, status: str = _FINISHED) -> None:
        """End the active run, and wait until the tracking store has all that was logged to it.

        Args:
            status: FINISHED, FAILED, KILLED or SCHEDULED.
        """
        run = current_run()
        if run is not None:
            MLFLOW_RUN_ID.unset()
            self._end(run, status)

    def active_run(self) -> ActiveRun | None:
        """Return the active run of this thread and context; None when there is none."""
        return current_run()

    def last_active_run(self) -> Run | None:
        """Return the active run or else the one that ended last, as it is now; None when none was started."""
        last = current_run() or self._last_run
        if last is None:
            return None
        return last if last.log.is_offline(last.run_id) else MlflowClient(last.log.uri).get_run(last.run_id)

    def get_run(self, run_id: str) -> Run:
        """Return a run with its latest metrics, params, tags, inputs and outputs."""
        return MlflowClient().get_run(run_id)

    def get_parent_run(self, run_id: str) -> Run | None:
        """Return the run that this one is nested in; None when it is in none."""
        return MlflowClient().get_parent_run(run_id)

    def delete_run(self, run_id: str) -> None:
        """Move a run to the trash."""
        MlflowClient().delete_run(run_id)

    def restore_run(self, run_id: str) -> None:
        """Take a run out of the trash."""
        MlflowClient().restore_run(run_id)

    def flush_async_logging(self) -> None:
        """Wait until the tracking store has all that this process logged."""
        run_log(get_tracking_uri()).settle()

    def flush_artifact_async_logging(self) -> None:
        """Wait until the tracking store has all files that this process logged."""
        run_log(get_tracking_uri()).settle()

    def _run(self) -> ActiveRun:
        """The active run; one is started when there is none."""
        return current_run() or self.start_run()

    def _parent_tag(self, parent: ActiveRun | None, parent_run_id: str | None) -> dict[str, str]:
        if parent is not None:
            if parent_run_id not in {None, parent.run_id}:
                raise MlflowException(
                    f"Current run with UUID {parent.run_id} does not match the specified parent_run_id "
                    f"{parent_run_id}. To start a new nested run under it, first end the current run with "
                    "mlflow.end_run()."
                )
            return {MLFLOW_PARENT_RUN_ID: parent.run_id}
        if parent_run_id is None:
            return {}
        if MlflowClient().get_run(parent_run_id).info.lifecycle_stage == LifecycleStage.DELETED:
            raise MlflowException(
                f"Cannot start run under parent run with ID {parent_run_id} because it is in the deleted state. "
                "Restore it first."
            )
        return {MLFLOW_PARENT_RUN_ID: parent_run_id}

    def _created(
        self,
        experiment_id: str | None,
        run_name: str | None,
        tags: Mapping[str, str],
        parent: ActiveRun | None,
        shared_run_id: str | None,
    ) -> Run:
        uri = get_tracking_uri()
        all_tags = {key: str(value) for key, value in resolve_tags(tags).items()}
        without_server = parent is not None and parent.log.is_offline(parent.run_id)
        if without_server or offline.is_offline(uri):
            target = self._destined()
            log = run_log(uri)
            known, name = (experiment_id, None) if experiment_id is not None else target
            run = offline.create_run(log, known, name, run_name, all_tags, shared_run_id)
            offline.announce(uri, run, log.folder)
            return run
        chosen = str(experiment_id) if experiment_id is not None else self._experiment_id()
        if shared_run_id is None:
            return MlflowClient().create_run(chosen, tags=all_tags, run_name=run_name)
        offline.create_run(run_log(uri), chosen, None, run_name, all_tags, shared_run_id)
        return MlflowClient().get_run(shared_run_id)

    def _resumed(self, run_id: str, run_name: str | None, tags: Mapping[str, str], *, joined: bool) -> Run:
        uri = get_tracking_uri()
        log = run_log(uri)
        if offline.is_offline(uri):
            _logger.warning(
                "No tracking server at %s: what is logged to run %s is kept in %s.", shown(uri), run_id, log.folder
            )
            log.begin_offline(run_id)
            log.tags(run_id, tags)
            return Run(RunInfo(run_id, start_time=now()), RunData())
        client = MlflowClient()
        found = client.get_run(run_id)
        self._refuse_resuming(found)
        if tags:
            log.tags(run_id, tags)
        if not joined:
            client.update_run(run_id, _RUNNING, run_name)
        run = client.get_run(run_id)
        log.learn_params(run_id, run.data.params)
        LINKS.learn(run_id, run.outputs.model_outputs)
        return run

    def _refuse_resuming(self, run: Run) -> None:
        run_id = run.info.run_id
        if run.info.lifecycle_stage == LifecycleStage.DELETED:
            raise MlflowException(
                f"Cannot start run with ID {run_id} because it is in the deleted state. Restore it first."
            )
        if self._target is not None and self._target.experiment_id not in {None, run.info.experiment_id}:
            raise MlflowException(
                f"Cannot start run with ID {run_id} because active experiment ID does not match environment run ID. "
                "Make sure --experiment-name or --experiment-id matches experiment set with set_experiment(), or just "
                "use command-line arguments"
            )

    def _begin(self, run: Run, joined: bool, log_system_metrics: bool | None) -> ActiveRun:
        active = ActiveRun(run, self._end)
        active.log, active.joined, active.synchronous = run_log(get_tracking_uri()), joined, MLFLOW_SYNCHRONOUS.get()
        attachments = Attachments(active, nested=bool(active_runs()), before=self._begun)
        self._begun += 1
        push_run(active)
        self._open[id(active)] = active, attachments
        self._last_run = active
        signals.on_termination(self._terminate)
        register_last()
        self._heartbeat.start()
        attachments.start(log_system_metrics)
        return active

    def _end(self, run: ActiveRun, status: str) -> None:
        """End a run and those that were started inside of it and are still open."""
        for ended in pop_run(run):
            self._close(ended, status)
        self._last_run = run

    def _close(self, run: ActiveRun, status: str) -> None:
        run.ended = True
        _, attachments = self._open.pop(id(run), (None, None))
        RunStatus.from_string(status)
        if attachments is not None:
            attachments.stop()
        run.ended_at = now()
        if not run.joined:
            run.log.append(UpdateRun(run_id=run.run_id, status=status, end_time=run.ended_at))
        without_server = run.log.failing and run.log.is_offline(run.run_id)  # said when the run began: no need to wait
        if not without_server and run.log.drained(run.run_id):
            _show_address(run)
        run.log.forget(run.run_id)

    def run_open_at(self, moment: int) -> ActiveRun | None:
        """The run of this process that was open at a time: one that still is, else the one that ended last.

        Args:
            moment: milliseconds since 1970.
        """
        for run in reversed(self._own_runs()):
            if (run.info.start_time or 0) <= moment:
                return run
        last = self._last_run
        if last is None or last.ended_at is None or not (last.info.start_time or 0) <= moment <= last.ended_at:
            return None
        return last

    def _own_runs(self) -> list[ActiveRun]:
        """The open runs that this process started, not those a forked child found."""
        return [run for run, _ in list(self._open.values()) if run.pid == os.getpid()]

    def _end_all(self) -> None:
        failed = hasattr(sys, "last_value") and not hasattr(sys, "ps1") and "IPython" not in sys.modules
        status = _KILLED if self._terminated else _FAILED if failed else _FINISHED
        for run in reversed(self._own_runs()):
            try:
                self._close(run, status)
            except Exception:
                _logger.warning("Run %s could not be ended.", run.run_id, exc_info=True)

    def _terminate(self) -> None:
        """Note, durably, that the process was asked to end; it may go on for a while, and end the run otherwise."""
        self._terminated = True
        for run in self._own_runs():
            if not run.joined:
                run.log.append(UpdateRun(run_id=run.run_id, status=_KILLED, end_time=now()))


def _run_id_from_environment(before: int) -> str | None:
    """The run that a parent process made for this one's first run, or for the run that follows `before` others."""
    run_id = MLFLOW_RUN_ID.get() or None
    MLFLOW_RUN_ID.unset()
    number, _, repeated = (MLFLOW_REPEATED_RUN.get() or "").partition(":")
    if repeated and number == str(before):
        MLFLOW_REPEATED_RUN.unset()
        return repeated
    return run_id


def _show_address(run: ActiveRun) -> None:
    """Print where a browser shows the run."""
    hidden = sys.stdout is None or MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT.get()
    if hidden or not is_server(run.log.uri) or not run.info.experiment_id:
        return
    experiment = f"{run.log.uri.rstrip('/')}/#/experiments/{run.info.experiment_id}"
    name = run.info.run_name or run.run_id
    text = f"Run {name}: {experiment}/runs/{run.run_id}\nIts experiment: {experiment}\n"
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
