"""A family of runs with everything a run can have, and what to compare of them."""

import math
from pathlib import Path
from typing import Any, NamedTuple

from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelOutput, Metric, Param, Run, RunTag
from mlflow.tracking.client import MlflowClient

STEPS = 1500


class Family(NamedTuple):
    """Ids of the runs made."""

    experiment_id: str
    parent: str
    child: str
    deleted: str


def make_family(uri: str, name: str = "sweep", outputs: bool = True) -> Family:
    """Make an experiment with a parent, a run nested in it, and one in the trash."""
    client = MlflowClient(uri)
    experiment = client.create_experiment(name, tags={"team": "vision"})
    parent = client.create_run(experiment, 1_700_000_000_000, {"mlflow.user": "ada"}, "parent").info.run_id
    points = [Metric("loss", 1 / (step + 1), 1_700_000_000_000 + step, step) for step in range(STEPS)]
    points += [Metric("odd", math.nan, 5, 0), Metric("odd", 1e-300, 6, 1), Metric("a key/deep", -2.5, 7, -3)]
    params = [Param("lr", "0.1"), Param("text", 'one\n"two", 日本'), Param("empty", "")]
    client.log_batch(parent, points, params, [RunTag("note", "häh\n2")])
    dataset = Dataset("grid", "92a7ac9c", "code", "{}", None, '{"rows": 3}')
    client.log_inputs(parent, [DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])])
    if outputs:
        client.log_outputs(parent, [LoggedModelOutput("m-2", 4)])
    client.log_text(parent, "hello", "notes/ünï hello.txt")
    client.log_text(parent, "", "empty.txt")
    client.set_terminated(parent, "FAILED", 1_700_000_009_000)
    child = client.create_run(experiment, 1_700_000_001_000, {"mlflow.parentRunId": parent}, "child").info.run_id
    client.log_metric(child, "loss", 3.0, 1_700_000_001_500, 0)
    deleted = client.create_run(experiment, 1_700_000_002_000, run_name="deleted").info.run_id
    client.set_terminated(deleted, "FINISHED", 1_700_000_002_500)
    client.delete_run(deleted)
    return Family(experiment, parent, child, deleted)


def content(uri: str, run_id: str) -> dict[str, Any]:
    """All that must be the same of a run wherever it is: not its ids, nor where its files are."""
    client = MlflowClient(uri)
    run: Run = client.get_run(run_id)
    info = run.info.to_dictionary()
    kept = ("status", "start_time", "end_time", "lifecycle_stage", "run_name")
    tags = {key: value for key, value in run.data.tags.items() if not key.startswith("mlflow.offline")}
    return {
        "info": {name: info[name] for name in kept},
        "params": run.data.params,
        "tags": {key: value for key, value in tags.items() if key != "mlflow.parentRunId"},
        "datasets": [use.to_dictionary() for use in run.inputs.dataset_inputs],
        "outputs": [(model.model_id, model.step) for model in run.outputs.model_outputs],
        "histories": {
            key: [(p.step, p.timestamp, repr(p.value)) for p in client.get_metric_history(run_id, key)]
            for key in sorted(run.data.metrics)
        },
        "files": _files(client, run_id, None),
    }


def _files(client: MlflowClient, run_id: str, folder: str | None) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for info in client.list_artifacts(run_id, folder):
        if info.is_dir:
            found |= _files(client, run_id, info.path)
        else:
            found[info.path] = Path(client.download_artifacts(run_id, info.path)).read_bytes()
    return found
