"""Copying versions within a registry and to another one."""

from pathlib import Path

import pytest

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceDoesNotExist
from mlflow.tracking.model_copies import COPIED_FROM, EXPERIMENT
from tests.fixtures.servers import StartServer


def register(name: str = "m") -> str:
    with mlflow.start_run() as run:
        mlflow.log_text("flavors: {}", "model/MLmodel")
        mlflow.log_text("weights", "model/data/weights.txt")
    mlflow.register_model(f"runs:/{run.info.run_id}/model", name, tags={"k": "v"})
    MlflowClient().update_model_version(name, 1, "what it is")
    MlflowClient().set_registered_model_alias(name, "champion", 1)
    run_id: str = run.info.run_id
    return run_id


@pytest.mark.parametrize("target", ["other", "m"])
def test_copy_within_a_registry_shares_files_run_tags_and_description(database: str, target: str):
    run_id, client = register(), MlflowClient()
    copy = client.copy_model_version("models:/m@champion", target)
    assert (copy.name, copy.source, copy.run_id) == (target, "models:/m/1", run_id)
    assert (copy.tags, copy.description, copy.aliases) == ({"k": "v"}, "what it is", [])
    assert mlflow.artifacts.load_text(f"models:/{target}/{copy.version}/data/weights.txt") == "weights"


def test_copy_to_another_server_brings_its_files(database: str, start_server: StartServer, tmp_path: Path):
    register()
    server, client = start_server(), MlflowClient()
    copy = client.copy_model_version("models:/m/1", "promoted", registry_uri=server.url)
    assert (copy.version, copy.description) == ("1", "what it is")
    assert copy.tags == {"k": "v", COPIED_FROM: f"{database} models:/m/1"}
    there = MlflowClient(server.url)
    run = there.get_run(copy.run_id)
    assert there.get_experiment(run.info.experiment_id).name == EXPERIMENT
    assert (run.info.status, run.data.tags[COPIED_FROM]) == ("FINISHED", f"{database} models:/m/1")
    mlflow.set_tracking_uri(server.url)
    assert mlflow.artifacts.load_text("models:/promoted/1/data/weights.txt") == "weights"
    local = mlflow.artifacts.download_artifacts("models:/promoted/1", dst_path=str(tmp_path / "back"))
    assert sorted(path.name for path in Path(local).rglob("*") if path.is_file()) == [
        "MLmodel",
        "registered_model_meta",
        "weights.txt",
    ]


def test_copy_that_fails_leaves_nothing_at_the_target(database: str, tmp_path: Path):
    folder = tmp_path / "saved"
    folder.mkdir()
    mlflow.register_model(str(folder), "empty")
    target = f"sqlite:///{tmp_path / 'target' / 'mlflow.db'}"
    (tmp_path / "target").mkdir()
    with pytest.raises(ResourceDoesNotExist, match="no files"):
        MlflowClient().copy_model_version("models:/empty/1", "copy", registry_uri=target)
    there = MlflowClient(target, target)
    assert there.search_registered_models() == []
    experiment = there.get_experiment_by_name(EXPERIMENT)
    assert experiment is not None
    assert there.search_runs([experiment.experiment_id]) == []


def test_source_must_be_a_version_of_the_registry(database: str):
    client = MlflowClient()
    with pytest.raises(InvalidParameterValue, match="only copies models stored in the 'models:/' scheme"):
        client.copy_model_version("s3://bucket/model", "m")
    with pytest.raises(MlflowException, match="Failed to fetch model version from source model URI"):
        client.copy_model_version("models:/nobody/1", "m")
    with pytest.raises(InvalidParameterValue, match="names no version"):
        client.copy_model_version(f"models:/m-{'0' * 32}", "m")
