"""Uses the whole classic tracking API and prints, as JSON, what came back; ids and times are left out."""

import json
import math
import os
import tempfile
import time
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunStatus, RunTag, ViewType
from mlflow.exceptions import MlflowException

OUT: dict = {}
NAME = os.environ["PROGRAM_EXPERIMENT"]


def failure(call):
    """The code of a failure; what has none is refused by the client, in words of its own."""
    try:
        call()
    except MlflowException as exc:
        return exc.error_code
    except Exception:  # noqa: BLE001 - see above
        return "refused"
    return "no failure"


def refused(call):
    return failure(call) != "no failure"


def shown(run):
    tags = {k: v for k, v in run.data.tags.items() if not k.startswith("mlflow.")}
    metrics = {k: "NaN" if math.isnan(v) else v for k, v in run.data.metrics.items()}
    return {
        "name": run.info.run_name,
        "status": run.info.status,
        "stage": run.info.lifecycle_stage,
        "ended": run.info.end_time is not None,
        "params": run.data.params,
        "metrics": metrics,
        "tags": tags,
        "inputs": [[i.dataset.name, i.dataset.digest, [t.value for t in i.tags]] for i in run.inputs.dataset_inputs],
    }


def points(history):
    return [[m.key, "NaN" if math.isnan(m.value) else m.value, m.step] for m in history]


# experiments
experiment_id = mlflow.create_experiment(NAME, tags={"team": "red"})
OUT["experiment"] = {
    "name": mlflow.get_experiment(experiment_id).name == NAME,
    "tags": {k: v for k, v in mlflow.get_experiment(experiment_id).tags.items() if not k.startswith("mlflow.")},
    "by name": mlflow.get_experiment_by_name(NAME).experiment_id == experiment_id,
    "unknown": mlflow.get_experiment_by_name("no such experiment"),
    "twice": failure(lambda: mlflow.create_experiment(NAME)),
    "set": mlflow.set_experiment(NAME).experiment_id == experiment_id,
}
mlflow.set_experiment_tag("phase", "one")
mlflow.set_experiment_tags({"a": "1", "b": "2"})
found = mlflow.search_experiments(filter_string=f"name = '{NAME}'", order_by=["name ASC"])
OUT["found experiments"] = [
    [e.name == NAME, {k: v for k, v in e.tags.items() if not k.startswith("mlflow.")}] for e in found
]

# a run with everything
with mlflow.start_run(run_name="parent", tags={"kind": "outer"}, description="all of it") as parent:
    mlflow.log_param("lr", 0.1)
    mlflow.log_params({"depth": 3, "name": "naïve 実験", "none": None, "long": "x" * 7000})
    mlflow.log_metric("loss", 1.5, step=0)
    for step in range(1, 6):
        mlflow.log_metric("loss", 1.5 / step, step=step, timestamp=1000 + step)
    mlflow.log_metrics({"acc": 0.5, "nan": math.nan}, step=2)
    mlflow.log_metric("inf", math.inf)
    mlflow.set_tag("stage", "dev")
    mlflow.set_tags({"x": 1, "y": "two"})
    mlflow.delete_tag("y")
    OUT["changed param"] = failure(lambda: mlflow.log_param("lr", 0.2))
    OUT["bad key"] = failure(lambda: mlflow.log_metric("../x", 1))
    OUT["bad value"] = refused(lambda: mlflow.log_metric("x", "no number"))
    mlflow.log_text("hello", "notes/hello.txt")
    mlflow.log_dict({"a": [1, 2]}, "conf/a.json")
    mlflow.log_dict({"a": [1, 2]}, "conf/a.yaml")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "sub").mkdir()
        (base / "one.bin").write_bytes(bytes(range(256)) * 100)
        (base / "sub" / "ü two.txt").write_text("two")
        mlflow.log_artifact(str(base / "one.bin"), "files")
        mlflow.log_artifacts(folder, "tree")
    mlflow.log_table({"q": ["a", "b"], "n": [1, 2]}, "tables/t.json")
    mlflow.log_table({"q": ["c"], "n": [3]}, "tables/t.json")
    try:
        import numpy as np

        mlflow.log_image(np.zeros((4, 4, 3), dtype=np.uint8), "image.png")
        mlflow.log_image(np.zeros((4, 4, 3), dtype=np.uint8), key="steps", step=3)
    except ImportError:
        OUT["no numpy"] = True
    with mlflow.start_run(run_name="child", nested=True) as child:
        mlflow.log_metric("loss", 0.1)
        OUT["nested"] = child.data.tags["mlflow.parentRunId"] == parent.info.run_id
    OUT["active"] = mlflow.active_run().info.run_id == parent.info.run_id

