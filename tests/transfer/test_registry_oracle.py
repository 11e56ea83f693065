"""Registered models that the published mlflow wrote, read here, are what it says they are."""

import json
from pathlib import Path
from typing import Any

import pytest

from mlflow.contract.caller import EVERYONE
from mlflow.entities.model_registry import ModelVersion
from mlflow.sql.store import SqlStore
from tests.fixtures.foreign import Program
from tests.transfer.conftest import Migrate

PROGRAM = """
import json
import mlflow
from mlflow import MlflowClient

client = MlflowClient()
with mlflow.start_run() as run:
    mlflow.log_text("flavors: {}", "model/MLmodel")
    source = mlflow.get_artifact_uri("model")
client.create_registered_model("fraud", {"team": "a", "a/b": "ü"}, "finds it")
for number in range(4):
    client.create_model_version("fraud", source, run.info.run_id, {"n": number}, "http://run", f"number {number}")
client.transition_model_version_stage("fraud", "1", "Production")
client.transition_model_version_stage("fraud", "2", "Production", archive_existing_versions=True)
client.set_registered_model_alias("fraud", "champion", "2")
client.set_registered_model_alias("fraud", "old", "1")
client.delete_model_version("fraud", "4")
client.create_registered_model("empty")
client.create_registered_model("renamed")
client.create_model_version("renamed", "s3://bucket/model")
client.rename_registered_model("renamed", "new name")
client.create_registered_model("gone")
client.delete_registered_model("gone")

KEPT = ("name", "creation_timestamp", "last_updated_timestamp", "description", "tags")
OF_VERSION = (*KEPT, "current_stage", "source", "run_id", "status", "run_link", "aliases")
found = {}
for model in client.search_registered_models():
    versions = client.search_model_versions(f"name = '{model.name}'", order_by=["version_number ASC"])
    entities = [client.get_model_version(model.name, str(v.version)) for v in versions]
    found[model.name] = {
        "model": {k: getattr(model, k) for k in KEPT} | {"aliases": {a: str(v) for a, v in model.aliases.items()}},
        "versions": {str(v.version): {k: getattr(v, k) for k in OF_VERSION} for v in entities},
    }
json.dump(found, open("models.json", "w"))
"""


@pytest.mark.oracle
@pytest.mark.parametrize("kind", ["database", "folder"])
def test_registered_models_are_read_as_the_published_mlflow_reads_them(
    kind: str, run_published: Program, tmp_path: Path, migrated: Migrate
) -> None:
    place = f"sqlite:///{tmp_path / 'old.db'}" if kind == "database" else (tmp_path / "mlruns").as_uri()
    run_published(PROGRAM, {"MLFLOW_TRACKING_URI": place, "MLFLOW_ALLOW_FILE_STORE": "true"})
    expected = json.loads((tmp_path / "models.json").read_text())
    named = str(tmp_path / "old.db") if kind == "database" else str(tmp_path / "mlruns")
    store, done = migrated(named)
    assert (done.models, done.versions, done.left_out) == (3, 4, {})
    assert {name: _model(store, name) for name in expected} == expected
    # the number of a deleted version is not given out again
    assert str(store.model_versions.create_model_version(EVERYONE, "fraud", "s3://bucket/5").version) == "5"


def _model(store: SqlStore, name: str) -> dict[str, Any]:
    model = store.registered_models.get_registered_model(EVERYONE, name)
    found = store.model_versions.search_model_versions(EVERYONE, f"name = '{name}'", order_by=["version_number"])
    versions = [store.model_versions.get_model_version(EVERYONE, name, str(v.version)) for v in found]
    kept = ("name", "creation_timestamp", "last_updated_timestamp", "description", "tags")
    aliases = {alias: str(version) for alias, version in model.aliases.items()}
    return {
        "model": {key: getattr(model, key) for key in kept} | {"aliases": aliases},
        "versions": {str(version.version): _version(version) for version in versions},
    }


def _version(version: ModelVersion) -> dict[str, Any]:
    kept = ("name", "creation_timestamp", "last_updated_timestamp", "description", "tags")
    return {
        key: getattr(version, key)
        for key in (*kept, "current_stage", "source", "run_id", "status", "run_link", "aliases")
    }
