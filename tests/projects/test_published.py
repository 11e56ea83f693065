"""Beside the published package: the same project gives the same command, params and tags, and the same failures."""

import json
from pathlib import Path
from typing import Any

import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking.client import MlflowClient
from tests.fixtures.foreign import Program

pytestmark = pytest.mark.oracle

FILE = """\
name: shown
entry_points:
  main:
    parameters:
      a: {type: float, default: 0.1}
      s: {type: string, default: plain}
      r: int
      flag: {default: true}
    command: "python show.py --a {a} --s {s} --r {r} {flag} {{braces}}"
  path:
    parameters: {f: path, u: uri}
    command: "python show.py {f} {u}"
  shell:
    command: "X=1; python show.py $X && python show.py 'a b' | cat"
  fail:
    command: "exit 3"
"""
SHOW = """\
import json, os, sys
with open("shown.jsonl", "a") as file:
    file.write(json.dumps([sys.argv[1:], sorted(n for n in os.environ if n.startswith("MLFLOW_"))]) + "\\n")
"""
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("main", {"r": 3}),
    ("main", {"r": 3, "s": "two words", "extra": "$(id)"}),
    ("path", {"f": "project/show.py", "u": "s3://bucket/key"}),
    ("shell", {}),
    ("show.py", {"z": "1"}),
    ("fail", {}),
    ("nope", {}),
    ("main", {}),
    ("path", {"f": "missing", "u": "s3://bucket/key"}),
    ("path", {"f": "project/show.py", "u": "plain"}),
]
PROGRAM = """\
import json, sys, mlflow
calls = json.loads({calls!r})
found = []
for entry_point, parameters in calls:
    try:
        mlflow.projects.run({uri!r}, entry_point, parameters=parameters, env_manager="local", experiment_name="e")
        found.append("FINISHED")
    except Exception as exc:
        found.append(type(exc).__name__)
client = mlflow.MlflowClient()
runs = client.search_runs([client.get_experiment_by_name("e").experiment_id], order_by=["attributes.start_time ASC"])
print(json.dumps([found, [[r.info.status, r.data.params, r.data.tags] for r in runs if r.info.status != "RUNNING"]]))
"""
OWN = {"mlflow.runName", "mlflow.source.git.commit", "mlflow.source.git.branch", "mlflow.source.git.repoURL"}


def test_commands_params_tags_and_failures_are_the_published_ones(
    run_published: Program, store: MlflowClient, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "MLproject").write_text(FILE)
    (folder / "show.py").write_text(SHOW)
    program = PROGRAM.format(calls=json.dumps(CALLS), uri=str(folder))
    uri = f"sqlite:///{tmp_path / 'published.db'}"
    printed = run_published(program, {"MLFLOW_TRACKING_URI": uri}, 110)
    outcomes, published = json.loads(printed.splitlines()[-1])
    theirs = (folder / "shown.jsonl").read_text().splitlines()
    (folder / "shown.jsonl").unlink()

    own_outcomes, runs = ours(folder)
    assert [name == "FINISHED" for name in own_outcomes] == [name == "FINISHED" for name in outcomes]
    assert (folder / "shown.jsonl").read_text().splitlines() == theirs
    found = [run for run in runs if run[0] != "RUNNING"]
    assert len(found) == len(published) == 6
    for (status, params, tags), (own_status, own_params, own_tags) in zip(published, found, strict=True):
        assert own_status == status
        # the published package logs values with the quotes of the shell around them
        assert own_params == {name: value.strip("'") for name, value in params.items()}
        assert {name: value for name, value in tags.items() if name not in OWN}.items() <= own_tags.items()


def ours(folder: Path) -> tuple[list[str], list[Any]]:
    outcomes = []
    for entry_point, parameters in CALLS:
        try:
            mlflow.projects.run(
                str(folder), entry_point, parameters=parameters, env_manager="local", experiment_name="e"
            )
            outcomes.append("FINISHED")
        except MlflowException as exc:
            outcomes.append(type(exc).__name__)
    client = MlflowClient()
    experiment = client.get_experiment_by_name("e")
    assert experiment is not None
    runs = client.search_runs([experiment.experiment_id], order_by=["attributes.start_time ASC"])
    return outcomes, [(run.info.status, run.data.params, run.data.tags) for run in runs]
