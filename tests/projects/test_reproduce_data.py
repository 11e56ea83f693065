"""Data before a run is repeated: the same, changed, gone, or in a state that nobody can tell."""

import hashlib
import http.server
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mlflow as api
from mlflow.projects.reproduction.data import check_data
from mlflow.projects.reproduction.failures import DataChanged
from mlflow.projects.reproduction.record import read_record
from mlflow.projects.reproduction.reproduce import examine, reproduce
from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command, mlflow  # noqa: F401 - a fixture
from tests.projects.conftest import Git

TRAIN = """\
import mlflow, pandas
frame = pandas.read_csv("data/numbers.csv")
with mlflow.start_run():
    mlflow.log_input(mlflow.data.from_pandas(frame, source="data/numbers.csv", name="numbers"))
    mlflow.log_metric("total", frame.x.sum())
"""


@pytest.fixture(autouse=True)
def _store(store: MlflowClient) -> None:
    """Files are kept beside the data."""


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "numbers.csv"
    path.parent.mkdir()
    path.write_text("x,y\n1,a\n2,b\n")
    return path


def logged(source: str, frame: pd.DataFrame | None = None) -> str:
    """A run that used a data set from there."""
    with api.start_run() as run:
        data = pd.read_csv(source) if frame is None else frame
        api.log_input(api.data.from_pandas(data, source=source, name="numbers"))
    return run.info.run_id


def states(run_id: str, folder: Path) -> list[tuple[str, str]]:
    record = read_record(MlflowClient(), run_id)
    return [(check.name, check.state) for check in check_data(record, folder, [])]


def test_the_digest_of_a_local_source_is_recorded(numbers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = logged("data/numbers.csv")
    found = json.loads(Path(MlflowClient().download_artifacts(run_id, ".mlflow/data/sources.json")).read_text())
    (source,) = found["sources"]
    assert (source["name"], source["path"], source["bytes"]) == ("numbers", str(numbers), 12)
    assert source["sha256"] == hashlib.sha256(numbers.read_bytes()).hexdigest()
    monkeypatch.setenv("MLFLOW_CAPTURE_DATA", "false")
    other = logged("data/numbers.csv")
    assert "data" not in {info.path for info in MlflowClient().list_artifacts(other, ".mlflow")}


def test_a_recorded_file_is_the_same_changed_or_gone(numbers: Path, tmp_path: Path) -> None:
    run_id = logged(str(numbers), pd.DataFrame({"of its own": [1.0]}))
    assert states(run_id, tmp_path) == [("numbers", "same")]
    numbers.write_text("x,y\n1,a\n2,c\n")
    assert states(run_id, tmp_path) == [("numbers", "changed")]
    numbers.unlink()
    assert states(run_id, tmp_path) == [("numbers", "gone")]


def test_a_folder_counts_with_all_its_files(numbers: Path, tmp_path: Path) -> None:
    run_id = logged(str(numbers.parent), pd.DataFrame({"x": [1.0]}))
    assert states(run_id, tmp_path) == [("numbers", "same")]
    (numbers.parent / "more.csv").touch()
    assert states(run_id, tmp_path) == [("numbers", "changed")]


@pytest.mark.parametrize("kind", ["csv", "indexed.csv", "parquet", "npy", "npz"])
def test_a_file_without_a_recorded_digest_is_read_as_programs_do(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_CAPTURE_DATA", "false")
    frame, path = pd.DataFrame({"x": [1.5, 2.5], "y": ["a", "b"]}), tmp_path / f"data.{kind}"
    array = np.arange(6.0).reshape(2, 3)
    if kind == "npy":
        np.save(path, array)
    elif kind == "npz":
        np.savez(path, one=array)
    elif kind == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=kind == "indexed.csv")
    made = {
        "npy": lambda: api.data.from_numpy(array, source=str(path)),
        "npz": lambda: api.data.from_numpy({"one": array}, source=str(path)),
    }.get(kind, lambda: api.data.from_pandas(frame, source=str(path)))
    with api.start_run() as run:
        api.log_input(made())
    assert states(run.info.run_id, tmp_path) == [("dataset", "same")]
    path.write_bytes(b"something else")
    assert states(run.info.run_id, tmp_path) == [("dataset", "unknown")]


def test_data_made_by_the_program_is_not_looked_for(tmp_path: Path) -> None:
    with api.start_run() as run:
        api.log_input(api.data.from_pandas(pd.DataFrame({"x": [1.0]})))
    assert states(run.info.run_id, tmp_path) == []


@pytest.fixture
def site(numbers: Path) -> Iterator[str]:
    """A web server of the folder with the data."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(numbers.parent))  # type: ignore[arg-type]

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/numbers.csv"
        server.shutdown()
        thread.join()


def test_a_remote_source_is_read_anew(site: str, numbers: Path, tmp_path: Path) -> None:
    run_id = logged(site, pd.read_csv(numbers))
    assert states(run_id, tmp_path) == [("numbers", "same")]
    numbers.write_text("x,y\n5,a\n")
    assert states(run_id, tmp_path) == [("numbers", "unknown")]
    numbers.unlink()
    assert states(run_id, tmp_path) == [("numbers", "gone")]


def test_changed_data_stops_a_repetition_before_anything_runs(numbers: Path) -> None:
    with api.start_run() as run:
        api.log_input(api.data.from_pandas(pd.read_csv(numbers), source=str(numbers), name="numbers"))
        api.log_metric("m", 1.0)
    client = MlflowClient()
    record = {"argv": ["true"], "folder": str(numbers.parent), "environment": "local"}
    client.log_dict(run.info.run_id, record, ".mlflow/project/job.json")
    numbers.write_text("x\n1\n")
    with pytest.raises(DataChanged, match=r"'numbers'.* changed: SHA-256 .*choose --ignore-data"):
        reproduce(run.info.run_id, environment="local", said=[].append)
    assert any(str(gap).startswith("Data: The data set 'numbers'") and gap.fatal for gap in examine(run.info.run_id))
    assert len(client.search_runs(["0"])) == 1


@pytest.mark.faults
def test_ignored_files_come_from_where_they_were_and_changed_ones_only_when_told(
    git: Git,
    tmp_path: Path,
    mlflow: Command,  # noqa: F811
) -> None:
    root = tmp_path / "work"
    (root / "data").mkdir(parents=True)
    (root / "train.py").write_text(TRAIN)
    (root / ".gitignore").write_text("data\n")
    (root / "data" / "numbers.csv").write_text("x\n1\n2\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    done = subprocess.run([sys.executable, "train.py"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    run_id = MlflowClient().search_runs(["0"])[0].info.run_id
    reproduce = ("reproduce", run_id, "--environment", "local")
    assert mlflow(*reproduce).stdout.startswith("# EXACT")
    (root / "data" / "numbers.csv").write_text("x\n1\n3\n")
    refused = mlflow(*reproduce, code=1)
    assert "The data set 'numbers'" in refused.stderr
    assert "changed" in refused.stderr
    ignored = mlflow(*reproduce, "--ignore-data", code=3)
    assert ignored.stdout.startswith("# DIFFERENT")
    assert "- data: numbers: " in ignored.stdout
    shutil.rmtree(root / "data")
    assert "is gone" in mlflow(*reproduce, code=1).stderr
