"""Programs about logged models: the published client and ours, each against both servers, say the same."""

import os
import sys

import pytest

from tests.fixtures.foreign import Program, run_program
from tests.fixtures.servers import TrackingServer

PROGRAM = """
import logging, math, os, pathlib
logging.disable(logging.CRITICAL)
import mlflow, pandas as pd
from mlflow import MlflowClient
from mlflow.entities import LoggedModelInput, LoggedModelOutput

def points(model):
    known = client.get_logged_model(model.model_id).metrics or []
    return sorted((p.key, p.value, p.step, p.dataset_name) for p in known)

client = MlflowClient()
mlflow.set_experiment(os.environ["EXPERIMENT"])
one = mlflow.initialize_logged_model(name="one", params={"lr": 0.1}, tags={"team": "vision"}, model_type="Agent")
print(one.name, one.status, one.params, one.tags["team"], one.model_type, one.source_run_id or None)
print(mlflow.active_run())
pathlib.Path("folder/sub").mkdir(parents=True, exist_ok=True)
pathlib.Path("folder/a.txt").write_text("a")
pathlib.Path("folder/sub/b.txt").write_text("b")
client.log_model_artifacts(one.model_id, "folder")
client.log_model_artifact(one.model_id, "folder/a.txt", "more")
print([(f.path, f.is_dir) for f in client.list_logged_model_artifacts(one.model_id)])
print([(f.path, f.is_dir) for f in client.list_logged_model_artifacts(one.model_id, "more")])
print([(f.path, f.is_dir) for f in mlflow.artifacts.list_artifacts(one.model_uri)])
print(mlflow.finalize_logged_model(one.model_id, "READY").status, mlflow.last_logged_model().name)
frame = mlflow.data.from_pandas(pd.DataFrame({"x": [1.5]}), name="test")
with mlflow.start_run() as run:
    mlflow.log_metric("acc", 0.5, model_id=one.model_id, dataset=frame)
    mlflow.log_metrics({"f1": 0.25, "auc": 0.75}, model_id=one.model_id)
    print(points(one), [i.model_id == one.model_id for i in client.get_run(run.info.run_id).inputs.model_inputs])
    two = mlflow.create_external_model(name="two")
    print(two.status, two.source_run_id == run.info.run_id, two.tags["mlflow.model.isExternal"])
    mlflow.log_outputs(models=[LoggedModelOutput(two.model_id, 3)])
    client.log_model_artifacts(two.model_id, "folder")
    made = client.get_run(run.info.run_id).outputs.model_outputs
    print([(o.model_id == two.model_id, o.step) for o in made])
    print([f.path for f in mlflow.artifacts.list_artifacts(f"runs:/{run.info.run_id}/two")])
    print([f.path for f in client.list_artifacts(run.info.run_id, "two")])
    local = mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/two/sub")
    print(sorted(os.listdir(local)))
    with mlflow.set_active_model(name="two") as active:
        print(active.model_id == two.model_id, mlflow.get_active_model_id() == two.model_id)
        mlflow.log_metric("active", 1.0)
        mlflow.log_model_params({"depth": 3})
    print(mlflow.get_active_model_id(), points(two), client.get_logged_model(two.model_id).params)
mlflow.set_logged_model_tags(one.model_id, {"k": 1})
mlflow.delete_logged_model_tag(one.model_id, "team")
print({k: v for k, v in mlflow.get_logged_model(one.model_id).tags.items() if not k.startswith("mlflow.")})
for query in (
    {}, {"filter_string": "metrics.acc > 0.4"}, {"filter_string": "params.lr = '0.1'"},
    {"order_by": [{"field_name": "name"}]}, {"order_by": [{"field_name": "metrics.acc", "ascending": False}]},
    {"datasets": [{"dataset_name": "test", "dataset_digest": frame.digest}]}, {"max_results": 1},
):
    print(query, [m.name for m in mlflow.search_logged_models(output_format="list", **query)])
found = mlflow.search_logged_models(order_by=[{"field_name": "name"}])
print(list(found.columns), list(found["name"]), list(found["status"]))
client.delete_logged_model(one.model_id)
for call in (
    lambda: client.get_logged_model(one.model_id), lambda: mlflow.initialize_logged_model(name="a/b"),
    lambda: mlflow.set_active_model(), lambda: client.delete_logged_model_tag(two.model_id, "nothing"),
    lambda: client.log_model_params(two.model_id, {"depth": 3}),
    lambda: client.search_logged_models([two.experiment_id], order_by=[{"field_name": "params.x"}]),
):
    try:
        print(call())
    except mlflow.exceptions.MlflowException as e:
        print(e.error_code)
"""


QUIET = {"MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true"}


@pytest.mark.oracle
@pytest.mark.timeout(400)
def test_clients_say_the_same_about_both_servers(
    tracking_server: TrackingServer, published_server: TrackingServer, run_published: Program, tmp_path: object
) -> None:
    said = {}
    for who, run in (("published", run_published), ("ours", _ours)):
        for where, server in (("published", published_server), ("ours", tracking_server)):
            settings = {"MLFLOW_TRACKING_URI": server.url, "EXPERIMENT": f"models of {who}", **QUIET}
            said[who, where] = run(PROGRAM, settings, 200)
    expected = said["published", "published"]
    for name, text in said.items():
        assert text == expected, name


def _ours(program: str, environment: dict[str, str] | None = None, seconds: float = 100) -> str:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        own = {"PYTHONPATH": os.pathsep.join(sys.path)}
        return run_program(sys.executable, program, Path(folder), {**own, **(environment or {})}, seconds)
