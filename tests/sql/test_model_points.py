import math

import pytest

from mlflow.contract.caller import EVERYONE
from mlflow.entities import LoggedModel, Metric
from mlflow.exceptions import BadRequest
from mlflow.sql.garbage import Garbage
from mlflow.sql.store import SqlStore


def kept(store: SqlStore, model: LoggedModel) -> list[tuple[object, ...]]:
    points = store.logged_models.get_logged_model(EVERYONE, model.model_id).metrics or []
    found = [
        (p.key, p.step, p.timestamp, None if math.isnan(p.value) else p.value, p.dataset_name, p.dataset_digest)
        for p in points
    ]
    return sorted(found, key=str)


def test_points_of_models_are_kept_for_model_and_run(
    sql_store: SqlStore, run_id: str, model: LoggedModel, other: LoggedModel
) -> None:
    points = [
        Metric("a", 1.5, 5, 0, model.model_id, "train", "abc"),
        Metric("a", math.nan, 5, 1, model.model_id),
        Metric("a", math.inf, 5, 2, other.model_id),
        Metric("a", 9.0, 5, 3),
    ]
    for _ in range(2):  # repeating them changes nothing
        sql_store.appends.append(EVERYONE, run_id, sql_store.appends.arrive(points))
    assert kept(sql_store, model) == [("a", 0, 5, 1.5, "train", "abc"), ("a", 1, 5, None, None, None)]
    assert kept(sql_store, other) == [("a", 2, 5, 1.7976931348623157e308, None, None)]
    assert [point.step for point in sql_store.metrics.get_metric_history(EVERYONE, run_id, "a")] == [0, 1, 2, 3]


def test_same_value_on_two_datasets_is_two_points_of_the_model(
    sql_store: SqlStore, run_id: str, model: LoggedModel
) -> None:
    points = [Metric("acc", 1.0, 5, 0, model.model_id, name, "x") for name in ("train", "test")]
    sql_store.runs.log_batch(EVERYONE, run_id, points)
    assert kept(sql_store, model) == [("acc", 0, 5, 1.0, "test", "x"), ("acc", 0, 5, 1.0, "train", "x")]


def test_unknown_model_is_named(sql_store: SqlStore, run_id: str, model: LoggedModel) -> None:
    points = [Metric("a", 1.5, 5, 0, model.model_id), Metric("a", 1.5, 5, 1, "m-other")]
    with pytest.raises(BadRequest, match="'m-other'"):
        sql_store.runs.log_batch(EVERYONE, run_id, points)
    assert kept(sql_store, model) == []
    assert sql_store.metrics.get_metric_history(EVERYONE, run_id, "a") == []


def test_points_of_a_collected_run_are_gone_from_the_model_and_its_sums(
    sql_store: SqlStore, run_id: str, model: LoggedModel
) -> None:
    stays = sql_store.runs.create_run(EVERYONE, model.experiment_id).info.run_id
    sql_store.runs.log_batch(EVERYONE, run_id, [Metric("a", 9.0, 5, 0, model.model_id)])
    sql_store.runs.log_batch(EVERYONE, stays, [Metric("a", 1.0, 4, 0, model.model_id)])
    sql_store.runs.delete_run(EVERYONE, run_id)
    Garbage(sql_store.database).collect(lambda run, uri: None, run_ids=[run_id])
    assert kept(sql_store, model) == [("a", 0, 4, 1.0, None, None)]
    search = sql_store.logged_models.search_logged_models
    assert search(EVERYONE, [model.experiment_id], "metrics.a > 5") == []
    assert [m.model_id for m in search(EVERYONE, [model.experiment_id], "metrics.a > 0")] == [model.model_id]


@pytest.fixture
def experiment_id(sql_store: SqlStore, request: pytest.FixtureRequest) -> str:
    return sql_store.experiments.create_experiment(EVERYONE, f"{request.node.name} {id(request)}")


@pytest.fixture
def run_id(sql_store: SqlStore, experiment_id: str) -> str:
    return sql_store.runs.create_run(EVERYONE, experiment_id).info.run_id


@pytest.fixture
def model(sql_store: SqlStore, experiment_id: str) -> LoggedModel:
    return sql_store.logged_models.create_logged_model(EVERYONE, experiment_id)


@pytest.fixture
def other(sql_store: SqlStore, experiment_id: str) -> LoggedModel:
    return sql_store.logged_models.create_logged_model(EVERYONE, experiment_id)
