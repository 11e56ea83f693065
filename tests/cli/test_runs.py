import json

import pytest

from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command


def test_a_run_is_made_described_listed_deleted_and_restored(mlflow: Command) -> None:
    made = json.loads(
        mlflow(
            "runs", "create", "--experiment-name", "sweep", "--run-name", "one", "-t", "team=vision", "-t", "a=b=c",
            "--status", "failed", "--description", "A *try*.",
        ).stdout
    )  # fmt: skip
    run_id, experiment_id = made["run_id"], made["experiment_id"]
    described = json.loads(mlflow("runs", "describe", "--run-id", run_id).stdout)
    assert described["info"]["status"] == "FAILED"
    tags = described["data"]["tags"]
    assert (tags["team"], tags["a"], tags["mlflow.note.content"]) == ("vision", "b=c", "A *try*.")
    assert run_id in mlflow("runs", "list", "-x", experiment_id).stdout
    mlflow("runs", "delete", "--run-id", run_id)
    assert run_id not in mlflow("runs", "list", "-x", experiment_id).stdout
    assert run_id in mlflow("runs", "list", "-x", experiment_id, "--view", "all").stdout
    mlflow("runs", "restore", "--run-id", run_id)
    assert run_id in mlflow("runs", "list", "-x", experiment_id).stdout


def test_runs_are_listed_by_filter_order_and_limit(mlflow: Command) -> None:
    client = MlflowClient()
    runs = [client.create_run("0", run_name=f"run {i}").info.run_id for i in range(4)]
    for value, run_id in enumerate(runs):
        client.log_metric(run_id, "loss", value)
    chosen = ["--filter", "metrics.loss > 0", "--order-by", "metrics.loss DESC", "--max-results", "2"]
    found = json.loads(mlflow("runs", "list", "-x", "0", *chosen, "--json").stdout)
    assert [run["info"]["run_id"] for run in found] == [runs[3], runs[2]]


def test_runs_are_listed_by_their_experiments_name(mlflow: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = json.loads(mlflow("runs", "create", "--experiment-name", "named").stdout)["run_id"]
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", "0")  # what is said on the command line counts before it
    assert run_id in mlflow("runs", "list", "-n", "named").stdout
    assert run_id not in mlflow("runs", "list").stdout
    assert "mlflow experiments search" in mlflow("runs", "list", "-n", "unknown", code=1).stderr
    assert "either" in mlflow("runs", "list", "-n", "named", "-x", "0", code=2).stderr
    monkeypatch.delenv("MLFLOW_EXPERIMENT_ID")
    assert "--experiment-name" in mlflow("runs", "list", code=2).stderr


def test_a_tag_without_equals_is_refused(mlflow: Command) -> None:
    assert "key=value" in mlflow("runs", "create", "--experiment-id", "0", "-t", "team", code=1).stderr


def test_a_run_whose_process_is_silent_is_shown_as_stale(mlflow: Command) -> None:
    import uuid

    from mlflow.contract.caller import EVERYONE
    from mlflow.contract.frames import encode
    from mlflow.contract.frames_operations import Heartbeat
    from mlflow.stores import open_backend

    client = MlflowClient()
    silent, other = (client.create_run("0").info.run_id for _ in range(2))
    store = open_backend(client.tracking_uri).store
    store.journals.ingest(EVERYONE, uuid.uuid4().hex, 0, b"", encode(Heartbeat(run_id=silent, timestamp=1000)))
    lines = {
        line.split()[-2 if "stale" in line else -1]: line
        for line in mlflow("runs", "list", "-x", "0").stdout.splitlines()
    }
    stale = [line for line in lines.values() if line.endswith("RUNNING (stale)")]
    assert len(stale) == 1
    assert silent in stale[0]
    assert other not in stale[0]
