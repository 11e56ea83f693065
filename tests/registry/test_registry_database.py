"""`mlflow server --registry-store-uri`: models in a database of their own, runs in another."""

import sqlite3
from pathlib import Path

import pytest

import mlflow
from mlflow import MlflowClient
from mlflow.contract.caller import EVERYONE
from mlflow.contract.registered_model_table import MetricTrend
from mlflow.entities import Metric
from mlflow.server.app import build_app
from mlflow.server.settings import ServerSettings
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


def test_list_of_models_tells_what_runs_of_the_other_database_measured(tmp_path: Path) -> None:
    databases = [f"sqlite:///{tmp_path}/{name}.db" for name in ("runs", "models")]
    application = build_app(
        ServerSettings(backend_store_uri=databases[0], registry_store_uri=databases[1], default_artifact_root="/files")
    )
    store = application.context.store
    store.registered_models.create_registered_model(EVERYONE, "net")
    for loss in (0.5, 0.25):
        run_id = store.runs.create_run(EVERYONE, "0").info.run_id
        store.runs.log_batch(EVERYONE, run_id, [Metric("loss", loss, 1, 0)])
        store.model_versions.create_model_version(EVERYONE, "net", "s3://bucket/net", run_id)
    table = store.registered_models.query_registered_models(EVERYONE)
    assert (table.names, table.latest, table.metrics, table.metric) == (["net"], ["2"], ["loss"], "loss")
    assert table.trends == [MetricTrend(["1", "2"], [0.5, 0.25])]
    application.close()
