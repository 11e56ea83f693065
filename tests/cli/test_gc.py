import json
from pathlib import Path

from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command


def trashed(name: str) -> str:
    client = MlflowClient()
    run_id = client.create_run(client.create_experiment(name, str(Path.cwd() / name))).info.run_id
    client.log_text(run_id, "x", "a.txt")
    client.delete_run(run_id)
    return run_id


def test_a_dry_run_tells_and_deletes_nothing(mlflow: Command) -> None:
    run_id = trashed("one")
    assert mlflow("gc", "--dry-run").stdout == f"run {run_id}\n"
    assert json.loads(mlflow("gc", "--dry-run", "--json").stdout) == {
        "run_ids": [run_id],
        "experiment_ids": [],
        "model_ids": [],
    }
    assert "Deleted 1 runs" in mlflow("gc").stdout
    assert "Deleted 0 runs" in mlflow("gc").stdout


def test_the_name_of_a_deleted_experiment_becomes_free(mlflow: Command) -> None:
    client = MlflowClient()
    number = client.create_experiment("one")
    client.delete_experiment(number)
    mlflow("experiments", "create", "-n", "one", code=1)
    done = json.loads(mlflow("gc", "--experiment-ids", number, "--json").stdout)
    assert done == {"runs": 0, "models": 0, "experiment_ids": [number], "left": {}}
    mlflow("experiments", "create", "-n", "one")


def test_young_trash_stays(mlflow: Command) -> None:
    trashed("one")
    assert "Deleted 0 runs" in mlflow("gc", "--older-than", "1d2h3m4s").stdout
    assert "Deleted 1 runs" in mlflow("gc", "--older-than", "0s").stdout


def test_a_run_whose_files_are_out_of_reach_stays_and_the_exit_code_says_so(mlflow: Command) -> None:
    client = MlflowClient()
    run_id = client.create_run(client.create_experiment("far", "mlflow-artifacts:/far")).info.run_id
    client.delete_run(run_id)
    result = mlflow("gc", "--json", code=1)
    assert "--artifacts-destination" in json.loads(result.stdout)["left"][run_id]
    assert "Deleted 1 runs" in mlflow("gc", "--artifacts-destination", "./kept").stdout


def test_runs_that_stay_for_one_cause_are_told_in_one_line(mlflow: Command) -> None:
    client = MlflowClient()
    experiment_id = client.create_experiment("far", "mlflow-artifacts:/far")
    run_ids = [client.create_run(experiment_id).info.run_id for _ in range(5)]
    for run_id in run_ids:
        client.delete_run(run_id)
    told = [line for line in mlflow("gc", code=1).stderr.splitlines() if "deleted" in line]
    assert len(told) == 1
    assert told[0].startswith("5 runs stay (")
    assert sum(run_id in told[0] for run_id in run_ids) == 3
