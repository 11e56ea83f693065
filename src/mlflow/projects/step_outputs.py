"""What steps read and make: checked before, kept among the run's files after, and brought back from an earlier run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path, PurePosixPath

from mlflow.exceptions import ExecutionException
from mlflow.projects.steps import Step
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.capture.content import path_digest
from mlflow.tracking.client import MlflowClient

__all__ = ["OUTPUTS_TAG", "StepFilesMissing", "input_digests", "keep_outputs", "restore_outputs"]

OUTPUTS_TAG = "mlflow.project.stepOutputs"
_FOLDER = "outputs"


class StepFilesMissing(ExecutionException):
    """A step's input is not there, or it did not make what it said."""


def input_digests(folder: Path, step: Step, steps: dict[str, Step]) -> dict[str, str]:
    """Digests of what a step reads: its inputs, and the outputs of the steps that it depends on.

    Raises:
        StepFilesMissing: one is not there.
    """
    names = [*step.inputs, *(output for name in step.depends_on for output in steps[name].outputs)]
    found = {name: path_digest(folder / name) for name in sorted(set(names))}
    missing = [name for name, digest in found.items() if digest is None]
    if missing:
        raise StepFilesMissing(f"Step '{step.name}' reads '{missing[0]}', but there is no such file in '{folder}'.")
    return {name: digest for name, digest in found.items() if digest}


def keep_outputs(client: MlflowClient, run_id: str, folder: Path, step: Step) -> None:
    """Store a step's outputs with its run.

    Raises:
        StepFilesMissing: it did not make one.
    """
    digests = {name: path_digest(folder / name) for name in step.outputs}
    missing = [name for name, digest in digests.items() if digest is None]
    if missing:
        raise StepFilesMissing(f"Step '{step.name}' should make '{missing[0]}', but it did not.")
    if not step.outputs:
        return
    for name in step.outputs:
        path = folder / name
        if path.is_dir():
            client.log_artifacts(run_id, str(path), f"{_FOLDER}/{name}")
        else:
            client.log_artifact(run_id, str(path), str(PurePosixPath(_FOLDER, name).parent))
    client.set_tag(run_id, OUTPUTS_TAG, json.dumps(digests))


def restore_outputs(client: MlflowClient, run_id: str, digests: str, folder: Path) -> bool:
    """Bring back what an earlier run made, where it is not there any more or was changed; False when it cannot be."""
    for name, digest in json.loads(digests).items():
        target = folder / name
        if path_digest(target) == digest:
            continue
        with temporary_folder("outputs") as place:
            try:
                fetched = Path(client.download_artifacts(run_id, f"{_FOLDER}/{name}", str(place)))
            except Exception:  # noqa: BLE001 - a store fails in any way; the step just runs anew
                return False
            if path_digest(fetched) != digest:
                return False
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_dir():
                shutil.rmtree(target)
            shutil.move(fetched, target)
    return True
