"""Without a server: runs start, log and end; what they logged is sent when there is one."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import Unreachable
from mlflow.tracking.run_log import run_log
from mlflow.tracking.sync import journals, rejected, sync
from tests.fixtures.servers import StartServer, TrackingServer

pytestmark = pytest.mark.long

TRAINING = """
import numpy as np
import mlflow
mlflow.set_experiment("far away")
with mlflow.start_run(run_name="alone", tags={"a": 1}) as run:
    mlflow.log_param("lr", 0.1)
    for step in range(100):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_text("hello", "notes/a.txt")
    mlflow.log_table({"n": [1]}, "t.json")
    mlflow.log_table({"n": [2]}, "t.json")
    mlflow.log_image(np.zeros((4, 4, 3), dtype="uint8"), key="black")
    mlflow.log_input(mlflow.data.from_numpy(np.zeros(3), name="zeros"), context="training")
    with mlflow.start_run(run_name="child", nested=True):
        mlflow.log_metric("inner", 1.0)
    print(run.info.run_id)
"""


def run_program(program: str, uri: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "MLFLOW_TRACKING_URI": uri, **environment}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=variables)
    assert done.returncode == 0, done.stderr
    return done


def check_run(run_id: str) -> None:
    """Everything that TRAINING logged is there, once."""
    client = MlflowClient()
    run = client.get_run(run_id)
    assert (run.info.run_name, run.info.status, run.data.params) == ("alone", "FINISHED", {"lr": "0.1"})
    assert run.info.end_time is not None and run.info.end_time >= (run.info.start_time or 0)
    assert client.get_experiment(run.info.experiment_id).name == "far away"
    assert [point.step for point in client.get_metric_history(run_id, "loss")] == list(range(100))
    assert run.data.tags["a"] == "1"
    assert [use.dataset.name for use in run.inputs.dataset_inputs] == ["zeros"]
    assert mlflow.artifacts.load_text(f"runs:/{run_id}/notes/a.txt") == "hello"
    assert json.loads(Path(client.download_artifacts(run_id, "t.json")).read_text())["data"] == [[1], [2]]
    assert len(client.list_artifacts(run_id, "images")) == 2
    [child] = client.search_runs([run.info.experiment_id], "run_name = 'child'")
    assert (child.data.tags["mlflow.parentRunId"], child.data.metrics) == (run_id, {"inner": 1.0})


@pytest.mark.parametrize("mode", ["auto", "always"])
def test_run_without_a_server_is_synced_later(mode: str, start_server: StartServer) -> None:
    server = start_server()
    server.stop()
    done = run_program(TRAINING, server.url, MLFLOW_OFFLINE=mode)
    run_id = done.stdout.split()[-1]
    assert f"No tracking server at {server.url}" in done.stderr
    assert [info.live for info in journals()] == [False]
    server.start()
    mlflow.set_tracking_uri(server.url)
    [report] = list(sync())
    assert (report.error, report.rejected, report.destination) == (None, 0, server.url)
    assert report.bytes > 2000
    check_run(run_id)
    assert (list(sync()), journals(), list(rejected())) == ([], [], [])


def test_run_started_offline_is_sent_by_its_own_process_when_the_server_comes(
    start_server: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    server = start_server()
    server.stop()
    mlflow.set_tracking_uri(server.url)
    start = time.monotonic()
    with mlflow.start_run(run_name="early") as run:
        assert time.monotonic() - start < 4
        mlflow.log_metric("loss", 1.0)
        mlflow.log_text("x", "a.txt")
        server.start()
        mlflow.log_metric("loss", 0.5, step=1)
    assert mlflow.get_run(run.info.run_id).data.metrics == {"loss": 0.5}
    assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/a.txt") == "x"
    assert sum("No tracking server" in message for message in caplog.messages) == 1
    assert sum("Cannot send logged data" in message for message in caplog.messages) <= 1


def test_offline_run_cannot_be_read_and_says_where_it_is(
    free_port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MLFLOW_OFFLINE", "always")
    mlflow.set_tracking_uri(f"http://127.0.0.1:{free_port}")
    with mlflow.start_run() as run:
        assert mlflow.get_artifact_uri("a") == f"runs:/{run.info.run_id}/a"
        with pytest.raises(Unreachable, match=str(tmp_path / "journal")):
            mlflow.get_run(run.info.run_id)
        last = mlflow.last_active_run()
        assert last is not None and last.info.run_id == run.info.run_id


def test_never_offline_means_that_a_run_cannot_start(free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_OFFLINE", "never")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    mlflow.set_tracking_uri(f"http://127.0.0.1:{free_port}")
    with pytest.raises(Unreachable, match=str(free_port)):
        mlflow.start_run()
    assert mlflow.active_run() is None


def test_database_can_be_written_offline_too(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'later.db'}"
    run_id = run_program(TRAINING, uri, MLFLOW_OFFLINE="always").stdout.split()[-1]
    assert not (tmp_path / "later.db").exists()
    assert [report.error for report in sync()] == [None]
    mlflow.set_tracking_uri(uri)
    check_run(run_id)


def test_sync_sends_a_journal_to_its_own_destination_only(tmp_path: Path, free_port: int) -> None:
    uris = [f"sqlite:///{tmp_path / name}.db" for name in ("one", "two")]
    for uri in (*uris, f"http://127.0.0.1:{free_port}"):
        run_program("import mlflow\nwith mlflow.start_run(): mlflow.log_metric('m', 1)", uri, MLFLOW_OFFLINE="always")
    assert [report.destination for report in sync(destination=uris[1])] == [uris[1]]
    reports = {report.destination: report.error for report in sync()}
    assert reports[uris[0]] is None
    assert str(free_port) in (reports[f"http://127.0.0.1:{free_port}"] or "")
    for uri in uris:
        mlflow.set_tracking_uri(uri)
        assert list(mlflow.search_runs()["metrics.m"]) == [1.0]
    assert [info.destination for info in journals()] == [f"http://127.0.0.1:{free_port}"]


def test_next_process_sends_what_an_earlier_one_left(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'both.db'}"
    left = run_program(TRAINING, uri, MLFLOW_OFFLINE="always").stdout.split()[-1]
    program = """