client = MlflowClient()
run = client.get_run(parent.info.run_id)
OUT["parent"] = shown(run)
OUT["description"] = run.data.tags["mlflow.note.content"]
OUT["parent of child"] = client.get_parent_run(child.info.run_id).info.run_id == run.info.run_id
OUT["history"] = points(client.get_metric_history(run.info.run_id, "loss"))
OUT["nan history"] = points(client.get_metric_history(run.info.run_id, "nan"))
OUT["no history"] = points(client.get_metric_history(run.info.run_id, "nothing"))
OUT["last"] = mlflow.last_active_run().info.run_id == run.info.run_id


# artifacts
def tree(path=None):
    listed = []
    for info in client.list_artifacts(run.info.run_id, path):
        listed.append([info.path, info.is_dir, info.file_size])
        listed += tree(info.path) if info.is_dir else []
    return listed


OUT["artifacts"] = sorted(e for e in tree() if not e[0].startswith(("images", "environment", "code", "console", ".")))
OUT["images"] = len(client.list_artifacts(run.info.run_id, "images"))
with tempfile.TemporaryDirectory() as folder:
    got = Path(mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="tree", dst_path=folder))
    OUT["downloaded"] = sorted([p.name, len(p.read_bytes())] for p in got.rglob("*") if p.is_file())
OUT["text"] = mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/notes/hello.txt")
OUT["dict"] = mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/conf/a.json")
OUT["missing file"] = refused(lambda: mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/notes/nothing.txt"))
try:
    OUT["table"] = mlflow.load_table("tables/t.json", run_ids=[run.info.run_id]).to_dict("list")
except ImportError:
    OUT["no pandas"] = True
client.delete_artifacts(run.info.run_id, "notes/hello.txt") if hasattr(client, "delete_artifacts") else None

# the client
made = client.create_run(experiment_id, start_time=5, tags={"by": "client"}, run_name="made")
client.log_batch(
    made.info.run_id,
    metrics=[Metric("m", i * 0.5, 100 + i, i) for i in range(1500 // 2)],
    params=[Param(f"p{i}", str(i)) for i in range(100)],
    tags=[RunTag("t", "v")],
)
client.log_metric(made.info.run_id, "m", -1.0, timestamp=7, step=-3)
client.update_run(made.info.run_id, name="renamed")
client.set_terminated(made.info.run_id, "FAILED", end_time=99)
OUT["made"] = shown(client.get_run(made.info.run_id)) | {"params": len(client.get_run(made.info.run_id).data.params)}
OUT["made history"] = len(client.get_metric_history(made.info.run_id, "m"))
client.delete_run(made.info.run_id)
OUT["deleted"] = client.get_run(made.info.run_id).info.lifecycle_stage
OUT["log to deleted"] = failure(lambda: client.log_metric(made.info.run_id, "m", 1))
client.restore_run(made.info.run_id)
OUT["unknown run"] = failure(lambda: client.get_run("0" * 32))
OUT["unknown tag"] = failure(lambda: client.delete_tag(made.info.run_id, "nothing"))

# resuming, failing, killing
with mlflow.start_run(run_id=made.info.run_id):
    mlflow.log_param("resumed", "yes")
OUT["resumed"] = client.get_run(made.info.run_id).info.status
try:
    with mlflow.start_run(run_name="fails") as failing:
        raise RuntimeError("on purpose")
except RuntimeError:
    OUT["failed"] = client.get_run(failing.info.run_id).info.status
OUT["second run"] = refused(lambda: [mlflow.start_run(run_name="first"), mlflow.start_run()])
mlflow.end_run("KILLED")

# asynchronous logging
with mlflow.start_run(run_name="async") as asynchronous:
    waiting = [mlflow.log_metric("a", i, step=i, synchronous=False) for i in range(20)]
    waiting.append(mlflow.log_params({"ap": 1}, synchronous=False))
    for operation in waiting:
        operation.wait()
    mlflow.flush_async_logging()
OUT["async"] = shown(client.get_run(asynchronous.info.run_id))
OUT["async history"] = points(client.get_metric_history(asynchronous.info.run_id, "a"))

# figures and system metrics
try:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, _ = pyplot.subplots()
    with mlflow.start_run(run_name="figure") as drawing:
        mlflow.log_figure(figure, "plots/empty.png")
    OUT["figure"] = [info.path for info in client.list_artifacts(drawing.info.run_id, "plots")]
except ImportError:
    OUT["figure"] = ["plots/empty.png"]  # this environment has no matplotlib

SYSTEM = [
    "cpu_utilization_percentage",
    "disk_usage_percentage",
    "network_receive_megabytes",
    "system_memory_usage_megabytes",
]
try:
    import psutil  # noqa: F401 - the published client needs it for this

    mlflow.set_system_metrics_sampling_interval(0.2)
    mlflow.set_system_metrics_samples_before_logging(1)
    with mlflow.start_run(run_name="system", log_system_metrics=True) as measured:
        time.sleep(1.5)
    taken = client.get_run(measured.info.run_id).data.metrics
    OUT["system metrics"] = [name for name in SYSTEM if f"system/{name}" in taken]
except ImportError:
    client.create_run(experiment_id, run_name="system")
    OUT["system metrics"] = SYSTEM

# datasets
try:
    import pandas as pd

    data = mlflow.data.from_pandas(pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5]}), source="/data/x.csv", name="frame")
    with mlflow.start_run(run_name="data") as using:
        mlflow.log_input(data, context="training", tags={"v": "1"})
    OUT["data"] = shown(client.get_run(using.info.run_id))["inputs"]
