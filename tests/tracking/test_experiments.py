"""Experiments, and which one new runs join."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import (
    InvalidParameterValue,
    MlflowException,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
    RestException,
)


def test_set_experiment_makes_a_missing_one(store: str) -> None:
    made = mlflow.set_experiment("wine/red: 1")
    assert made.name == "wine/red: 1"
    assert mlflow.set_experiment("wine/red: 1").experiment_id == made.experiment_id
    with mlflow.start_run() as run:
        assert run.info.experiment_id == made.experiment_id


def test_experiment_is_told_to_processes_that_are_started(database: str) -> None:
    experiment = mlflow.set_experiment("shared")
    assert (os.environ["MLFLOW_EXPERIMENT_ID"], os.environ["MLFLOW_TRACKING_URI"]) == (
        experiment.experiment_id,
        database,
    )
    program = "import mlflow\nwith mlflow.start_run() as run: print(run.info.experiment_id)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == experiment.experiment_id


def test_workers_may_set_the_same_new_experiment_at_once(store: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: mlflow.set_experiment("raced"), range(8)))
    assert len({experiment.experiment_id for experiment in made}) == 1


def test_set_experiment_needs_exactly_one_of_name_and_id(database: str) -> None:
    for arguments in ({}, {"experiment_name": "a", "experiment_id": "1"}):
        with pytest.raises(InvalidParameterValue, match="exactly one of"):
            mlflow.set_experiment(**arguments)
    with pytest.raises(InvalidParameterValue, match="experiment name ''"):
        mlflow.set_experiment("")
    with pytest.raises(ResourceDoesNotExist):
        mlflow.set_experiment(experiment_id="99")


def test_deleted_experiment_cannot_be_set(database: str) -> None:
    made = mlflow.set_experiment("gone")
    mlflow.delete_experiment(made.experiment_id)
    for arguments in ({"experiment_name": "gone"}, {"experiment_id": made.experiment_id}):
        with pytest.raises(MlflowException, match="Cannot set a deleted experiment 'gone'"):
            mlflow.set_experiment(**arguments)
    mlflow.restore_experiment(made.experiment_id)
    assert mlflow.set_experiment("gone").lifecycle_stage == "active"


@pytest.mark.parametrize("variable", ["MLFLOW_EXPERIMENT_NAME", "MLFLOW_EXPERIMENT_ID"])
def test_environment_chooses_the_experiment(database: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = mlflow.create_experiment("chosen")
    monkeypatch.setenv(variable, "chosen" if variable.endswith("NAME") else made)
    with mlflow.start_run() as run:
        assert run.info.experiment_id == made


def test_environment_may_name_an_experiment_that_is_to_be_made(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "new")
    with mlflow.start_run() as run:
        found = mlflow.get_experiment_by_name("new")
    assert found is not None and found.experiment_id == run.info.experiment_id


def test_default_experiment_is_number_zero(database: str) -> None:
    with mlflow.start_run() as run:
        assert run.info.experiment_id == "0"


def test_experiments_are_made_found_renamed_and_tagged(store: str) -> None:
    client = MlflowClient()
    made = mlflow.create_experiment("first", tags={"team": 1})
    with pytest.raises(ResourceAlreadyExists):
        mlflow.create_experiment("first")
    client.rename_experiment(made, "second")
    mlflow.set_experiment("second")
    mlflow.set_experiment_tag("a", 1)
    mlflow.set_experiment_tags({"b": 2, "c": 3})
    mlflow.delete_experiment_tag("c")
    found = mlflow.get_experiment(made)
    assert (found.name, found.tags) == ("second", {"team": "1", "a": "1", "b": "2"})
    assert mlflow.get_experiment_by_name("first") is None
    with pytest.raises(ResourceDoesNotExist):
        mlflow.get_experiment("4711")


def test_failure_of_a_server_is_a_rest_exception_of_its_class(server: str) -> None:
    with pytest.raises(RestException) as raised:
        mlflow.get_experiment("4711")
    assert isinstance(raised.value, ResourceDoesNotExist)
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_search_goes_through_all_pages(database: str) -> None:
    for number in range(25):
        mlflow.create_experiment(f"e{number}", tags={"odd": number % 2})
    assert len(mlflow.search_experiments()) == 26
    assert len(mlflow.search_experiments(max_results=7)) == 7
    odd = mlflow.search_experiments(filter_string="tags.odd = '1'", order_by=["name ASC"])
    assert [experiment.name for experiment in odd][:2] == ["e1", "e11"]
