"""The client has the published client's methods, with its parameters."""

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mlflow
from mlflow import MlflowClient
from mlflow._names import LATER_METHODS, NAMES
from mlflow._unavailable import NotInThisRelease
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist

PUBLISHED = json.loads((Path(__file__).parent / "published_api.json").read_text())


def parameters(function: Callable[..., Any]) -> list[str]:
    """Names with defaults, `*` before those that are by name only; without annotations."""
    listed, by_name = [], False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not by_name:
            listed.append("*")
            by_name = True
        if parameter.default is parameter.empty:
            listed.append(parameter.name)
        else:
            listed.append(f"{parameter.name}={parameter.default!r}")
    return listed


@pytest.mark.parametrize("name", sorted(set(PUBLISHED["client"]) - LATER_METHODS))
def test_method_takes_what_the_published_one_takes(name: str) -> None:
    published = PUBLISHED["client"][name]["parameters"]
    assert parameters(getattr(MlflowClient(), name))[: len(published)] == published


@pytest.mark.parametrize("name", sorted(set(PUBLISHED["functions"]) & set(NAMES)))
def test_function_takes_what_the_published_one_takes(name: str) -> None:
    published = PUBLISHED["functions"][name]
    assert parameters(getattr(mlflow, name))[: len(published)] == published


@pytest.mark.parametrize("name", sorted(PUBLISHED["artifacts"]))
def test_artifact_function_takes_what_the_published_one_takes(name: str) -> None:
    assert parameters(getattr(mlflow.artifacts, name)) == PUBLISHED["artifacts"][name]


def test_methods_that_come_later_are_those_of_the_published_client() -> None:
    assert set(PUBLISHED["client"]) >= LATER_METHODS


def test_method_that_comes_later_says_so_when_called(database: str) -> None:
    client = MlflowClient()
    with pytest.raises(NotInThisRelease, match=r"'MlflowClient\.create_workspace' is not in this release"):
        client.create_workspace("name")  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="no attribute 'create_rnu'"):
        client.create_rnu("0")  # type: ignore[attr-defined]


def test_client_tracks_where_it_was_told_to(database: str, tmp_path: Path) -> None:
    other = MlflowClient(f"sqlite:///{tmp_path / 'other.db'}")
    run = other.create_run("0", tags={"mlflow.user": "me", "n": 1}, run_name="there", start_time=1000)
    assert (run.info.user_id, run.info.run_name, run.info.start_time) == ("me", "there", 1000)
    assert run.data.tags["n"] == "1"
    with pytest.raises(ResourceDoesNotExist):
        MlflowClient().get_run(run.info.run_id)
    assert other.tracking_uri != MlflowClient().tracking_uri == database


def test_client_ends_and_renames_runs(store: str) -> None:
    client = MlflowClient()
    run_id = client.create_run("0").info.run_id
    client.update_run(run_id, name="named")
    client.set_terminated(run_id, "FAILED", end_time=5000)
    info = client.get_run(run_id).info
    assert (info.run_name, info.status, info.end_time) == ("named", "FAILED", 5000)
    for call in (client.update_run, client.set_terminated):
        with pytest.raises(InvalidParameterValue, match="'BOGUS'"):
            call(run_id, "BOGUS")


def test_pages_of_runs_go_on_by_token(store: str) -> None:
    client = MlflowClient()
    experiment = client.create_experiment("paged")
    made = [client.create_run(experiment, start_time=number).info.run_id for number in range(5)]
    page = client.search_runs([experiment], max_results=3)
    assert [run.info.run_id for run in page] == made[:1:-1]
    rest = client.search_runs([experiment], max_results=3, page_token=page.token)
    assert ([run.info.run_id for run in rest], bool(rest.token)) == (made[1::-1], False)


def test_metric_history_needs_a_key(database: str) -> None:
    with mlflow.start_run() as run, pytest.raises(InvalidParameterValue, match="''"):
        MlflowClient().get_metric_history(run.info.run_id, "")
