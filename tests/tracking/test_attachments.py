"""What accompanies a run: its origin, its console, the machine's metrics."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import mlflow
from mlflow import MlflowClient
from mlflow.tracking.sync import sync

PROGRAM = """
import os, sys, time
import mlflow
start = time.perf_counter()
with mlflow.start_run() as run:
    took = time.perf_counter() - start
    print("printed line")
    os.system("echo from a child")
    print("to stderr", file=sys.stderr)
    with mlflow.start_run(nested=True) as child:
        print("nested line")
print("IDS", run.info.run_id, child.info.run_id)
"""


def run_script(folder: Path, **environment: str) -> tuple[str, str]:
    """Run PROGRAM as a script of a git repository with an uncommitted change; answers the ids of its two runs."""
    repository = folder / "repository"
    repository.mkdir()
    script = repository / "train.py"
    script.write_text(PROGRAM)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *command], cwd=repository, check=True)
    script.write_text(PROGRAM + "\n# changed\n")
    variables = {**os.environ, "MLFLOW_CAPTURE": "true", **environment}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, env=variables, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert "printed line" in done.stdout and "to stderr" in done.stderr
    run_id, child_id = done.stdout.partition("IDS ")[2].split()[:2]
    return run_id, child_id


def read(run_id: str, path: str) -> str:
    return Path(MlflowClient().download_artifacts(run_id, path)).read_text()


def test_run_records_its_source_packages_and_console(store: str, tmp_path: Path) -> None:
    run_id, child_id = run_script(tmp_path)
    tags = mlflow.get_run(run_id).data.tags
    assert len(tags["mlflow.source.git.commit"]) == 40
    assert tags["mlflow.source.git.dirty"] == "true"
    assert "+# changed" in read(run_id, ".mlflow/source/diff.patch")
    assert "# changed" in read(run_id, ".mlflow/source/entry/train.py")
    assert "msgspec==" in read(run_id, ".mlflow/environment/requirements.lock.txt")
    console = read(run_id, ".mlflow/logs/console.log")
    for line in ("printed line", "from a child", "to stderr", "nested line"):
        assert line in console
    assert MlflowClient().list_artifacts(child_id, ".mlflow") == []
    assert mlflow.get_run(child_id).data.tags["mlflow.source.git.commit"] == tags["mlflow.source.git.commit"]


def test_offline_run_records_the_same(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'later.db'}"
    run_id, _ = run_script(tmp_path, MLFLOW_OFFLINE="always", MLFLOW_TRACKING_URI=uri)
    assert [report.error for report in sync()] == [None]
    mlflow.set_tracking_uri(uri)
    assert "+# changed" in read(run_id, ".mlflow/source/diff.patch")
    assert "printed line" in read(run_id, ".mlflow/logs/console.log")


def test_capture_can_be_switched_off(database: str, tmp_path: Path) -> None:
    run_id, _ = run_script(tmp_path, MLFLOW_CAPTURE="false")
    assert MlflowClient().list_artifacts(run_id, ".mlflow") == []


def test_start_of_a_run_does_not_wait_for_the_capture(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_CAPTURE", "true")
    monkeypatch.setenv("MLFLOW_CAPTURE_CONSOLE", "false")
    with mlflow.start_run():
        pass
    took = []
    for _ in range(3):
        start = time.perf_counter()
        run = mlflow.start_run()
        took.append(time.perf_counter() - start)
        mlflow.end_run()
    assert min(took) < 1.0
    assert MlflowClient().list_artifacts(run.info.run_id, ".mlflow/environment")


def test_system_metrics_are_logged_on_request(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.1")
    with mlflow.start_run(log_system_metrics=True) as run:
        time.sleep(0.5)
    assert "system/cpu_utilization_percentage" in mlflow.get_run(run.info.run_id).data.metrics
    with mlflow.start_run() as run:
        pass
    assert mlflow.get_run(run.info.run_id).data.metrics == {}
    mlflow.enable_system_metrics_logging()
    with mlflow.start_run() as run:
        time.sleep(0.2)
    mlflow.disable_system_metrics_logging()
    assert "system/cpu_utilization_percentage" in mlflow.get_run(run.info.run_id).data.metrics
