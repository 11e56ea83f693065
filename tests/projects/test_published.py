"""Beside the published package: the same project gives the same command, params and tags, and the same failures."""

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

import mlflow as api
from mlflow.exceptions import MlflowException
from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command, mlflow  # noqa: F401 - a fixture
from tests.fixtures.foreign import Program
from tests.projects.conftest import Git

pytestmark = [pytest.mark.oracle, pytest.mark.long]

FILE = """\
name: shown
python_env: python_env.yaml
entry_points:
  main:
    parameters:
      a: {type: float, default: 0.1}
      s: {type: string, default: plain}
      r: int
      flag: {default: true}
    command: "python ../show.py --a {a} --s {s} --r {r} {flag} {{braces}}"
  kinds:
    parameters:
      f: float
      whole: {type: float, default: 3}
      half: {default: 0.5}
      empty: {type: string, default: ""}
      place: {type: path, default: show.py}
      address: {type: uri, default: "s3://bucket/key"}
    command: "python ../show.py {f} {whole} {half} {empty} {place} {address}"
  path:
    parameters: {f: path, u: uri}
    command: "python ../show.py {f} {u}"
  fetched:
    parameters: {f: path}
    command: "python ../show.py $(basename {f}) && cat {f} >> ../shown.jsonl"
  shell:
    command: "X=1; python ../show.py $X && python ../show.py 'a b' | cat"
  fail:
    command: "exit 3"
"""
SHOW = """\
import json, os, sys
with open(os.environ["SHOWN"], "a") as file:
    file.write(json.dumps([sys.argv[1:], sorted(n for n in os.environ if n.startswith("MLFLOW_"))]) + "\\n")
"""
Call = tuple[str, str, dict[str, Any], dict[str, Any]]
CALLS: list[Call] = [
    ("folder", "main", {"r": 3}, {}),
    ("folder", "main", {"r": 3, "s": "two words", "extra": "$(id)", "other-one": "it's"}, {"run_name": "named"}),
    ("folder", "kinds", {"f": "1e-3", "place": "work/project/show.py"}, {}),
    ("folder", "kinds", {"f": -2, "place": "work/project", "address": "file:///data", "half": "x y"}, {}),
    ("folder", "path", {"f": "work/project/show.py", "u": "s3://bucket/key"}, {}),
    ("folder", "fetched", {"f": "{storage}/remote.txt"}, {"storage_dir": "{storage}"}),
    ("folder", "shell", {}, {}),
    ("folder", "show.py", {"z": "1"}, {}),
    ("folder", "inner/nested.py", {"z": "1 2"}, {}),
    ("folder", "plain.sh", {"z": "1 2"}, {}),
    ("folder", "fail", {}, {}),
    ("folder", "nope", {}, {}),
    ("folder", "main", {}, {}),
    ("folder", "path", {"f": "missing", "u": "s3://bucket/key"}, {}),
    ("folder", "path", {"f": "work/project/show.py", "u": "plain"}, {}),
]
REFUSED = 4
"""Calls that end before there is a run."""
GIT_CALLS: list[Call] = [
    ("git", "main", {"r": 1}, {}),
    ("git", "main", {"r": 1}, {"version": "other"}),
    ("git", "show.py", {}, {"version": "{commit}"}),
    ("git", "main", {"r": 1}, {"version": "gone"}),
]
PROGRAM = """\
import json, sys, mlflow
found = []
for uri, entry_point, parameters, options in json.loads({calls!r}):
    try:
        own = {{"env_manager": "local", "experiment_name": "e", **options}}
        mlflow.projects.run(uri, entry_point, parameters=parameters, **own)
        found.append("FINISHED")
    except Exception as exc:
        found.append(type(exc).__name__)
client = mlflow.MlflowClient()
runs = client.search_runs([client.get_experiment_by_name("e").experiment_id], order_by=["attributes.start_time ASC"])
print(json.dumps([found, [[r.info.status, r.data.params, r.data.tags] for r in runs if r.info.status != "RUNNING"]]))
"""


