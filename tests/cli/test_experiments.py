import csv
import io
import json
from pathlib import Path

from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command


def test_an_experiment_is_made_found_renamed_deleted_and_restored(mlflow: Command) -> None:
    made = json.loads(mlflow("experiments", "create", "-n", "one", "-l", "/tmp/files", "--json").stdout)
    number = made["experiment_id"]
    assert mlflow("experiments", "rename", "-x", number, "--new-name", "two").stdout.count("two") == 1
    shown = json.loads(mlflow("experiments", "get", "-n", "two", "--json").stdout)
    assert (shown["experiment_id"], shown["artifact_location"]) == (number, "/tmp/files")
    assert "Lifecycle Stage    : active" in mlflow("experiments", "get", "-x", number).stdout
    mlflow("experiments", "delete", "-x", number)
    assert "two" not in mlflow("experiments", "search").stdout
    assert "two" in mlflow("experiments", "search", "--view", "deleted_only").stdout
    mlflow("experiments", "restore", "-x", number)
    names = [found["name"] for found in json.loads(mlflow("experiments", "search", "--json").stdout)]
    assert names == ["two", "Default"]


def test_a_search_takes_a_filter_and_a_limit(mlflow: Command) -> None:
    for name in ("image one", "image two", "text"):
        mlflow("experiments", "create", "-n", name)
    found = mlflow("experiments", "search", "--filter", "name LIKE 'image%'", "--max-results", "1", "--json").stdout
    assert [experiment["name"] for experiment in json.loads(found)] == ["image two"]


def test_a_table_lines_up_wide_characters(mlflow: Command) -> None:
    mlflow("experiments", "create", "-n", "日本語")
    _, rule, first, second = mlflow("experiments", "search").stdout.splitlines()
    location = rule.rindex("  ") + 2
    assert second[location:].startswith("/")
    assert first[location - 3 :].startswith("/")  # three characters that are two columns wide each


def test_csv_goes_to_stdout_or_to_a_file(mlflow: Command, tmp_path: Path) -> None:
    client = MlflowClient()
    run_id = client.create_run("0").info.run_id
    client.log_param(run_id, "lr", 0.1)
    client.log_metric(run_id, "loss", 0.5)
    rows = list(csv.DictReader(io.StringIO(mlflow("experiments", "csv", "-x", "0").stdout)))
    assert [(row["run_id"], row["params.lr"], row["metrics.loss"]) for row in rows] == [(run_id, "0.1", "0.5")]
    result = mlflow("experiments", "csv", "-x", "0", "-o", "runs.csv")
    assert result.stdout == ""
    assert run_id in (tmp_path / "runs.csv").read_text()
