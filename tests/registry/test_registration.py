"""Registering models, and finding their files by models: URIs."""

import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import InvalidParameterValue, InvalidState, MlflowException, ResourceDoesNotExist


@pytest.fixture
def name() -> str:
    return f"model {uuid.uuid4().hex}"


def log_model(content: str = "first", path: str = "model") -> str:
    """A run that holds a model's folder; answers the run's id."""
    with mlflow.start_run() as run:
        mlflow.log_text("flavors: {}", f"{path}/MLmodel")
        mlflow.log_text(content, f"{path}/data/weights.txt")
    run_id: str = run.info.run_id
    return run_id


def test_model_of_a_run_is_registered_and_found_by_every_kind_of_uri(registry_at: str, name: str, tmp_path: Path):
    first = mlflow.register_model(f"runs:/{log_model('first')}/model", name, tags={"k": 1})
    second = mlflow.register_model(f"runs:/{log_model('second')}/model", name)
    client = MlflowClient()
    assert (str(first.version), str(second.version), first.tags) == ("1", "2", {"k": "1"})
    assert first.run_id
    client.set_registered_model_alias(name, "champion", 1)
    client.transition_model_version_stage(name, 1, "staging")
    found = {
        uri: mlflow.artifacts.load_text(f"models:/{name}{uri}/data/weights.txt")
        for uri in ("/1", "/2", "@champion", "/Staging", "/latest", "@latest")
    }
    assert found == {
        "/1": "first",
        "/2": "second",
        "@champion": "first",
        "/Staging": "first",
        "/latest": "second",
        "@latest": "second",
    }
    local = mlflow.artifacts.download_artifacts(f"models:/{name}@champion", dst_path=str(tmp_path))
    assert (Path(local) / "data" / "weights.txt").read_text() == "first"
    told = yaml.safe_load((Path(local) / "registered_model_meta").read_text())
    assert told == {"model_name": name, "model_version": "1"}
    assert [file.path for file in mlflow.artifacts.list_artifacts(f"models:/{name}/1")] == ["MLmodel", "data"] or [
        Path(file.path).name for file in mlflow.artifacts.list_artifacts(f"models:/{name}/1")
    ] == ["MLmodel", "data"]


def test_logged_model_is_registered_with_its_run(registry_at: str, name: str):
    client = MlflowClient()
    run_id = log_model()
    experiment = client.get_run(run_id).info.experiment_id
    model = client.create_logged_model(experiment, "made", source_run_id=run_id)
    client.finalize_logged_model(model.model_id, "READY")
    version = mlflow.register_model(f"models:/{model.model_id}", name)
    assert (version.source, version.run_id) == (f"models:/{model.model_id}", run_id)
    assert client.get_model_version_download_uri(name, version.version) == model.artifact_location
    noted = client.get_logged_model(model.model_id).tags["mlflow.modelVersions"]
    assert noted == f'[{{"name": "{name}", "version": 1}}]'


def test_model_whose_upload_failed_or_has_not_begun_is_not_registered(registry_at: str, name: str):
    client = MlflowClient()
    experiment = client.get_run(log_model()).info.experiment_id
    pending, failed = (client.create_logged_model(experiment, "made").model_id for _ in range(2))
    client.finalize_logged_model(failed, "FAILED")
    for model_id, message in ((pending, "is PENDING and has no file MLmodel"), (failed, "is FAILED")):
        with pytest.raises(InvalidState, match=f"'{model_id}' {message}"):
            mlflow.register_model(f"models:/{model_id}", name)
        with pytest.raises(ResourceDoesNotExist, match=f"Model 'models:/{model_id}' has no files.*log the model again"):
            mlflow.pyfunc.load_model(f"models:/{model_id}")
    with pytest.raises(ResourceDoesNotExist):
        client.get_registered_model(name)


@pytest.mark.parametrize("given", [None, 5, "", "  ", "a/b"])
def test_name_that_no_model_can_have_is_refused(database: str, given: Any):
    with pytest.raises(InvalidParameterValue, match=r"[Nn]ame"):
        mlflow.register_model("s3://bucket/model", given)


def test_empty_uri_is_no_model(database: str, name: str):
    with pytest.raises(InvalidParameterValue, match="is empty"):
        mlflow.register_model("", name)


