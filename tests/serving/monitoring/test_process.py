"""A server that is monitored: the run that its process writes, several workers, and what is stored of requests."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest
from click.testing import CliRunner

import mlflow
from mlflow.cli import cli
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.serving.monitoring.process import monitoring
from tests.serving.conftest import StartScoring
from tests.serving.monitoring.samples import told
from tests.serving.samples import ROWS, ScoringServer, until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300), pytest.mark.long]
START_SECONDS = 200  # two processes that import pandas and scikit-learn, one after the other, on a busy machine
SECRET = 71.0078125  # a number that is nowhere by chance
MONITOR = """
import mlflow

def mean_age(frame):
    mlflow.log_metric("logged by itself", 1)
    return {"mean age": frame["age"].mean()}
"""


@pytest.fixture
def monitored(start_scoring: StartScoring, tmp_path: Path) -> Callable[..., ScoringServer]:
    """Start a server whose monitor logs to the tracking store of this test."""
    ROWS.to_csv(tmp_path / "train.csv", index=False)
    (tmp_path / "scoring").mkdir()
    (tmp_path / "scoring" / "checks.py").write_text(MONITOR)
    where = {"MLFLOW_TRACKING_URI": mlflow.get_tracking_uri(), "MLFLOW_JOURNAL_DIR": str(tmp_path / "journal")}

    def start(*options: str, baseline: bool = True) -> ScoringServer:
        usual = ("--sample-rate", "1", *(("--baseline", str(tmp_path / "train.csv")) if baseline else ()))
        return start_scoring("logistic", *usual, *options, environment=where, start_seconds=START_SECONDS)

    return start


def asked(server: ScoringServer, times: int, **columns: Any) -> None:
    for _ in range(times):
        body = {"dataframe_split": ROWS.assign(**columns).to_dict(orient="split")}
        assert server.post(body).status == 200


def ended(server: ScoringServer) -> Run:
    """Stop the server; the run that its monitor then has finished."""
    server.child.terminate()
    server.child.wait()
    runs = mlflow.search_runs(experiment_names=["monitoring"], output_format="list")
    assert len(runs) == 1
    run: Run = runs[0]
    assert run.info.status == "FINISHED"
    return run


def stored(folder: Path) -> bytes:
    """Everything in all files of a folder, and in the tables of its databases."""
    found = b""
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "train.csv":
            found += path.read_bytes()
            if path.suffix == ".db":
                found += "\n".join(sqlite3.connect(path).iterdump()).encode()
    return found


def test_windows_become_points_of_one_run_and_drift_shows(
    monitored: Callable[..., ScoringServer], tmp_path: Path
) -> None:
    server = monitored("--window", "120", "--monitor", "checks:mean_age", "--workers", "2")
    until(lambda: "serves" in server.child.output)
    asked(server, 30)
    until(lambda: 'mlflow_monitoring_value{metric="input/psi/age"} 0.0' in server.get("/metrics").data.decode())
    asked(server, 30, age=SECRET)
    until(lambda: 'mlflow_monitoring_alert{metric="input/psi/age"} 1.0' in server.get("/metrics").data.decode())
    until(lambda: 'mlflow_monitoring_samples_total{outcome="taken"} 60.0' in server.get("/metrics").data.decode())
    assert 'mlflow_monitoring_limit{metric="input/psi/age"} 0.2' in server.get("/metrics").data.decode()
    run = ended(server)
    history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "monitor/mean age")
    assert [(point.step, point.value) for point in history] == [(0, ROWS["age"].mean()), (1, SECRET)]
    assert run.data.metrics["input/psi/age"] > 0.2
    assert run.data.metrics["traffic/rows"] == 120
    assert run.data.metrics["logged by itself"] == 1
    assert run.data.tags["mlflow.monitoring.limit.psi"] == ">0.2"
    assert "input/psi/age" in run.data.tags["mlflow.monitoring.alerts"]


def test_nothing_of_a_body_is_stored_unless_it_is_asked_for(
    monitored: Callable[..., ScoringServer], tmp_path: Path
) -> None:
    server = monitored("--window", "40")
    asked(server, 12, income=SECRET)
    run = ended(server)
    assert run.data.metrics["traffic/rows"] == 8  # of the last window, which ended with the server
    assert mlflow.MlflowClient().list_artifacts(run.info.run_id) == []
    assert str(SECRET).encode() not in stored(tmp_path)


def test_requests_are_stored_without_what_is_redacted_and_without_a_baseline(
    monitored: Callable[..., ScoringServer], tmp_path: Path
) -> None:
    where = ("--redact", "income", "--monitoring-experiment", "monitoring")
    server = monitored("--log-requests", *where, baseline=False)
    asked(server, 2, income=SECRET)
    run = ended(server)
    assert "Monitoring has no baseline" in server.child.output
    assert run.data.metrics["traffic/rows"] == 8
    assert not [name for name in run.data.metrics if name.startswith(("input/psi", "input/ks", "prediction/psi"))]
    text = mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/requests/000000.jsonl")
    assert len(text.splitlines()) == 2
    assert '"age": 20.0, "income": "[redacted]"' in text
    assert '"predictions": [0, 0, 1, 1]' in text
    assert str(SECRET).encode() not in stored(tmp_path)


def test_a_model_brings_the_baseline_of_its_training_data(
    start_scoring: StartScoring, models: Path, tmp_path: Path
) -> None:
    people = pd.concat([ROWS] * 40, ignore_index=True)
    with mlflow.models.training_data(people), mlflow.start_run():
        model = mlflow.sklearn.load_model(str(models / "logistic"))
        logged = mlflow.sklearn.log_model(model, name="churn", pip_requirements=["scikit-learn"])
    server = start_scoring(
        mlflow.artifacts.download_artifacts(logged.model_uri),
        *("--sample-rate", "1", "--window", "160", "--log-requests"),
        environment={"MLFLOW_TRACKING_URI": mlflow.get_tracking_uri(), "MLFLOW_JOURNAL_DIR": str(tmp_path / "journal")},
        start_seconds=START_SECONDS,
    )
    asked(server, 40)
    asked(server, 40, age=SECRET)
    run = ended(server)
    drift = mlflow.MlflowClient().get_metric_history(run.info.run_id, "input/psi/age")
    assert drift[0].value < 0.01 < 0.2 < drift[1].value
    assert run.data.metrics["prediction/psi/default"] > 0.2
    lines = [
        line
        for name in ("000000", "000001")
        for line in mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/requests/{name}.jsonl").splitlines()
    ]
    assert len(lines) == 80
    assert sum(str(SECRET) in line for line in lines) == 40


@pytest.mark.parametrize(
    ("options", "words"),
    [({"monitors": ("no.such:thing",)}, "no.such:thing"), ({"baseline": "nowhere.csv"}, "nowhere.csv")],
    ids=["monitor", "baseline"],
)
def test_what_cannot_be_loaded_keeps_a_server_from_starting(models: Path, options: dict[str, Any], words: str) -> None:
    settings = told(models=(("default", str(models / "logistic")),), **options)
    with pytest.raises(MlflowException, match=words), monitoring(settings):
        pytest.fail("it has started")


def test_a_servers_own_failure_is_not_taken_for_one_of_the_monitor(models: Path) -> None:
    with pytest.raises(BrokenPipeError), monitoring(told(models=(("default", str(models / "logistic")),))):
        raise BrokenPipeError


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--sample-rate", "1", "--window", "soon"], "'soon'"),
        (["--sample-rate", "1", "--alert", "psi"], "'psi'"),
        (["--sample-rate", "2"], "2"),
        (["--log-requests"], "--sample-rate"),
        (["--baseline", "train.csv"], "--sample-rate"),
    ],
)
def test_options_that_make_no_sense_are_refused(models: Path, options: list[str], words: str) -> None:
    usual = ["models", "serve", "-m", str(models / "logistic"), "--env-manager", "local"]
    done = CliRunner().invoke(cli, [*usual, *options])
    assert done.exit_code != 0
    assert words in done.output


def test_a_server_goes_on_when_its_monitor_is_gone(monitored: Callable[..., ScoringServer]) -> None:
    server = monitored()
    asked(server, 2)
    (monitor,) = psutil.Process(server.child.pid).children()
    monitor.kill()  # noticed though nobody asks
    until(lambda: "The monitor is gone" in server.child.output)
    asked(server, 5)
    until(lambda: 'outcome="dropped"' in server.get("/metrics").data.decode())
