"""The demo trains, logs, evaluates, registers and promotes through a server, and what it made is there."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import mlflow
from mlflow import MlflowClient
from tests.fixtures.processes import StartChild
from tests.fixtures.servers import StartServer

pytestmark = pytest.mark.long

DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo.py"


@pytest.mark.timeout(300)
def test_demo_leaves_runs_pictures_and_a_promoted_model(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib")
    server = start_server()
    done = subprocess.run(
        [sys.executable, str(DEMO), "--tracking-uri", server.url], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    monkeypatch.setenv("MLFLOW_CAPTURE", "false")
    client = MlflowClient(server.url, server.url)
    experiments = {experiment.name: experiment.experiment_id for experiment in client.search_experiments()}
    assert {"digits", "wine", "breast cancer", "diabetes", "iris"} <= set(experiments)
    runs = client.search_runs([experiments["breast cancer"]])
    assert {run.info.status for run in runs} == {"FINISHED"}
    assert all("confusion_matrix.png" in names(client, run.info.run_id) for run in runs)
    champion = client.get_model_version_by_alias("breast-cancer", "champion")
    best = max(runs, key=lambda run: run.data.metrics["roc_auc"])
    assert champion.run_id == best.info.run_id
    children = client.search_runs([experiments["digits"]], "tags.mlflow.parentRunId != ''")
    assert len(children) == 6
    assert len(client.get_metric_history(children[0].info.run_id, "val_loss")) == 25
    mlflow.set_tracking_uri(server.url)
    try:
        model = mlflow.sklearn.load_model("models:/breast-cancer@champion")
    finally:
        mlflow.set_tracking_uri("")
    assert list(model.classes_) == [0, 1]


def test_a_demo_that_is_asked_to_end_ends_its_server_too(
    start_child: StartChild, free_port: int, tmp_path: Path
) -> None:
    script = DEMO.with_name("demo_server.py")
    demo = start_child([sys.executable, str(script), "--port", str(free_port), "--data", str(tmp_path / "data")])
    demo.wait_until(lambda: answers(free_port))
    demo.terminate()
    assert demo.wait() == 128 + signal.SIGTERM
    assert not answers(free_port)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def names(client: MlflowClient, run_id: str) -> set[str]:
    return {file.path for file in client.list_artifacts(run_id)}
