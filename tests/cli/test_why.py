"""`mlflow why` as people read it."""

import json

import pytest

from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command


def test_differences_fit_a_terminal_and_json_has_all_of_them(mlflow: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    client = MlflowClient()
    runs = [client.create_run("0").info.run_id for _ in range(2)]
    for run_id, value in zip(runs, ("a" * 60, "b" * 60), strict=True):
        client.log_param(run_id, "a param with quite a long name indeed", value)
    done = mlflow("why", *runs)
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "Shortened to fit; --json shows all of it." in done.stderr
    (found,) = json.loads(mlflow("why", *runs, "--json").stdout)
    assert (found["first"], found["second"]) == ("a" * 60, "b" * 60)
    assert mlflow("why", runs[0], runs[0]).stdout.splitlines() == ["Nothing that was recorded differs."]