@pytest.mark.parametrize("path", ["plain", "absent"])
def test_run_without_the_model_registers_nothing(registry_at: str, name: str, path: str):
    run_id = log_model()
    with mlflow.start_run(run_id=run_id):
        mlflow.log_text("x", "plain/x.txt")
    with pytest.raises(InvalidParameterValue, match=f"no model in '{path}'.*Log the model"):
        mlflow.register_model(f"runs:/{run_id}/{path}", name)
    with pytest.raises(ResourceDoesNotExist):
        MlflowClient().get_registered_model(name)


def test_what_cannot_become_a_version_leaves_no_model_behind(registry_at: str, name: str, tmp_path: Path):
    for uri in (f"models:/{name}/3", f"models:/{name}@nobody", str(tmp_path / "absent")):
        with pytest.raises(MlflowException):
            mlflow.register_model(uri, name)
    with pytest.raises(MlflowException):
        mlflow.register_model("s3://bucket/model", name, tags={"../x": "not a key"})
    with pytest.raises(ResourceDoesNotExist):
        MlflowClient().get_registered_model(name)


def test_failed_version_leaves_a_model_that_was_there_as_it_was(registry_at: str, name: str):
    mlflow.register_model("s3://bucket/model", name)
    with pytest.raises(InvalidParameterValue):
        mlflow.register_model("s3://bucket/model", name, tags={"../x": "not a key"})
    assert [str(version.version) for version in MlflowClient().search_model_versions(f"name = '{name}'")] == ["1"]


def test_version_whose_files_are_gone_says_where_they_were(database: str, name: str, tmp_path: Path):
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "MLmodel").write_text("flavors: {}")
    mlflow.register_model(str(folder), name)
    (folder / "MLmodel").unlink()
    folder.rmdir()
    with pytest.raises(MlflowException, match="saved"):
        mlflow.artifacts.download_artifacts(f"models:/{name}/1")
    for read in (mlflow.pyfunc.load_model, mlflow.models.get_model_info):
        with pytest.raises(ResourceDoesNotExist, match=f"Model 'models:/{name}/1' has no files.*restore them"):
            read(f"models:/{name}/1")


def test_registry_may_be_in_another_store_than_the_runs(database: str, name: str, tmp_path: Path):
    registry = f"sqlite:///{tmp_path / 'registry.db'}"
    mlflow.set_registry_uri(registry)
    run_id = log_model()
    version = mlflow.register_model(f"runs:/{run_id}/model", name)
    assert version.run_id == run_id
    assert mlflow.artifacts.load_text(f"models:/{name}/1/data/weights.txt") == "first"
    assert MlflowClient(registry_uri=registry).get_registered_model(name).name == name
    with pytest.raises(ResourceDoesNotExist):
        MlflowClient(registry_uri=database).get_registered_model(name)


def test_fluent_searches_go_through_all_pages(database: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mlflow.tracking.session_registry._MODELS_PAGE", 2)
    monkeypatch.setattr("mlflow.tracking.session_registry._VERSIONS_PAGE", 2)
    for letter in "abcde":
        mlflow.register_model("s3://bucket/model", letter)
        mlflow.set_model_version_tag(letter, 1, "k", letter)
    assert [model.name for model in mlflow.search_registered_models()] == list("abcde")
    assert [model.name for model in mlflow.search_registered_models(3, order_by=["name DESC"])] == list("edc")
    assert [version.name for version in mlflow.search_model_versions(order_by=["name"])] == list("abcde")
    assert [version.name for version in mlflow.search_model_versions(4, "tags.k != 'a'", ["name"])] == list("bcde")


def test_tag_of_the_newest_version_in_a_stage(database: str):
    client = MlflowClient()
    mlflow.register_model("s3://bucket/1", "m")
    mlflow.register_model("s3://bucket/2", "m")
    client.transition_model_version_stage("m", 1, "Production")
    client.set_model_version_tag("m", key="k", value="v", stage="Production")
    assert client.get_model_version("m", 1).tags == {"k": "v"}
    client.delete_model_version_tag("m", key="k", stage="production")
    assert client.get_model_version("m", 1).tags == {}
    with pytest.raises(InvalidParameterValue, match="version or stage"):
        client.set_model_version_tag("m", key="k", value="v")
    with pytest.raises(ResourceDoesNotExist, match="Staging"):
        client.set_model_version_tag("m", key="k", value="v", stage="Staging")
