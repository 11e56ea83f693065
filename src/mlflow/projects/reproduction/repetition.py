"""The run that repeats another one: made, filled by the recorded command, ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from mlflow.entities import Run, RunStatus
from mlflow.environment_variables import MLFLOW_RUN_CONTEXT
from mlflow.environments.built import Activation
from mlflow.projects.command_process import Terminated
from mlflow.projects.origin import ProjectOrigin
from mlflow.projects.reproduction.record import Record
from mlflow.projects.reproduction.recorded_steps import outputs_of
from mlflow.projects.reproduction.rerun import rerun_of
from mlflow.projects.step_outputs import keep_outputs
from mlflow.projects.steps import Step
from mlflow.projects.store_address import absolute_address
from mlflow.projects.workflow import STEP_NAME
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.context.default_context import user_name
from mlflow.tracking.run_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_SOURCE_NAME, MLFLOW_SOURCE_TYPE, MLFLOW_USER

__all__ = ["OF_TAG", "begin", "end_status", "repeat"]

OF_TAG = "mlflow.reproduction.of"
_FINISHED, _FAILED, _KILLED = (RunStatus.to_string(status) for status in (3, 4, 5))


def begin(client: MlflowClient, original: Run, tags: Mapping[str, str] | None = None) -> str:
    """Make the run that repeats another one; returns its id."""
    all_tags = {
        MLFLOW_USER: user_name(),
        OF_TAG: original.info.run_id,
        MLFLOW_SOURCE_TYPE: original.data.tags.get(MLFLOW_SOURCE_TYPE, "LOCAL"),
        MLFLOW_SOURCE_NAME: original.data.tags.get(MLFLOW_SOURCE_NAME, ""),
        **(tags or {}),
    }
    name = f"reproduction of {original.info.run_name or original.info.run_id}"
    return client.create_run(original.info.experiment_id, tags=all_tags, run_name=name).info.run_id


def repeat(
    client: MlflowClient,
    record: Record,
    run_id: str,
    place: Path,
    activation: Activation,
    said: Callable[[str], None],
    *,
    inside: bool = False,
) -> None:
    """Run the recorded command for a run, keep what a step makes, and give the run the state it deserves.

    Args:
        client: of the store.
        record: of the run to repeat.
        run_id: the repetition.
        place: where its code is.
        activation: the environment.
        said: told what is run.
        inside: a workflow's repetition records the code for it.

    Raises:
        CommandFailed: the command failed; its run is FAILED.
        KeyboardInterrupt, Terminated: the command was ended; its run is KILLED.
    """
    name = record.run.data.tags.get(STEP_NAME, "")
    try:
        rerun = rerun_of(record, place, activation, _variables(client, record, run_id))
        said(f"Running {' '.join(rerun.argv)} as run {run_id} …")
        with temporary_folder("log") as logs, ExitStack() as stack:
            if record.project:
                place_of_run = (run_id, client.tracking_uri, rerun.folder)
                stack.enter_context(ProjectOrigin(*place_of_run, rerun.argv, activation, source=not inside))
            rerun.run(logs / "output.log")
        keep_outputs(client, run_id, rerun.folder, Step(name, "", outputs=tuple(outputs_of(record.run))))
    except BaseException as exc:
        client.set_terminated(run_id, end_status(exc))
        raise
    client.set_terminated(run_id, _FINISHED)


def end_status(exc: BaseException) -> str:
    """The state of a run that ended by an exception."""
    return _KILLED if isinstance(exc, (KeyboardInterrupt, Terminated)) else _FAILED


def _variables(client: MlflowClient, record: Record, run_id: str) -> dict[str, str | None]:
    """What tells the command which run it is; further runs that its program begins are put inside of that one."""
    before = int(record.process.get("runs_before") or 0)
    context = json.loads(MLFLOW_RUN_CONTEXT.get() or "{}") | {MLFLOW_PARENT_RUN_ID: run_id}
    return {
        "MLFLOW_RUN_ID": None if before else run_id,
        "MLFLOW_REPEATED_RUN": f"{before}:{run_id}" if before else None,
        "MLFLOW_RUN_CONTEXT": json.dumps(context),
        "MLFLOW_TRACKING_URI": absolute_address(client.tracking_uri),
        "MLFLOW_EXPERIMENT_ID": record.run.info.experiment_id,
    }
