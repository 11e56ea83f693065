"""Nothing that users do leaves files in the folder for temporary ones, but for what they asked to have there."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.servers import OURS, TrackingServer
from tests.serving.samples import save_coded, serving

WORK = """\
import os, sys, zipfile
import mlflow
from mlflow.projects.reproduction.reproduce import examine
from mlflow.projects.reproduction.record import read_record

mlflow.set_experiment("temporary files")
with mlflow.start_run() as run:
    mlflow.log_metric("loss", 0.5)
    mlflow.log_text("words", "notes/words.txt")
    mlflow.log_dict({"a": 1}, "notes/values.json")
    mlflow.log_table({"a": [1]}, "table.json")
    model = mlflow.pyfunc.log_model(name="model", python_model="model.py")
run_id = run.info.run_id
assert mlflow.artifacts.load_text(f"runs:/{run_id}/notes/words.txt") == "words"
mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="notes", dst_path="downloaded")
mlflow.register_model(model.model_uri, "temporary-files")
for uri in (model.model_uri, "models:/temporary-files/1"):
    assert mlflow.pyfunc.load_model(uri).predict([1]) == [2]
    mlflow.models.get_model_info(uri)
    print(mlflow.pyfunc.get_model_dependencies(uri))
with zipfile.ZipFile("project.zip", "w") as file:
    file.write("MLproject")
given = {"file": f"runs:/{run_id}/notes/words.txt"}
submitted = mlflow.projects.run("project.zip", env_manager="local", parameters=given)
failed = mlflow.projects.run("project.zip", "fail", env_manager="local", synchronous=False)
assert not failed.wait()
read_record(mlflow.MlflowClient(), submitted.run_id)
examine(submitted.run_id)
"""
MODEL = """\
import mlflow
class Next(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [value + 1 for value in model_input]
mlflow.models.set_model(Next())
"""
PROJECT = """\
entry_points:
  main:
    parameters: {file: path}
    command: "cat {file} > seen.txt"
  fail:
    command: "exit 3"
"""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files of programs that are started; empty at the end, too."""
    folder = Path(tempfile.mkdtemp())
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    assert [str(path.relative_to(folder)) for path in folder.rglob("*")] == []


def test_program_that_logs_loads_models_runs_projects_and_looks_at_records(
    tracking_server: TrackingServer, place: Path, tmp_path: Path
) -> None:
    for name, text in {"work.py": WORK, "model.py": MODEL, "MLproject": PROJECT}.items():
        (tmp_path / name).write_text(text)
    own = {"MLFLOW_TRACKING_URI": tracking_server.url, "MLFLOW_MODEL_CACHE_MAX_BYTES": "0"}
    done = subprocess.run(
        [sys.executable, "work.py"], env=os.environ | own, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stderr
    asked = [Path(line) for line in done.stdout.splitlines() if line.endswith("/requirements.txt")]
    assert [path.read_text().startswith("mlflow==") for path in asked] == [True, True]
    for path in asked:  # a path that was asked for is there for pip, and whoever asked removes it
        shutil.rmtree(path.parent)


@pytest.mark.faults
def test_server_of_a_model_with_workers_and_a_monitor_in_a_folder_whose_name_is_too_long_for_sockets(
    place: Path, tmp_path: Path
) -> None:
    save_coded("free", tmp_path)
    (long := place / ("long" * 25)).mkdir()
    own = {"MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path / 'store.db'}", "TMPDIR": str(long)}
    with serving(tmp_path / "free", tmp_path, "--workers", "2", "--sample-rate", "1", environment=own) as server:
        assert server.post({"dataframe_records": [{"wanted": "1"}]}).status < 600
        server.child.terminate()
        server.child.wait()
    long.rmdir()


@pytest.mark.faults
def test_killed_server_leaves_nothing_once_another_was_there(place: Path, tmp_path: Path) -> None:
    server = TrackingServer(OURS, tmp_path / "server", options=("--workers", "2"))
    server.kill()
    assert list(place.iterdir()) != []
    server.start()
    server.stop()