except ImportError:
    OUT["no pandas"] = True

# search
base = 10**12
for number in range(25):
    made = client.create_run(experiment_id, start_time=base + number, run_name=f"s{number:02}", tags={"batch": "s"})
    client.log_param(made.info.run_id, "n", number)
    client.log_metric(made.info.run_id, "score", (number * 7) % 25, timestamp=1)
    client.set_terminated(made.info.run_id)


def names(filter_string, **options):
    return [run.info.run_name for run in client.search_runs([experiment_id], filter_string, **options)]


OUT["search"] = {
    text: names(text, order_by=["start_time ASC"])
    for text in (
        "tags.batch = 's' AND metrics.score > 20",
        "params.n = '7'",
        "params.n LIKE '1%' AND tags.batch = 's'",
        "attributes.run_name ILIKE 'S0%'",
        "attributes.status = 'FAILED'",
        "tags.kind IS NOT NULL",
        f"attributes.start_time >= {base + 20}",
    )
}
OUT["ordered"] = names("tags.batch = 's'", order_by=["metrics.score DESC"], max_results=5)
pages, token = [], None
while True:
    page = client.search_runs([experiment_id], "tags.batch = 's'", max_results=10, page_token=token)
    pages.append([run.info.run_name for run in page])
    token = page.token
    if not token:
        break
OUT["pages"] = pages
OUT["deleted runs"] = names("", run_view_type=ViewType.DELETED_ONLY)
OUT["wrong filter"] = failure(lambda: names("color = 'red'"))
try:
    frame = mlflow.search_runs([experiment_id], "tags.batch = 's'", order_by=["params.n ASC"], max_results=3)
    OUT["frame"] = [
        sorted(c for c in frame.columns if "mlflow" not in c),
        frame["params.n"].tolist(),
        frame["metrics.score"].tolist(),
    ]
except ImportError:
    OUT["no pandas"] = True
OUT["list"] = [run.info.run_name for run in mlflow.search_runs([experiment_id], "params.n = '3'", output_format="list")]
OUT["statuses"] = sorted(RunStatus.to_string(status) for status in RunStatus.all_status())

# the end of the experiment
client.rename_experiment(experiment_id, f"{NAME} renamed")
client.delete_experiment(experiment_id)
OUT["experiment deleted"] = client.get_experiment(experiment_id).lifecycle_stage
OUT["set deleted"] = refused(lambda: mlflow.set_experiment(f"{NAME} renamed"))
client.restore_experiment(experiment_id)
OUT["experiment restored"] = client.get_experiment(experiment_id).lifecycle_stage
print("RESULT " + json.dumps(OUT, sort_keys=True))
