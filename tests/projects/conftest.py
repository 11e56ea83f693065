"""Projects to run, and a store to record them in."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mlflow.tracking.client import MlflowClient

Git = Callable[..., str]
SHOW = """\
import json, os, sys
shown = {name: value for name, value in os.environ.items() if name.startswith("MLFLOW_")}
with open("shown.json", "w") as file:
    json.dump({"argv": sys.argv[1:], "environment": shown, "folder": os.getcwd()}, file)
"""
FILE = """\
name: shown
entry_points:
  main:
    parameters:
      a: {type: float, default: 0.1}
      s: {type: string, default: "x y"}
      r: int
    command: "python show.py --a {a} --s {s} --r {r}"
  pipe:
    command: "echo one && echo two | cat > two.txt"
  fail:
    command: "exit 3"
  slow:
    command: "sh -c 'sleep 300 & echo $! > child.pid; echo $$ > own.pid; wait'"
  log:
    command: "python log.py"
"""
LOG = "import mlflow\nwith mlflow.start_run():\n    mlflow.log_metric('m', 1.5)\n"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    """An empty store that `mlflow` in this and in started processes writes to."""
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    client = MlflowClient(uri)
    client.get_experiment("0")  # its files are below this folder from now on, not below a project's
    return client


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose script writes down what it was given."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "MLproject").write_text(FILE)
    (folder / "show.py").write_text(SHOW)
    (folder / "log.py").write_text(LOG)
    (folder / "plain.sh").write_text('echo "$@" > plain.txt\n')
    return folder


@pytest.fixture
def git() -> Git:
    """Run git in a folder as somebody."""

    def run(folder: Path, *arguments: str) -> str:
        identity = ["-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "init.defaultBranch=main"]
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()

    return run


@pytest.fixture
def repository(project: Path, git: Git) -> Path:
    """The project in the folder `sub` of a repository with a branch `other` and a tag `v1`."""
    root = project.parent / "repository"
    root.mkdir()
    project.rename(root / "sub")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    git(root, "tag", "v1")
    git(root, "checkout", "-q", "-b", "other")
    (root / "sub" / "other.sh").write_text("true\n")
    git(root, "add", ".")
    git(root, "commit", "-qm", "two")
    git(root, "checkout", "-q", "main")
    return root
