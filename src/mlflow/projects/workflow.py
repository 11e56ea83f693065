"""Workflows: the steps of a project, each a run inside of the workflow's run."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from typing import Any

import msgspec

from mlflow.entities import Run, RunStatus
from mlflow.exceptions import MlflowException
from mlflow.projects import settings
from mlflow.projects.command_process import CommandProcess, Terminated, raising_on_termination
from mlflow.projects.environment_choice import EnvironmentChoice, choose
from mlflow.projects.job import Job, perform
from mlflow.projects.origin import ProjectOrigin
from mlflow.projects.parameters import InvalidProjectParameter, resolve
from mlflow.projects.prepared import Opened, begin_run, job_of
from mlflow.projects.step_key import step_key
from mlflow.projects.step_outputs import OUTPUTS_TAG, input_digests, keep_outputs, restore_outputs
from mlflow.projects.steps import Step
from mlflow.projects.submitted_run import FinishedRun
from mlflow.projects.workflow_view import WorkflowView
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.run_tags import MLFLOW_PROJECT_BACKEND

__all__ = ["STEP_KEY", "STEP_LOG", "STEP_NAME", "run_workflow"]

STEP_NAME, STEP_KEY = "mlflow.project.step", "mlflow.project.stepKey"
STEP_LOG = "step.log"
"""What a step printed, among its run's files."""
_FINISHED, _FAILED, _KILLED = (RunStatus.to_string(status) for status in (3, 4, 5))
_SHOWN_LINES = 20

_logger = logging.getLogger(__name__)


def run_workflow(
    opened: Opened, params: Mapping[str, Any], config: Mapping[str, Any], tracking_uri: str, experiment_id: str
) -> FinishedRun:
    """Run all steps to their end.

    Args:
        opened: the project.
        params: `name` for every step whose entry point declares it, or `step.name` for one of them.
        config: the backend's; `max_parallel` bounds how many steps run at once.
        tracking_uri: where the runs are.
        experiment_id: of the runs.

    Raises:
        InvalidProjectParameter: no step has a parameter of that name, or a value is wrong.
        KeyboardInterrupt, Terminated: the steps that ran were ended; their runs and the workflow's are KILLED.
    """
    given = _values_by_step(opened, params)
    plans = {name: _plan(opened, step, given[name], config) for name, step in opened.project.steps.items()}
    client = MlflowClient(tracking_uri)
    run_id = begin_run(opened, "main", params, config, client, experiment_id)
    client.set_tag(run_id, MLFLOW_PROJECT_BACKEND, "local")
    with WorkflowView(client, run_id, opened.project.steps) as view:
        workflow = _Workflow(opened, given, plans, config, client, experiment_id, run_id, view)
        try:
            with raising_on_termination(), ProjectOrigin(run_id, client.tracking_uri, opened.source.folder):
                status = workflow.run()
        except BaseException as exc:
            workflow.stop()
            client.set_terminated(run_id, _KILLED if isinstance(exc, (KeyboardInterrupt, Terminated)) else _FAILED)
            raise
    client.set_terminated(run_id, status)
    return FinishedRun(run_id, status)


