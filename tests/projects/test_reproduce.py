"""Reproduction: what comes back, the verdict, and what is said about it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mlflow.environments.python_environment import find_uv, python_environment
from mlflow.environments.specification import PythonSpecification
from mlflow.projects.reproduction.failures import NotReproducible
from mlflow.projects.reproduction.record import read_record
from mlflow.projects.reproduction.reproduce import reproduce
from mlflow.projects.reproduction.rerun import CommandFailed
from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command, mlflow  # noqa: F401 - a fixture
from tests.projects.conftest import Git

pytestmark = pytest.mark.long

TRAIN = """\
import os, random, sys
import mlflow
from scale import SCALE
from untracked import SHIFT
random.seed(int(sys.argv[1]))
with mlflow.start_run() as run:
    mlflow.log_param("seed", sys.argv[1])
    for step in range(5):
        mlflow.log_metric("loss", random.random() * SCALE + SHIFT, step=step)
    mlflow.log_metric("fit_seconds", random.SystemRandom().random())
    with open("sub/data.txt") as file:
        mlflow.log_text(file.read() + run.info.run_id, "notes/seen.txt")
"""


@pytest.fixture(autouse=True)
def _store(store: MlflowClient) -> None:
    """Files are kept beside the checkout."""


@pytest.fixture
def checkout(tmp_path: Path, git: Git) -> Path:
    """A dirty repository without any remote, in a folder that `train` runs in."""
    root = tmp_path / "work"
    (root / "sub").mkdir(parents=True)
    (root / "train.py").write_text(TRAIN)
    (root / "scale.py").write_text("SCALE = 1.0\n")
    (root / "sub" / "data.txt").write_text("data\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    (root / "scale.py").write_text("SCALE = 2.5  # not committed\n")
    (root / "untracked.py").write_text("SHIFT = 0.25\n")
    return root


def train(folder: Path, *arguments: str, python: str = sys.executable, store: MlflowClient | None = None) -> str:
    """Run the script as a user does; the id of its run."""
    done = subprocess.run([python, "train.py", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    client = store or MlflowClient()
    return client.search_runs(["0"], max_results=1)[0].info.run_id


def quiet(text: str) -> None:
    """Nobody listens."""


def test_a_dirty_checkout_without_remote_reproduces_exactly_after_it_is_gone(
    store: MlflowClient, checkout: Path
) -> None:
    run_id = train(checkout, "7")
    shutil.rmtree(checkout)
    report = reproduce(run_id, environment="local", said=quiet)
    assert report.verdict == "EXACT", report.to_markdown()
    assert [metric.key for metric in report.metrics] == ["loss"]
    assert report.left_out == ["fit_seconds"]
    assert (report.artifacts, report.artifact_count) == ([], 1)
    for own, other in ((run_id, report.reproduction_id), (report.reproduction_id, run_id)):
        assert store.get_run(own).data.tags["mlflow.reproduction.verdict"] == "EXACT"
        kept = Path(store.download_artifacts(own, f"reproduction/{other}.json"))
        assert json.loads(kept.read_text())["verdict"] == "EXACT"
        assert "# EXACT" in Path(store.download_artifacts(own, f"reproduction/{other}.md")).read_text()
    again = store.get_run(report.reproduction_id)
    assert again.data.tags["mlflow.reproduction.of"] == run_id
    assert again.info.status == "FINISHED"
    assert reproduce(report.reproduction_id, environment="local", said=quiet).verdict == "EXACT"


@pytest.mark.faults
def test_commits_come_from_the_remote_where_they_were_pushed(
    store: MlflowClient, checkout: Path, tmp_path: Path, git: Git
) -> None:
    remote = tmp_path / "remote.git"
    git(tmp_path, "init", "-q", "--bare", str(remote))
    git(checkout, "remote", "add", "origin", f"file://{remote}")
    git(checkout, "push", "-q", "origin", "HEAD:main")
    git(checkout, "fetch", "-q", "origin")
    run_id = train(checkout, "7")
    shutil.rmtree(checkout)
    assert reproduce(run_id, environment="local", said=quiet).verdict == "EXACT"


def with_noise(checkout: Path, noise: str) -> None:
    text = TRAIN.replace("random.random() * SCALE + SHIFT", f"random.random() * SCALE + SHIFT + ({noise})")
    (checkout / "train.py").write_text(text)


@pytest.mark.faults
def test_curves_that_part_are_told_with_their_first_step(store: MlflowClient, checkout: Path) -> None:
    with_noise(checkout, "random.SystemRandom().random() if step >= 3 else 0")
    report = reproduce(train(checkout, "7"), environment="local", said=quiet)
    assert report.verdict == "DIFFERENT"
    assert report.parting is not None
    assert (report.parting.key, report.parting.parts_at) == ("loss", 3)
    assert "curves part first at step 3, in 'loss'" in report.to_markdown()


@pytest.mark.faults
def test_a_little_noise_is_within_tolerance(store: MlflowClient, checkout: Path) -> None:
    with_noise(checkout, "random.SystemRandom().random() * 1e-11")
    report = reproduce(train(checkout, "7"), environment="local", said=quiet)
    assert report.verdict == "WITHIN TOLERANCE"
    assert report.metrics[0].largest is not None
    assert 0 < report.metrics[0].largest < 1e-10


@pytest.mark.faults
def test_a_file_that_differs_is_named(store: MlflowClient, checkout: Path) -> None:
    text = TRAIN.replace("file.read()", "str(random.SystemRandom().random())")
    (checkout / "train.py").write_text(text)
    report = reproduce(train(checkout, "7"), environment="local", said=quiet)
    assert report.verdict == "WITHIN TOLERANCE"
    assert [(found.path, found.what) for found in report.artifacts] == [("notes/seen.txt", "changed")]


@pytest.mark.faults
def test_a_command_that_fails_again_leaves_a_failed_run(store: MlflowClient, checkout: Path, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    flag.touch()
    (checkout / "train.py").write_text(f"{TRAIN}\nassert os.path.exists({str(flag)!r}), 'no flag'\n")
    run_id = train(checkout, "7")
    flag.unlink()
    with pytest.raises(CommandFailed, match="no flag"):
        reproduce(run_id, environment="local", said=quiet)
    statuses = {run.info.run_id: run.info.status for run in store.search_runs(["0"])}
    assert statuses.pop(run_id) == "FINISHED"
    assert list(statuses.values()) == ["FAILED"]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["7", "--api-key", "abc"], "named like a password"), (["7"], None)],
    ids=["a password", "nothing"],
)
def test_what_was_not_recorded_is_told_before_anything_runs(
    arguments: list[str], words: str | None, store: MlflowClient, checkout: Path
) -> None:
    (checkout / ".env").write_text("TOKEN=x\n")
    run_id = train(checkout, *arguments)
    told: list[str] = []
    if words:
        with pytest.raises(NotReproducible, match=words):
            reproduce(run_id, environment="local", said=told.append)
        assert len(store.search_runs(["0"])) == 1
    else:
        reproduce(run_id, environment="local", said=told.append)
    assert any("'.env' was not recorded: may hold a secret" in line for line in told)
    assert any("PYTHONHASHSEED was not set" in line for line in told)


def test_a_run_that_recorded_nothing_cannot_be_repeated(store: MlflowClient) -> None:
    run_id = store.create_run("0").info.run_id
    store.log_metric(run_id, "m", 1.0)
    with pytest.raises(NotReproducible, match="How it was started was not recorded"):
        reproduce(run_id, said=quiet)
    inside = store.create_run("0", tags={"mlflow.parentRunId": run_id}).info.run_id
    store.log_metric(inside, "m", 1.0)
    with pytest.raises(NotReproducible, match=f"It ran inside of run '{run_id}': repeat that one"):
        reproduce(inside, said=quiet)


@pytest.mark.faults
def test_a_projects_command_is_repeated(store: MlflowClient, checkout: Path) -> None:
    import mlflow as api

    (checkout / "MLproject").write_text(
        "entry_points:\n  main:\n    parameters: {seed: int}\n"
        '    command: "echo {seed} > sub/data.txt && python train.py {seed}"\n'
    )
    run_id = api.projects.run(str(checkout), parameters={"seed": 3}, env_manager="local").run_id
    shutil.rmtree(checkout)
    report = reproduce(run_id, environment="local", said=quiet)
    assert report.verdict == "EXACT", report.to_markdown()


@pytest.mark.faults
@pytest.mark.skipif(find_uv() is None, reason="uv is not installed: pip install uv")
def test_the_environment_is_rebuilt_from_its_lock(
    store: MlflowClient, checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MLFLOW_ENV_ROOT", str(tmp_path / "envs"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    text = TRAIN.replace("import mlflow\n", "import mlflow, six\n", 1)
    text = text.replace('"seed", sys', '"six", six.__version__ + sys')
    (checkout / "train.py").write_text(text)
    made = python_environment(PythonSpecification(None, ("six==1.16.0",)), "uv")
    run_id = train(checkout, "7", python=f"{made.folder}/bin/python")
    shutil.rmtree(checkout)
    shutil.rmtree(tmp_path / "envs")
    report = reproduce(run_id, said=quiet)
    assert report.verdict == "EXACT", report.to_markdown()
    lock, recorded = (packages(store, own) for own in (report.reproduction_id, run_id))
    assert lock == recorded
    assert "six==1.16.0" in lock
    assert store.get_run(report.reproduction_id).data.params == {"six": "1.16.07"}


def packages(store: MlflowClient, run_id: str) -> list[str]:
    """The recorded ones but mlflow itself, which is the running distribution, wherever its wheel lies."""
    return [line for line in read_record(store, run_id).lock if not line.startswith("mlflow @")]


@pytest.mark.faults
def test_why_ranks_what_differs(mlflow: Command, checkout: Path) -> None:  # noqa: F811
    first = train(checkout, "7")
    (checkout / "untracked.py").write_text("SHIFT = 0.5\n")
    second = train(checkout, "8")
    found: list[dict[str, Any]] = json.loads(mlflow("why", first, second, "--json").stdout)
    assert [(r["kind"], r["name"]) for r in found] == [
        ("params", "seed"), ("params", "arguments"), ("code", "untracked file untracked.py"),
    ]  # fmt: skip
    assert (found[0]["first"], found[0]["second"]) == ("7", "8")
    assert "untracked.py" in mlflow("why", first, second).stdout
    (checkout / "train.py").write_text(TRAIN.replace("range(5)", "range(6)"))
    third = train(checkout, "8")
    shown = mlflow("why", second, third, "--diff").stdout
    assert "+    for step in range(6):" in shown
    assert "Nothing that was recorded differs" in mlflow("why", first, first).stdout


@pytest.mark.faults
def test_the_command_shows_the_verdict(mlflow: Command, checkout: Path) -> None:  # noqa: F811
    run_id = train(checkout, "7")
    assert "Not recorded: PYTHONHASHSEED" in mlflow("reproduce", run_id, "--dry-run").stdout
    done = mlflow("reproduce", run_id, "--environment", "local", "--folder", "kept")
    assert done.stdout.startswith("# EXACT")
    assert Path("kept/untracked.py").read_text() == "SHIFT = 0.25\n"
    assert "not empty" in mlflow("reproduce", run_id, "--environment", "local", "--folder", "kept", code=1).output
    with_noise(checkout, "random.SystemRandom().random()")
    other = train(checkout, "7")
    shown = json.loads(mlflow("reproduce", other, "--environment", "local", "--json", code=3).stdout)
    assert (shown["verdict"], shown["first_parting"]) == ("DIFFERENT", {"metric": "loss", "step": 0})
