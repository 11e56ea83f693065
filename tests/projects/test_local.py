"""Runs on this machine: what the command gets, and what the run says afterwards."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

import mlflow
from mlflow.exceptions import ExecutionException, MlflowException
from mlflow.projects import SubmittedRun
from mlflow.tracking.client import MlflowClient
from tests.fixtures.processes import StartChild

pytestmark = pytest.mark.long


def run(folder: Path, *args: object, **kwargs: object) -> SubmittedRun:
    return mlflow.projects.run(str(folder), *args, **{"env_manager": "local", **kwargs})  # type: ignore[arg-type]


def wait_for(path: Path) -> int:
    deadline = time.monotonic() + 60
    while not (path.exists() and path.read_text().strip()):
        assert time.monotonic() < deadline, f"{path} was never written"
        time.sleep(0.01)
    return int(path.read_text())


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_the_command_gets_its_values_and_the_run_its_tags(store: MlflowClient, project: Path) -> None:
    submitted = run(project, parameters={"r": 3, "s": "$(touch pwned)", "extra": "v w"}, run_name="named")
    found = store.get_run(submitted.run_id)
    shown = json.loads((project / "shown.json").read_text())
    assert shown["argv"] == ["--a", "0.1", "--s", "$(touch pwned)", "--r", "3", "--extra", "v w"]
    assert Path(shown["folder"]) == project
    environment = shown["environment"]
    assert environment["MLFLOW_RUN_ID"] == submitted.run_id
    assert environment["MLFLOW_EXPERIMENT_ID"] == "0"
    assert environment["MLFLOW_TRACKING_URI"] == store.tracking_uri
    assert (found.info.status, found.info.run_name, submitted.get_status()) == ("FINISHED", "named", "FINISHED")
    assert found.data.params == {"a": "0.1", "s": "$(touch pwned)", "r": "3", "extra": "v w"}
    expected = {
        "mlflow.source.name": str(project),
        "mlflow.source.type": "PROJECT",
        "mlflow.project.entryPoint": "main",
        "mlflow.project.backend": "local",
    }
    assert expected.items() <= found.data.tags.items()
    assert not (project / "pwned").exists()


def test_what_the_command_logs_is_in_its_run(store: MlflowClient, project: Path) -> None:
    found = store.get_run(run(project, "log").run_id)
    assert found.data.metrics == {"m": 1.5}
    assert found.info.status == "FINISHED"
    assert found.data.tags["mlflow.source.type"] == "PROJECT"


def test_a_relative_address_of_the_store_means_the_same_in_the_projects_folder(
    store: MlflowClient, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///store.db")
    assert store.get_run(run(project, "log").run_id).data.metrics == {"m": 1.5}
    assert not (project / "store.db").exists()


def test_a_project_that_is_run_inside_of_a_run_is_nested_in_it(store: MlflowClient, project: Path) -> None:
    with mlflow.start_run() as outer:
        inner = run(project, "log").run_id
    assert store.get_run(inner).data.tags["mlflow.parentRunId"] == outer.info.run_id
    assert store.get_run(inner).data.metrics == {"m": 1.5}


def test_pipes_and_scripts_run_as_written(store: MlflowClient, project: Path) -> None:
    run(project, "pipe")
    assert (project / "two.txt").read_text() == "two\n"
    run(project, "plain.sh", parameters={"z": "1 2"})
    assert (project / "plain.txt").read_text() == "--z 1 2\n"


def test_a_command_that_fails_leaves_a_failed_run(store: MlflowClient, project: Path) -> None:
    with pytest.raises(ExecutionException, match="failed"):
        run(project, "fail")
    (found,) = store.search_runs(["0"])
    assert found.info.status == "FAILED"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"entry_point": "nope"}, "Could not find 'nope'"),
        ({}, "missing parameters: 'r'"),
        ({"parameters": {"r": "x"}}, "type int"),
        ({"parameters": {"r": 1}, "version": "v1"}, "only git addresses have versions"),
        ({"parameters": {"r": 1}, "env_manager": "pipenv"}, "no environment manager 'pipenv'"),
        ({"parameters": {"r": 1}, "env_manager": "conda"}, "no conda.yaml"),
        ({"parameters": {"r": 1}, "backend": "nope"}, "unsupported execution mode nope"),
        ({"parameters": {"r": 1}, "experiment_id": "0", "experiment_name": "x"}, "only one of"),
        ({"parameters": {"r": 1}, "backend_config": "gone.json"}, "'gone.json' cannot be read"),
    ],
)
def test_what_is_wrong_is_told_before_there_is_a_run(
    arguments: dict[str, object], words: str, store: MlflowClient, project: Path
) -> None:
    with pytest.raises(ExecutionException, match=words):
        run(project, **arguments)
    assert list(store.search_runs(["0"])) == []


def test_an_environment_that_cannot_be_made_leaves_a_failed_run(store: MlflowClient, project: Path) -> None:
    (project / "python_env.yaml").write_text("python: '3.4'\n")
    with pytest.raises(MlflowException, match=r"3\.4"):
        run(project, parameters={"r": 1}, env_manager=None)
    (found,) = store.search_runs(["0"])
    assert found.info.status == "FAILED"


def test_an_experiment_is_made_and_a_run_reused(store: MlflowClient, project: Path) -> None:
    run_id = run(project, "pipe", experiment_name="fresh").run_id
    experiment = store.get_experiment_by_name("fresh")
    assert experiment is not None
    assert store.get_run(run_id).info.experiment_id == experiment.experiment_id
    assert run(project, "pipe", run_id=run_id).run_id == run_id


def test_a_run_that_is_not_awaited_tells_the_truth(store: MlflowClient, project: Path) -> None:
    good, bad = (run(project, name, synchronous=False) for name in ("pipe", "fail"))
    assert good.wait() is True
    assert bad.wait() is False
    assert (good.get_status(), bad.get_status()) == ("FINISHED", "FAILED")
    assert store.get_run(good.run_id).info.status == "FINISHED"
    assert store.get_run(bad.run_id).info.status == "FAILED"


def test_nothing_survives_a_cancel(store: MlflowClient, project: Path) -> None:
    others = {*psutil.Process().children()}  # of tests before
    submitted = run(project, "slow", synchronous=False)
    child, own = wait_for(project / "child.pid"), wait_for(project / "own.pid")
    assert submitted.get_status() == "RUNNING"
    submitted.cancel()
    assert is_gone(child)
    assert is_gone(own)
    assert submitted.get_status() == "KILLED"
    assert store.get_run(submitted.run_id).info.status == "KILLED"
    mine = {*psutil.Process().children()} - others
    assert not [child for child in mine if child.status() == psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_nothing_survives_an_interrupt(
    number: signal.Signals, store: MlflowClient, project: Path, start_child: StartChild
) -> None:
    command = [sys.executable, "-m", "mlflow.cli", "run", str(project), "-e", "slow", "--env-manager", "local"]
    child = start_child(command)
    below, own = wait_for(project / "child.pid"), wait_for(project / "own.pid")
    os.kill(child.pid, number)
    assert child.wait() != 0
    assert is_gone(below)
    assert is_gone(own)
    (found,) = store.search_runs(["0"])
    assert found.info.status == "KILLED"
    assert "Traceback" not in child.output


def test_a_run_without_waiting_outlives_the_command_that_began_it(
    store: MlflowClient, project: Path, start_child: StartChild
) -> None:
    command = [
        sys.executable,
        "-m",
        "mlflow.cli",
        "run",
        str(project),
        "-e",
        "log",
        "--env-manager",
        "local",
        "--no-wait",
    ]
    child = start_child(command)
    assert child.wait() == 0
    run_id = next(line for line in child.output.splitlines() if len(line) == 32)
    deadline = time.monotonic() + 60
    while store.get_run(run_id).info.status == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert store.get_run(run_id).info.status == "FINISHED"
    assert store.get_run(run_id).data.metrics == {"m": 1.5}