import mlflow, time
from mlflow.tracking.sync import journals
with mlflow.start_run(): mlflow.log_metric("m", 1)
deadline = time.monotonic() + 20
while len(journals()) > 1 and time.monotonic() < deadline: time.sleep(0.05)
"""
    run_program(program, uri)
    mlflow.set_tracking_uri(uri)
    check_run(left)


def test_refused_record_is_set_aside_with_its_reason_and_the_rest_goes_on(database: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_param("lr", 1)
    log = run_log(database)
    log.params(run.info.run_id, {"lr": 2})  # this process has forgotten the run, as another one would not know it
    log.metric(run.info.run_id, "after", 1.0, 0, 1000)
    log.settle()
    [refused] = list(rejected())
    assert refused.error_code == "INVALID_PARAMETER_VALUE"
    assert "lr" in refused.message
    data = mlflow.get_run(run.info.run_id).data
    assert (data.params, data.metrics) == ({"lr": "1"}, {"after": 1.0})


def test_joining_an_offline_run_by_its_id(start_server: StartServer) -> None:
    server = start_server()
    server.stop()
    first = run_program(
        "import mlflow\nwith mlflow.start_run() as run: mlflow.log_metric('a', 1)\nprint(run.info.run_id)",
        server.url,
        MLFLOW_OFFLINE="always",
    ).stdout.split()[-1]
    run_program(
        "import mlflow\nwith mlflow.start_run(): mlflow.log_metric('b', 2)",
        server.url,
        MLFLOW_OFFLINE="always",
        MLFLOW_RUN_ID=first,
    )
    server.start()
    assert [report.error for report in sync()] == [None, None]
    mlflow.set_tracking_uri(server.url)
    assert mlflow.get_run(first).data.metrics == {"a": 1.0, "b": 2.0}


def test_server_that_stops_between_calls_costs_one_warning_and_no_time(
    own_server: TrackingServer, caplog: pytest.LogCaptureFixture
) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metric("m", 0.0)
        mlflow.flush_async_logging()
        own_server.kill()
        slowest = 0.0
        for step in range(2000):
            start = time.perf_counter()
            mlflow.log_metric("m", 1.0, step=step + 1)
            slowest = max(slowest, time.perf_counter() - start)
            if step % 500 == 0:
                time.sleep(0.3)
        back = threading.Timer(0.5, own_server.start)
        back.start()
    back.join()
    assert slowest < 0.5
    run_log(own_server.url).settle()
    assert len(MlflowClient().get_metric_history(run.info.run_id, "m")) == 2001
    assert mlflow.get_run(run.info.run_id).info.status == "FINISHED"
    assert sum("Cannot send logged data" in message for message in caplog.messages) == 1


def test_server_that_comes_back_after_it_was_given_up_is_seen_by_the_next_read(own_server: TrackingServer) -> None:
    with mlflow.start_run() as run:
        mlflow.flush_async_logging()
        own_server.kill()
        mlflow.log_metric("m", 1.0)
    own_server.start()
    assert MlflowClient().get_run(run.info.run_id).data.metrics == {"m": 1.0}


@pytest.mark.oracle
def test_published_server_gives_an_offline_run_another_id(published_server: TrackingServer, tmp_path: Path) -> None:
    port_taken = published_server.url
    run_id = run_program(TRAINING, port_taken, MLFLOW_OFFLINE="always").stdout.split()[-1]
    for _ in range(2):  # the second time as after a crash before the answer: nothing is doubled
        assert [report.error for report in sync()] in ([None], [])
    mlflow.set_tracking_uri(port_taken)
    found = mlflow.search_runs(
        experiment_names=["far away"], filter_string=f"tags.`mlflow.offline.runId` = '{run_id}'", output_format="list"
    )
    [run] = found
    client = MlflowClient()
    assert [point.step for point in client.get_metric_history(run.info.run_id, "loss")] == list(range(100))  # type: ignore[union-attr]
    assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/notes/a.txt") == "hello"  # type: ignore[union-attr]


def test_password_of_a_database_is_in_no_message(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, free_port: int
) -> None:
    monkeypatch.setenv("MLFLOW_OFFLINE", "always")
    mlflow.set_tracking_uri(f"postgresql://me:sesame@127.0.0.1:{free_port}/db")
    with mlflow.start_run() as run, pytest.raises(Unreachable) as raised:
        mlflow.get_run(run.info.run_id)
    assert "sesame" not in caplog.text + str(raised.value)
    assert "127.0.0.1" in caplog.text