def _values_by_step(opened: Opened, params: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Each step's own values, with those that the caller gave in their place."""
    steps, found = opened.project.steps, {name: dict(step.parameters) for name, step in opened.project.steps.items()}
    declared = {name: opened.project.entry_point(step.entry_point).parameters for name, step in steps.items()}
    for key, value in params.items():
        step_name, dot, name = key.partition(".")
        if dot and step_name in steps and name in declared[step_name]:
            found[step_name][name] = str(value)
            continue
        takers = [step for step in steps if key in declared[step]]
        if not takers:
            known = sorted({name for names in declared.values() for name in names}) or ["none"]
            raise InvalidProjectParameter(f"No step has a parameter '{key}'; there are {', '.join(known)}.")
        for step in takers:
            found[step][key] = str(value)
    return found


def _plan(opened: Opened, step: Step, given: dict[str, str], config: Mapping[str, Any]) -> EnvironmentChoice:
    """Check the step's values; the environment that it runs in."""
    point = opened.project.entry_point(step.entry_point)
    values = {k: v for k, v in given.items() if k not in point.parameters or point.parameters[k].type != "path"}
    declared = {k: v for k, v in point.parameters.items() if v.type != "path" or (k not in given and v.default is None)}
    resolve(declared, values, step.entry_point, None, opened.source.folder)  # files may be made by earlier steps
    return choose(step.environment or opened.project.environment, config.get(settings.ENV_MANAGER))


class _Workflow:
    """The steps while they run: a thread for each that may."""

    def __init__(
        self,
        opened: Opened,
        given: dict[str, dict[str, str]],
        environments: dict[str, EnvironmentChoice],
        config: Mapping[str, Any],
        client: MlflowClient,
        experiment_id: str,
        run_id: str,
        view: WorkflowView,
    ) -> None:
        self._opened, self._given, self._environments, self._config = opened, given, environments, config
        self._client, self._experiment_id, self._run_id, self._view = client, experiment_id, run_id, view
        self._processes: dict[str, CommandProcess] = {}
        self._lock = threading.Lock()
        self._stopped = False

    def run(self) -> str:
        """FINISHED when every step succeeded; after a failure no further step is begun."""
        steps = self._opened.project.steps
        sorter = TopologicalSorter({name: step.depends_on for name, step in steps.items()})
        sorter.prepare()
        pool = ThreadPoolExecutor(int(self._config.get("max_parallel") or os.cpu_count() or 1))
        running: dict[Future[bool], str] = {}
        failed = False
        try:
            while running or (sorter.is_active() and not failed):
                if not failed:
                    running |= {pool.submit(self._step, steps[name]): name for name in sorter.get_ready()}
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    name = running.pop(future)
                    failed = not future.result() or failed
                    sorter.done(name)
        finally:
            if running:
                self.stop()
            pool.shutdown(cancel_futures=True)
        for state in self._view.states.values():
            if state.status == "WAITING":
                self._view.change(state.name, "SKIPPED")
        return _FAILED if failed else _FINISHED

    def stop(self) -> None:
        """End what runs; nothing further begins."""
        with self._lock:
            self._stopped = True
            processes = list(self._processes.values())
        for process in processes:
            process.stop()

    def _step(self, step: Step) -> bool:
        """Run a step, or find the run that answers it; whether it succeeded."""
        try:
            return self._try_step(step)
        except MlflowException as exc:
            _logger.error("=== Step '%s': %s ===", step.name, exc.message)
            self._view.change(step.name, "FAILED")
            return False

    def _try_step(self, step: Step) -> bool:
        folder, given = self._opened.source.folder, self._given[step.name]
        inputs = input_digests(folder, step, self._opened.project.steps)
        environment = self._environments[step.name]
        key = step_key(self._opened.project, step, self._with_defaults(step), environment, inputs)
        earlier = self._earlier(key) if step.cache else None
        if earlier is not None and restore_outputs(self._client, earlier.info.run_id, _outputs_of(earlier), folder):
            self._view.change(step.name, "CACHED", earlier.info.run_id)
            return True
        job = job_of(self._opened, step.entry_point, given, self._config, environment)
        config = {settings.RUN_NAME: step.name}
        tags = {STEP_NAME: step.name, STEP_KEY: key}
        run_id = begin_run(
            self._opened, step.entry_point, given, config, self._client, self._experiment_id,
            parent_run_id=self._run_id, tags=tags,
        )  # fmt: skip
        self._view.change(step.name, "RUNNING", run_id)
        own = tuple(folder for folder in job.discard if folder != self._opened.source.fetched)  # which other steps need
        place = {"experiment_id": self._experiment_id, "tracking_uri": self._client.tracking_uri}
        return self._perform(step, msgspec.structs.replace(job, run_id=run_id, discard=own, source=False, **place))

    def _perform(self, step: Step, job: Job) -> bool:
        run_id = job.run_id
        with temporary_folder("step") as place:
            log = place / STEP_LOG
            try:
                status = perform(msgspec.structs.replace(job, output=log), lambda process: self._began(step, process))
                if status == _FINISHED:
                    keep_outputs(self._client, run_id, self._opened.source.folder, step)
            except MlflowException:
                self._client.set_terminated(run_id, _FAILED)
                raise
            finally:
                self._processes.pop(step.name, None)
                if log.exists():
                    self._client.log_artifact(run_id, str(log))
            if self._stopped:
                self._client.set_terminated(run_id, _KILLED)
                self._view.change(step.name, "KILLED")
                return False
            if status != _FINISHED:
                shown = "\n".join(log.read_text(errors="replace").splitlines()[-_SHOWN_LINES:])
                _logger.error("=== Step '%s' failed; the end of its output: ===\n%s", step.name, shown)
            self._view.change(step.name, "FINISHED" if status == _FINISHED else "FAILED")
            return status == _FINISHED

    def _began(self, step: Step, process: CommandProcess) -> None:
        with self._lock:
            self._processes[step.name] = process
            stopped = self._stopped
        if stopped:
            process.stop()

    def _with_defaults(self, step: Step) -> dict[str, str]:
        point = self._opened.project.entry_point(step.entry_point)
        defaults = {name: p.default for name, p in point.parameters.items() if p.default is not None}
        values = {**defaults, **self._given[step.name]}
        used, extra = resolve(point.parameters, values, step.entry_point, None, self._opened.source.folder)
        return {**used, **extra}

    def _earlier(self, key: str) -> Run | None:
        found = self._client.search_runs(
            [self._experiment_id],
            f"tags.`{STEP_KEY}` = '{key}' AND attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return found[0] if found else None


def _outputs_of(run: Run) -> str:
    return run.data.tags.get(OUTPUTS_TAG, "{}")
