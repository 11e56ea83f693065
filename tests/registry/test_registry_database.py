"""`mlflow server --registry-store-uri`: models in a database of their own, runs in another."""

import sqlite3
from pathlib import Path

import pytest

import mlflow
from mlflow import MlflowClient
from tests.fixtures.servers import StartServer


def rows(database: Path, table: str) -> int:
    connection = sqlite3.connect(database)
    try:
        return int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.faults
def test_models_are_registered_in_the_registrys_database_and_read_from_it(
    start_server: StartServer, tmp_path: Path
) -> None:
    runs, models = tmp_path / "runs.db", tmp_path / "models.db"
    server = start_server(f"sqlite:///{runs}", "--registry-store-uri", f"sqlite:///{models}")
    mlflow.set_tracking_uri(server.url)
    with mlflow.start_run() as run:
        logged = mlflow.pyfunc.log_model(
            name="model", python_model=lambda model_input: model_input, registered_model_name="echo"
        )
    client = MlflowClient()
    client.set_registered_model_alias("echo", "champion", "1")
    version = client.get_model_version_by_alias("echo", "champion")
    assert (version.run_id, version.source) == (run.info.run_id, f"models:/{logged.model_id}")
    assert mlflow.pyfunc.load_model("models:/echo@champion").predict([1, 2]) == [1, 2]
    assert client.search_model_versions(f"run_id = '{run.info.run_id}'")[0].name == "echo"
    assert client.get_logged_model(logged.model_id).tags["mlflow.modelVersions"] == '[{"name": "echo", "version": 1}]'
    assert (rows(models, "model_versions"), rows(models, "runs")) == (1, 0)
    assert (rows(runs, "model_versions"), rows(runs, "runs"), rows(runs, "logged_models")) == (0, 1, 1)
