"""Copies of projects, and files that were downloaded for them, go with the run, and when there is none."""

import os
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.projects.supervisor import WorkflowJob, supervise
from mlflow.temporary_folders import held_folder, release
from mlflow.tracking.client import MlflowClient

PROJECT = """\
entry_points:
  main: {parameters: {file: path}, command: "cat {file}"}
"""
TEMPLATE = "kind: Job\nspec: {template: {spec: {containers: [{name: a, image: b}]}}}\n"
GONE = "sqlite:////nowhere/at/all/store.db"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty."""
    (folder := tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> str:
    with zipfile.ZipFile(tmp_path / "project.zip", "w") as file:
        file.writestr("MLproject", PROJECT)
    return str(tmp_path / "project.zip")


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"entry_point": "other"}, id="no such entry point"),
        pytest.param({}, id="no value for a parameter"),
        pytest.param({"env_manager": "none"}, id="no such manager of environments"),
        pytest.param({"backend": "spark"}, id="no script for Spark"),
        pytest.param({"backend": "kubernetes"}, id="no image for Kubernetes"),
    ],
)
def test_project_that_cannot_run_leaves_no_copy(
    store: MlflowClient, archive: str, place: Path, tmp_path: Path, how: Mapping[str, Any]
) -> None:
    run = store.create_run("0")
    store.log_text(run.info.run_id, "words", "words.txt")
    (tmp_path / "job.yaml").write_text(TEMPLATE)
    config = {"kube-job-template-path": str(tmp_path / "job.yaml")}
    given = {} if not how else {"file": f"runs:/{run.info.run_id}/words.txt"}
    with pytest.raises(MlflowException):
        mlflow.projects.run(archive, parameters=given, backend_config=config, **{"env_manager": "local", **how})
    assert list(place.iterdir()) == []


def test_project_whose_file_is_broken_leaves_no_copy(store: MlflowClient, place: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "broken.zip", "w") as file:
        file.writestr("MLproject", "entry_points: [")
    with pytest.raises(MlflowException):
        mlflow.projects.run(str(tmp_path / "broken.zip"))
    assert list(place.iterdir()) == []


def test_file_that_was_downloaded_for_a_run_goes_with_it(store: MlflowClient, archive: str, place: Path) -> None:
    run = store.create_run("0")
    store.log_text(run.info.run_id, "words", "words.txt")
    given = {"file": f"runs:/{run.info.run_id}/words.txt"}
    submitted = mlflow.projects.run(archive, parameters=given, env_manager="local", synchronous=False)
    assert submitted.wait()
    assert list(place.iterdir()) == []


@pytest.mark.faults
def test_copy_stays_with_a_command_whose_supervisor_was_killed_and_goes_with_the_next_one_after_it(
    store: MlflowClient, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "waits.zip", "w") as file:
        file.writestr("MLproject", "entry_points: {main: {command: 'echo $$ > $PLACE; exec sleep 600'}}")
    os.mkfifo(tmp_path / "pid")
    monkeypatch.setenv("PLACE", str(tmp_path / "pid"))
    submitted = mlflow.projects.run(str(tmp_path / "waits.zip"), env_manager="local", synchronous=False)
    command = psutil.Process(int((tmp_path / "pid").read_text()))
    supervisor = command.parent()
    assert supervisor is not None
    supervisor.kill()
    assert not submitted.wait()
    release(held_folder("other"))
    (copy,) = place.iterdir()
    assert Path(command.cwd()).is_relative_to(copy)
    command.kill()
    command.wait(60)
    release(held_folder("other"))
    assert list(place.iterdir()) == []


def test_output_of_a_run_that_nobody_waits_for_is_kept_for_two_weeks(place: Path) -> None:
    old, new = place / "mlflow-run-old.log", place / "mlflow-run-new.log"
    for log, days in ((old, 15), (new, 13)):
        log.touch()
        os.utime(log, (time.time() - days * 86_400,) * 2)
    process, log = supervise(WorkflowJob("0" * 32, "/nowhere", None, {}, {}, GONE, "0"), detached=True)
    process.wait(60)
    assert (old.exists(), new.exists(), log is not None and log.exists()) == (False, True, True)