@pytest.fixture
def calls(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[Call]:
    """The calls with their places: a folder, and a repository with another branch."""
    root = tmp_path / "work"
    (root / "project" / "inner").mkdir(parents=True)
    (root / "project" / "MLproject").write_text(FILE)
    (root / "project" / "python_env.yaml").write_text("dependencies: [six]\n")
    for name in ("show.py", "project/show.py", "project/inner/nested.py"):
        (root / name).write_text(SHOW)
    (root / "project" / "plain.sh").write_text('python "$(dirname "$0")/show.py" "$@"\n')
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    git(root, "checkout", "-q", "-b", "other")
    git(root, "commit", "-qm", "two", "--allow-empty")
    commit = git(root, "rev-parse", "HEAD")
    git(root, "checkout", "-q", "main")
    (tmp_path / "remote.txt").write_text('"fetched"\n')
    monkeypatch.setenv("SHOWN", str(tmp_path / "work" / "shown.jsonl"))
    names = {"{storage}/remote.txt": f"file://{tmp_path}/remote.txt", "{storage}": str(tmp_path), "{commit}": commit}
    places = {"folder": str(root / "project"), "git": f"file://{root}#project"}

    def filled(values: dict[str, Any]) -> dict[str, Any]:
        return {key: names.get(value, value) for key, value in values.items()}

    return [
        (places[place], entry, filled(parameters), filled(options))
        for place, entry, parameters, options in request.param
    ]


def shown(tmp_path: Path) -> list[str]:
    """What the commands said of themselves, in order."""
    path = tmp_path / "work" / "shown.jsonl"
    lines = path.read_text().splitlines()
    path.unlink()
    return lines


@pytest.mark.timeout(360)
@pytest.mark.parametrize("calls", [CALLS], indirect=True, ids=["of a folder"])
def test_commands_params_tags_and_failures_are_the_published_ones(
    run_published: Program, store: MlflowClient, tmp_path: Path, calls: list[Call]
) -> None:
    uri = f"sqlite:///{tmp_path / 'published.db'}"
    printed = run_published(PROGRAM.format(calls=json.dumps(calls)), {"MLFLOW_TRACKING_URI": uri}, 300)
    outcomes, published = json.loads(printed.splitlines()[-1])
    theirs = shown(tmp_path)

    own_outcomes, runs = ours(calls)
    assert [name == "FINISHED" for name in own_outcomes] == [name == "FINISHED" for name in outcomes]
    assert shown(tmp_path) == theirs
    found = [run for run in runs if run[0] != "RUNNING"]
    assert len(found) == len(published) == len(CALLS) - REFUSED
    for (status, params, tags), (own_status, own_params, own_tags) in zip(published, found, strict=True):
        assert own_status == status
        # the published package logs values with the quotes of the shell around them
        assert own_params == {name: unquoted(value) for name, value in params.items()}
        other = set() if tags["mlflow.runName"] == "named" else {"mlflow.runName"}
        assert {name: value for name, value in tags.items() if name not in other}.items() <= own_tags.items()


@pytest.mark.timeout(360)
@pytest.mark.parametrize("calls", [GIT_CALLS], indirect=True, ids=["of a repository"])
def test_versions_of_a_repository_give_the_published_commands_and_tags(
    run_published: Program, store: MlflowClient, tmp_path: Path, calls: list[Call], git: Git
) -> None:
    uri = f"sqlite:///{tmp_path / 'published.db'}"
    printed = run_published(PROGRAM.format(calls=json.dumps(calls)), {"MLFLOW_TRACKING_URI": uri}, 300)
    outcomes, published = json.loads(printed.splitlines()[-1])
    theirs = shown(tmp_path)
    git(tmp_path / "work", "checkout", "-q", "main")  # the published package leaves a version there
    own_outcomes, found = ours(calls)
    assert shown(tmp_path) == theirs
    assert [name == "FINISHED" for name in own_outcomes] == [name == "FINISHED" for name in outcomes]
    assert [name == "FINISHED" for name in outcomes] == [True, True, True, False]
    for (status, _, tags), (own_status, _, own_tags) in zip(published, found, strict=True):
        assert own_status == status
        # the published package puts the working directory before the address of a repository on this machine
        tags.pop("mlflow.source.name"), tags.pop("mlflow.runName")
        assert tags.items() <= own_tags.items()
        assert own_tags["mlflow.source.name"] == calls[0][0]


def unquoted(value: str) -> str:
    return "".join(shlex.split(value)) if value.startswith("'") else value


def ours(calls: list[Call]) -> tuple[list[str], list[Any]]:
    outcomes = []
    for uri, entry_point, parameters, options in calls:
        try:
            api.projects.run(
                uri, entry_point, parameters=parameters, env_manager="local", experiment_name="e", **options
            )
            outcomes.append("FINISHED")
        except MlflowException as exc:
            outcomes.append(type(exc).__name__)
    client = MlflowClient()
    experiment = client.get_experiment_by_name("e")
    assert experiment is not None
    runs = client.search_runs([experiment.experiment_id], order_by=["attributes.start_time ASC"])
    return outcomes, [(run.info.status, run.data.params, run.data.tags) for run in runs]


@pytest.mark.parametrize("calls", [CALLS], indirect=True, ids=["of a folder"])
def test_the_command_line_gives_the_published_command_tags_and_exit_code(
    oracle_python: str,
    store: MlflowClient,
    tmp_path: Path,
    calls: list[Call],
    mlflow: Command,  # noqa: F811
) -> None:
    options = ["run", calls[0][0], "-P", "r=3", "-P", "s=a b", "--env-manager", "local", "--run-name", "named"]
    uri = f"sqlite:///{tmp_path / 'published.db'}"
    program = Path(oracle_python).parent / "mlflow"

    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["MLFLOW_TRACKING_URI"] = uri
    done = subprocess.run([program, *options], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    theirs = shown(tmp_path)
    mlflow(*options)
    assert shown(tmp_path) == theirs
    (found,) = store.search_runs(["0"])
    assert found.info.run_name == "named"
