"""The steps of a workflow that ran, as its run tells them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msgspec import Struct

from mlflow.entities import Run
from mlflow.projects.reproduction.failures import NotReproducible
from mlflow.projects.step_outputs import OUTPUTS_TAG, restore_outputs
from mlflow.projects.workflow import STEP_NAME
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.run_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_SOURCE_TYPE

__all__ = ["RecordedStep", "bring_inputs", "is_workflow", "outputs_of", "recorded_steps"]

_GRAPH = "workflow.json"


class RecordedStep(Struct, frozen=True):
    """A step of a workflow that ran.

    Attributes:
        name: of the step.
        entry_point: that it ran.
        depends_on: steps before it.
        status: FINISHED, CACHED (the run is an earlier one's), or another, where it did not succeed.
        run_id: its run.
    """

    name: str
    entry_point: str
    depends_on: tuple[str, ...]
    status: str
    run_id: str | None


def is_workflow(client: MlflowClient, run: Run) -> bool:
    """Whether a run is that of a workflow, rather than of a step or anything else."""
    if run.data.tags.get(MLFLOW_SOURCE_TYPE) != "PROJECT":
        return False
    return any(info.path == _GRAPH for info in client.list_artifacts(run.info.run_id))


def recorded_steps(client: MlflowClient, run_id: str) -> list[RecordedStep]:
    """The steps of a workflow's run, each after those that it depends on."""
    with temporary_folder("workflow") as place:
        path = Path(client.download_artifacts(run_id, _GRAPH, str(place)))
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return [
        RecordedStep(one["name"], one["entry_point"], tuple(one["depends_on"]), one["status"], one["run_id"])
        for one in found["steps"]
    ]


def outputs_of(run: Run) -> dict[str, str]:
    """What a step's run made: names and digests."""
    found: dict[str, str] = json.loads(run.data.tags.get(OUTPUTS_TAG, "{}"))
    return found


def bring_inputs(client: MlflowClient, run: Run, folder: Path) -> None:
    """For a step's run, bring back what the steps before it made; nothing for other runs.

    Raises:
        NotReproducible: an output of theirs is not to be had any more.
    """
    name, parent = (run.data.tags.get(tag) for tag in (STEP_NAME, MLFLOW_PARENT_RUN_ID))
    if name is None or parent is None or not is_workflow(client, client.get_run(parent)):
        return
    steps = {step.name: step for step in recorded_steps(client, parent)}
    for before in _ancestors(steps, name):
        if before.run_id is None:
            continue
        made = client.get_run(before.run_id).data.tags.get(OUTPUTS_TAG, "{}")
        if not restore_outputs(client, before.run_id, made, folder):
            raise NotReproducible(
                f"Run '{run.info.run_id}' cannot be repeated. What step '{before.name}' made for it is not to be had "
                f"from run '{before.run_id}' any more."
            )


def _ancestors(steps: dict[str, RecordedStep], name: str) -> list[RecordedStep]:
    """The steps before one, in their order."""
    found: set[str] = set()
    waiting = list(steps[name].depends_on) if name in steps else []
    while waiting:
        before = waiting.pop()
        if before not in found:
            found.add(before)
            waiting += steps[before].depends_on
    return [step for step in steps.values() if step.name in found]
