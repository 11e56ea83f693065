"""The projects under examples/, from a folder and from a git address."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import mlflow
from mlflow.environments.conda_environment import find_conda
from mlflow.environments.python_environment import find_uv
from mlflow.tracking.client import MlflowClient
from tests.projects.conftest import Git

pytestmark = pytest.mark.long

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "projects"


@pytest.fixture
def examples(tmp_path: Path, git: Git) -> Path:
    """A repository of the examples."""
    root = tmp_path / "examples"
    shutil.copytree(EXAMPLES, root, ignore=shutil.ignore_patterns("__pycache__"))
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "examples")
    return root


@pytest.mark.faults
def test_the_sweep_runs_from_a_folder(store: MlflowClient, examples: Path) -> None:
    run_id = mlflow.projects.run(str(examples / "sweep"), parameters={"alphas": "0.1,1.0"}, env_manager="local").run_id
    found = store.get_run(run_id)
    assert found.data.metrics["best_r2"] > 0.3
    inside = store.search_runs(["0"], f"tags.`mlflow.parentRunId` = '{run_id}'")
    assert {run.data.params["alpha"] for run in inside} == {"0.1", "1.0"}


@pytest.mark.faults
@pytest.mark.timeout(300)
def test_the_workflow_runs_from_a_git_address(store: MlflowClient, examples: Path) -> None:
    run = mlflow.projects.run
    first = run(f"file://{examples}#workflow", env_manager="local").run_id
    steps = json.loads(Path(store.download_artifacts(first, "workflow.json")).read_text())["steps"]
    assert [(step["name"], step["status"]) for step in steps] == [
        ("prepare", "FINISHED"), ("train", "FINISHED"), ("evaluate", "FINISHED"),
    ]  # fmt: skip
    assert store.get_run(steps[2]["run_id"]).data.metrics["test_accuracy"] > 0.8
    again = run(f"file://{examples}#workflow", env_manager="local", parameters={"depth": 1}).run_id
    steps = json.loads(Path(store.download_artifacts(again, "workflow.json")).read_text())["steps"]
    assert [step["status"] for step in steps] == ["CACHED", "FINISHED", "FINISHED"]


@pytest.mark.faults
@pytest.mark.skipif(find_uv() is None, reason="uv is not installed: pip install uv")
@pytest.mark.skipif(find_conda() is not None, reason="conda is installed, so uv does not stand in for it")
def test_the_conda_project_runs_from_a_git_address_without_conda(
    store: MlflowClient, examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_ENV_ROOT", str(tmp_path / "envs"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    found = store.get_run(mlflow.projects.run(f"file://{examples}#conda", parameters={"epochs": 5}).run_id)
    assert len(store.get_metric_history(found.info.run_id, "loss")) == 5
    assert found.data.params == {"learning_rate": "0.01", "epochs": "5"}
    assert found.data.tags["mlflow_version"] == mlflow.__version__
    assert found.data.tags["mlflow.project.env"] == "virtualenv"
    assert found.data.tags["mlflow.project.environmentDigest"]


@pytest.mark.frameworks
def test_the_torch_script_runs_without_a_project_file(
    frameworks_python: str, store: MlflowClient, examples: Path
) -> None:
    options = ["-e", "train.py", "-P", "epochs=3", "--env-manager", "local"]
    command = [frameworks_python, "-m", "mlflow.cli", "run", f"file://{examples}#torch_script", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    (found,) = store.search_runs(["0"])
    assert found.data.params == {"epochs": "3"}
    assert [point.step for point in store.get_metric_history(found.info.run_id, "loss")] == [0, 1, 2]
