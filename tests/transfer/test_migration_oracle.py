"""Stores that the published mlflow wrote, read here, hold what it says they hold."""

import json
from pathlib import Path
from typing import Any

import pytest

from mlflow.contract.caller import EVERYONE
from mlflow.sql.store import SqlStore
from tests.fixtures.foreign import Program
from tests.transfer.conftest import Migrate, all_runs, history

PROGRAM = """
import json, math, sys
import mlflow, numpy as np
from mlflow import MlflowClient
from mlflow.entities import LoggedModelInput, LoggedModelOutput, ViewType

client = MlflowClient()
experiment = client.create_experiment("sweep/ünï", tags={"team": "vision", "a/b": "c"})
gone = client.create_experiment("gone")
with mlflow.start_run(experiment_id=experiment, run_name="parent") as parent:
    mlflow.log_params({"lr": 0.1, "model/depth": 3, "long": "x" * 5000, "text": "one\\ntwo", "uni": "日本"})
    mlflow.log_param("empty", "")
    for step in range(200):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    for step in range(5):
        mlflow.log_metric("val/acc", step / 10, step=-step)
    for step, value in enumerate([math.nan, math.inf, -math.inf, 1e-300, 0.1 + 0.2]):
        mlflow.log_metric("odd", value, step=step)
    grid = mlflow.data.from_numpy(np.arange(6).reshape(3, 2), name="grid")
    mlflow.log_input(grid, context="training", tags={"k": "v"})
    mlflow.set_tag("note", "häh\\n2")
    mlflow.log_text("hello", "notes/hello.txt")
    with mlflow.start_run(experiment_id=experiment, nested=True, run_name="child"):
        mlflow.log_metric("loss", 3.0)
with mlflow.start_run(experiment_id=experiment) as deleted:
    mlflow.log_metric("m", 1)
client.delete_run(deleted.info.run_id)
with mlflow.start_run(experiment_id=gone):
    mlflow.log_metric("m", 1)
client.delete_experiment(gone)
client.create_run(experiment, run_name="running")
model = client.create_logged_model(
    experiment, name="one", source_run_id=parent.info.run_id, params={"p": "1"}, tags={"t": "x"}, model_type="Agent"
)
client.finalize_logged_model(model.model_id, "READY")
client.log_inputs(parent.info.run_id, models=[LoggedModelInput(model.model_id)])
client.log_outputs(parent.info.run_id, models=[LoggedModelOutput(model.model_id, 2)])
client.log_metric(parent.info.run_id, "of_model", 0.5, step=1, model_id=model.model_id)
client.log_metric(
    parent.info.run_id, "of_model", 0.75, step=0, model_id=model.model_id, dataset_name="d", dataset_digest="abc"
)
model = client.get_logged_model(model.model_id)
client.create_registered_model("classifier")

experiments = client.search_experiments(view_type=ViewType.ALL)
found = {"runs": {}, "experiments": {e.experiment_id: [e.name, e.lifecycle_stage, e.tags] for e in experiments}}
found["models"] = {model.model_id: {
    "facts": [model.name, str(model.status), model.model_type, model.source_run_id, model.params, model.tags,
              model.experiment_id, model.creation_timestamp, model.last_updated_timestamp, model.artifact_location],
    "points": sorted([p.key, p.value, p.step, p.timestamp, p.run_id, p.dataset_name, p.dataset_digest]
                     for p in model.metrics),
}}
def shown(value):
    return repr(value if value != value else max(-sys.float_info.max, min(sys.float_info.max, value)))

for run in client.search_runs([e.experiment_id for e in experiments], run_view_type=ViewType.ALL):
    run_id = run.info.run_id
    run = client.get_run(run_id)
    found["runs"][run_id] = {
        "info": {k: getattr(run.info, k) for k in
                 ("experiment_id", "status", "start_time", "end_time", "lifecycle_stage", "run_name", "user_id")},
        "params": run.data.params,
        "tags": run.data.tags,
        "datasets": [[i.dataset.name, i.dataset.digest, i.dataset.source, i.dataset.schema, i.dataset.profile,
                      sorted((t.key, t.value) for t in i.tags)] for i in run.inputs.dataset_inputs],
        "models": [i.model_id for i in run.inputs.model_inputs or []],
        "outputs": [[o.model_id, o.step] for o in (run.outputs.model_outputs if run.outputs else [])],
        "histories": {key: sorted([p.step, p.timestamp, shown(p.value)] for p in client.get_metric_history(run_id, key))
                      for key in run.data.metrics},
    }
json.dump(found, open("found.json", "w"))
"""


@pytest.mark.oracle
@pytest.mark.parametrize("kind", ["database", "folder"])
def test_what_the_published_mlflow_wrote_is_read_as_it_reads_it(
    kind: str, run_published: Program, tmp_path: Path, migrated: Migrate
) -> None:
    place = f"sqlite:///{tmp_path / 'old.db'}" if kind == "database" else (tmp_path / "mlruns").as_uri()
    run_published(PROGRAM, {"MLFLOW_TRACKING_URI": place, "MLFLOW_ALLOW_FILE_STORE": "true"})
    expected = json.loads((tmp_path / "found.json").read_text())
    store, done = migrated(str(tmp_path / "old.db") if kind == "database" else str(tmp_path / "mlruns"))
    assert (done.read, done.differing) == (5, [])
    assert (done.left_out, done.models, done.logged_models) == ({}, 1, 1)
    for model_id, model in expected["models"].items():
        assert _model(store, model_id) == model
    assert _experiments(store) == expected["experiments"]
    for run_id, run in expected["runs"].items():
        got = _run(store, run_id)
        got["tags"].setdefault("mlflow.runName", None)
        run["tags"].setdefault("mlflow.runName", got["tags"]["mlflow.runName"])
        assert got == run, run_id


def _experiments(store: SqlStore) -> dict[str, Any]:
    found = store.experiments.search_experiments(EVERYONE, 100, view_type="ALL")
    return {e.experiment_id: [e.name, e.lifecycle_stage, e.tags] for e in found}


def _model(store: SqlStore, model_id: str) -> dict[str, Any]:
    model = store.logged_models.get_logged_model(EVERYONE, model_id)
    facts = [model.name, str(model.status), model.model_type, model.source_run_id, model.params, model.tags]
    facts += [model.experiment_id, model.creation_timestamp, model.last_updated_timestamp, model.artifact_location]
    points = [
        [p.key, p.value, p.step, p.timestamp, p.run_id, p.dataset_name, p.dataset_digest] for p in model.metrics or []
    ]
    return {"facts": facts, "points": sorted(points)}


def _run(store: SqlStore, run_id: str) -> dict[str, Any]:
    run = all_runs(store)[run_id]
    names = ("experiment_id", "status", "start_time", "end_time", "lifecycle_stage", "run_name", "user_id")
    return {
        "info": {name: getattr(run.info, name) for name in names},
        "params": run.data.params,
        "tags": run.data.tags,
        "datasets": [
            [
                *(getattr(use.dataset, name) for name in ("name", "digest", "source", "schema", "profile")),
                sorted([tag.key, tag.value] for tag in use.tags),
            ]
            for use in run.inputs.dataset_inputs
        ],
        "models": [model.model_id for model in run.inputs.model_inputs],
        "outputs": [[model.model_id, model.step] for model in run.outputs.model_outputs],
        "histories": {
            key: sorted([step, time, repr(value)] for step, time, value in history(store, run_id, key))
            for key in run.data.metrics
        },
    }
