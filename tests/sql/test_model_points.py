import math
from collections.abc import Collection

import pytest
import sqlalchemy as sa

from mlflow.contract.caller import EVERYONE
from mlflow.entities.metric import Metric
from mlflow.exceptions import BadRequest
from mlflow.sql.appends import Appends
from mlflow.sql.engine import Connection
from mlflow.sql.model_points import find_models
from mlflow.sql.store import SqlStore
from mlflow.sql.tables import model_metrics, runs


def some_models(connection: Connection, workspace: str, model_ids: Collection[str]) -> Collection[str]:
    return {model_id for model_id in model_ids if model_id.startswith("m-known")}


@pytest.fixture
def appends(sql_store: SqlStore) -> Appends:
    return Appends(sql_store.database, some_models)


def kept(store: SqlStore, run_id: str) -> list[tuple[object, ...]]:
    columns = ("model_id", "step", "timestamp", "value", "is_nan", "dataset_name", "dataset_digest")
    chosen = sa.select(*(model_metrics.c[name] for name in columns)).join(runs, runs.c.id == model_metrics.c.run)
    chosen = chosen.where(runs.c.run_id == run_id).order_by(model_metrics.c.model_id, model_metrics.c.step)
    return store.database.read(lambda connection: [tuple(row) for row in connection.execute(chosen)])


def test_points_of_models_are_kept_for_model_and_run(sql_store: SqlStore, appends: Appends, run_id: str) -> None:
    points = [
        Metric("a", 1.5, 5, 0, "m-known-1", "train", "abc"),
        Metric("a", math.nan, 5, 1, "m-known-1"),
        Metric("a", math.inf, 5, 2, "m-known-2"),
        Metric("a", 9.0, 5, 3),
    ]
    for _ in range(2):  # repeating them changes nothing
        appends.append(EVERYONE, run_id, appends.arrive(points))
    assert kept(sql_store, run_id) == [
        ("m-known-1", 0, 5, 1.5, 0, "train", "abc"),
        ("m-known-1", 1, 5, 0.0, 1, None, None),
        ("m-known-2", 2, 5, 1.7976931348623157e308, 0, None, None),
    ]
    assert [point.step for point in sql_store.metrics.get_metric_history(EVERYONE, run_id, "a")] == [0, 1, 2, 3]


def test_unknown_model_is_named(sql_store: SqlStore, appends: Appends, run_id: str) -> None:
    points = [Metric("a", 1.5, 5, 0, "m-known-1"), Metric("a", 1.5, 5, 1, "m-other")]
    with pytest.raises(BadRequest, match="'m-other'"):
        appends.append(EVERYONE, run_id, appends.arrive(points))
    assert kept(sql_store, run_id) == []
    assert sql_store.metrics.get_metric_history(EVERYONE, run_id, "a") == []


def test_no_model_is_known_to_the_schema(sql_store: SqlStore) -> None:
    assert sql_store.database.read(lambda connection: find_models(connection, "default", ["m-1"])) == ()


@pytest.fixture
def run_id(sql_store: SqlStore) -> str:
    return sql_store.runs.create_run(EVERYONE, "0").info.run_id
