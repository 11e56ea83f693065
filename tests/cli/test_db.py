import json
import sqlite3
from pathlib import Path

import pytest

from mlflow.entities import Metric
from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command

URL = "sqlite:///store.db"


@pytest.fixture
def run_id(mlflow: Command) -> str:
    client = MlflowClient()
    made = client.create_run("0").info.run_id
    client.log_batch(made, [Metric("m", float(i), i, i) for i in range(1000)])
    client.set_terminated(made)
    assert client.get_metric_history(made, "m")
    return made


def test_an_upgrade_makes_the_tables_and_may_be_repeated(mlflow: Command, tmp_path: Path) -> None:
    for _ in range(2):
        mlflow("db", "upgrade", "sqlite:///new.db")
    assert json.loads(mlflow("db", "info", "sqlite:///new.db", "--json").stdout)["experiments"] == 1


def test_info_counts_what_is_there(mlflow: Command, run_id: str) -> None:
    facts = json.loads(mlflow("db", "info", URL, "--json").stdout)
    assert (facts["kind"], facts["runs"], facts["series"], facts["points"]) == ("sqlite", 1, 1, 1000)
    assert facts["bytes"] > 10_000
    assert "points                : 1000" in mlflow("db", "info", URL).stdout


def test_sealing_packs_what_has_arrived(mlflow: Command) -> None:
    client = MlflowClient()
    run = client.create_run("0").info.run_id
    client.log_batch(run, [Metric("m", float(i), i, i) for i in range(500)])
    mlflow("db", "seal", URL)
    facts = json.loads(mlflow("db", "info", URL, "--json").stdout)
    assert (facts["points"], facts["points not sealed yet"]) == (500, 0)


def harm(statement: str) -> None:
    with sqlite3.connect("store.db") as connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        pytest.param("UPDATE summaries SET count = 7", "1000 points in segments and 7", id="a wrong summary"),
        pytest.param("DELETE FROM runs", "belong to no run", id="lost runs"),
        pytest.param("DELETE FROM experiments", "belong to no experiment", id="lost experiments"),
        pytest.param("DROP TABLE params", "'params' is missing", id="a lost table"),
        pytest.param(
            "UPDATE segments SET data = CAST(substr(data, 1, length(data) - 9) || zeroblob(9) AS BLOB)",
            "damaged",
            id="a flipped byte",
        ),
        pytest.param("UPDATE segments SET n = 999", "1000 points instead of 999", id="a wrong count"),
    ],
)
def test_a_check_finds_harm(statement: str, words: str, mlflow: Command, run_id: str) -> None:
    mlflow("db", "check", URL)
    harm(statement)
    result = mlflow("db", "check", URL, "--json", code=1)
    assert any(words in problem for problem in json.loads(result.stdout)["problems"])


def test_a_vacuum_makes_the_file_smaller(mlflow: Command, run_id: str) -> None:
    harm("CREATE TABLE ballast AS SELECT randomblob(1000000) AS x")
    harm("DROP TABLE ballast")
    before = json.loads(mlflow("db", "info", URL, "--json").stdout)["bytes"]
    mlflow("db", "vacuum", URL)
    assert json.loads(mlflow("db", "info", URL, "--json").stdout)["bytes"] < before - 900_000
    mlflow("db", "check", URL)
