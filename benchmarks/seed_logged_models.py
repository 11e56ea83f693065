"""Logged models, loaded past the server as `mlflow migrate` does."""

from sqlalchemy import Connection

from benchmarks.bench import create_experiment, create_run, now_ms
from mlflow.contract.caller import DEFAULT_WORKSPACE
from mlflow.entities.metric import Metric
from mlflow.sql.bulk_logged_models import LoggedModelRecord, load_logged_model
from mlflow.sql.store import open_store
from tests.fixtures.servers import TrackingServer

PIECE = 1_000
DATASETS = ("train", "val")


def seed_logged_models(server: TrackingServer, count: int) -> str:
    """A new experiment with ``count`` logged models of one run, ``metrics.m0`` on two datasets each; its id."""
    experiment = create_experiment(server, f"{count} models")
    run, began = create_run(server, experiment), now_ms()
    opened = open_store(server.backend_store_uri, "mlflow-artifacts:/")
    key_ids = opened.database.keys.ensure("metric", ["m0"])

    def load(connection: Connection, first: int) -> None:
        for number in range(first, min(first + PIECE, count)):
            model_id = f"m-{int(experiment):08x}{number:024x}"
            record = LoggedModelRecord(
                model_id=model_id,
                experiment_id=experiment,
                name=f"model-{number}",
                artifact_location=f"mlflow-artifacts:/{experiment}/models/{number}/artifacts",
                creation_timestamp=began + number,
                last_updated_timestamp=began + number,
                status=2,
                source_run_id=run,
                params={"p0": str(number % 10), "p1": str(number % 1000)},
                tags={"t0": f"value-{number % 100}"},
                points=[point(run, model_id, number, began, dataset) for dataset in DATASETS],
            )
            load_logged_model(connection, DEFAULT_WORKSPACE, record, int(experiment), key_ids)

    try:
        for first in range(0, count, PIECE):
            opened.database.write(lambda connection, first=first: load(connection, first))
    finally:
        opened.close()
    return experiment


def point(run: str, model_id: str, number: int, began: int, dataset: str) -> Metric:
    value = (number * 7919 % 10_007) / 10_007
    named = {"model_id": model_id, "dataset_name": dataset, "dataset_digest": "d"}
    return Metric("m0", value, began, number, run_id=run, **named)
