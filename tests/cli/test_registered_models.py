import json
from pathlib import Path

from mlflow import MlflowClient
from tests.cli.conftest import Command


def test_history_is_a_table_for_people_and_json_for_programs(mlflow: Command) -> None:
    client = MlflowClient()
    client.create_registered_model("fraud")
    client.create_model_version("fraud", "s3://bucket/model")
    client.set_registered_model_alias("fraud", "champion", 1)
    client.add_registry_evidence("fraud", 1, "A/B test", {"uplift": 0.5})
    lines = mlflow("models", "history", "fraud").stdout.splitlines()
    assert lines[0].split() == ["Time", "User", "Action", "Version", "Subject", "Before", "After", "Checks"]
    assert "alias_moved" in lines[3]
    assert "champion" in lines[3]
    assert "A/B test: passed" in lines[2]
    events = json.loads(mlflow("models", "history", "fraud", "--max-results", 2, "--json").stdout)
    assert [event["action"] for event in events] == ["evidence_added", "alias_moved"]
    assert "fraud2" in mlflow("models", "history", "fraud2", code=1).output


def test_copy_registers_a_version_again(mlflow: Command, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "MLmodel").write_text("flavors: {}")
    client = MlflowClient()
    client.create_registered_model("fraud")
    client.create_model_version("fraud", str(folder))
    assert "version 1 of 'other'" in mlflow("models", "copy", "models:/fraud/1", "other").stdout
    target = f"sqlite:///{tmp_path / 'target.db'}"
    done = json.loads(mlflow("models", "copy", "models:/fraud/1", "fraud", "--to", target, "--json").stdout)
    assert (done["name"], done["version"]) == ("fraud", "1")
    there = MlflowClient(target, target)
    assert [version.name for version in there.search_model_versions()] == ["fraud"]
    assert "names no version" in mlflow("models", "copy", f"models:/m-{'0' * 32}", "x", code=1).output
