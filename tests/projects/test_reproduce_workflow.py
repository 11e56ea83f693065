"""Reproduction of workflows and of their steps; the steps are small programs of the shell, so that this is quick."""

import json
import shutil
from pathlib import Path

import pytest

import mlflow as api
from mlflow.projects.reproduction.failures import NotReproducible
from mlflow.projects.reproduction.reproduce import examine, reproduce
from mlflow.projects.reproduction.rerun import CommandFailed
from mlflow.projects.reproduction.workflow_report import WorkflowReport
from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command, mlflow  # noqa: F401 - a fixture
from tests.projects.conftest import Git
from tests.projects.test_workflow import children, states

FILE = """\
name: flow
entry_points:
  load:
    parameters: {rows: {type: int, default: 3}}
    command: "seq {rows} > data.txt && echo loaded"
  count:
    parameters: {of: {type: path, default: data.txt}}
    command: "wc -l < {of} > count.txt && cat bias.txt >> count.txt"
  total:
    command: "mkdir -p sums && awk '{{s += $1}} END {{print s}}' data.txt > sums/total.txt"
steps:
  load: {outputs: [data.txt]}
  count: {depends_on: [load], outputs: [count.txt]}
  total: {depends_on: [load], outputs: [sums]}
"""


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    """A workflow in a folder below another one, in no repository."""
    folder = tmp_path / "work" / "flow"
    folder.mkdir(parents=True)
    (folder / "MLproject").write_text(FILE)
    (folder / "bias.txt").write_text("7\n")
    return folder


@pytest.fixture
def tracked(flow: Path, git: Git) -> Path:
    """It is in a dirty repository without any remote, which ignores what the steps make."""
    root = flow.parent
    (root / ".gitignore").write_text("data.txt\ncount.txt\nsums\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    (flow / "bias.txt").write_text("8\n")
    return flow


def run(folder: Path, **parameters: object) -> str:
    return api.projects.run(str(folder), env_manager="local", parameters=parameters).run_id


def repeat(run_id: str, told: list[str] | None = None) -> WorkflowReport:
    report = reproduce(run_id, environment="local", said=([] if told is None else told).append)
    assert isinstance(report, WorkflowReport)
    return report


def test_every_step_of_a_workflow_is_repeated_after_its_folder_is_gone(store: MlflowClient, tracked: Path) -> None:
    run(tracked, rows=4)
    again = run(tracked, rows=4)  # every step was answered from the run before
    assert set(states(store, again).values()) == {"CACHED"}
    shutil.rmtree(tracked.parent)
    report = repeat(again)
    assert report.verdict == "EXACT", report.to_markdown()
    assert list(report.steps) == ["load", "count", "total"]
    assert states(store, report.reproduction_id) == dict.fromkeys(report.steps, "FINISHED")
    inside = children(store, report.reproduction_id)
    assert inside.keys() == report.steps.keys()
    counted = Path(store.download_artifacts(inside["count"].info.run_id, "outputs/count.txt")).read_text()
    assert counted.split() == ["4", "8"]
    for one in (again, report.reproduction_id, report.steps["count"].run_id, report.steps["count"].reproduction_id):
        assert store.get_run(one).data.tags["mlflow.reproduction.verdict"] == "EXACT"
    kept = json.loads(Path(store.download_artifacts(again, f"reproduction/{report.reproduction_id}.json")).read_text())
    assert [(step["step"], step["verdict"]) for step in kept["steps"]] == [(name, "EXACT") for name in report.steps]
    assert repeat(report.reproduction_id).verdict == "EXACT"


def test_the_verdict_of_a_workflow_is_the_worst_of_its_steps(
    store: MlflowClient,
    flow: Path,
    mlflow: Command,  # noqa: F811
) -> None:
    (flow / "MLproject").write_text(FILE.replace("cat bias.txt >> count.txt", "cat /proc/sys/kernel/random/uuid > u.txt"
                                                 ).replace("[count.txt]", "[count.txt, u.txt]"))  # fmt: skip
    (flow / "MLproject").write_text((flow / "MLproject").read_text().replace("> u.txt", "| cut -c1-5 > u.txt"))
    run_id = run(flow)
    shutil.rmtree(flow)
    done = mlflow("reproduce", run_id, "--environment", "local", code=3)
    lines = done.stdout.splitlines()
    assert lines[0] == "# DIFFERENT"
    assert [line.split("|")[1:3] for line in lines if line.startswith("| ") and "verdict" not in line] == [
        [" load  ", " EXACT     "], [" count ", " DIFFERENT "], [" total ", " EXACT     "],
    ]  # fmt: skip
    assert "- `outputs/u.txt`: changed" in lines
    assert max(map(len, lines)) <= 80


def test_a_step_is_repeated_with_what_the_steps_before_it_made(store: MlflowClient, tracked: Path) -> None:
    inside = children(store, run(tracked, rows=5))
    shutil.rmtree(tracked.parent)
    report = reproduce(inside["total"].info.run_id, environment="local", said=[].append)
    assert report.verdict == "EXACT", report.to_markdown()
    again = store.download_artifacts(report.reproduction_id, "outputs/sums/total.txt")
    assert Path(again).read_text() == "15\n"


def test_a_step_whose_inputs_are_gone_is_not_begun(store: MlflowClient, flow: Path) -> None:
    inside = children(store, run(flow))
    shutil.rmtree(flow)
    shutil.rmtree(Path(inside["load"].info.artifact_uri.removeprefix("file://"), "outputs"))
    with pytest.raises(NotReproducible, match="What step 'load' made for it is not to be had"):
        reproduce(inside["count"].info.run_id, environment="local", said=[].append)


def test_a_step_that_fails_again_ends_the_repetition(store: MlflowClient, flow: Path, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    flag.touch()
    (flow / "MLproject").write_text(FILE.replace("cat bias.txt", f"cat {flag}"))
    run_id = run(flow)
    flag.unlink()
    with pytest.raises(CommandFailed, match="No such file"):
        repeat(run_id)
    (again,) = (r for r in store.search_runs(["0"]) if r.data.tags.get("mlflow.reproduction.of") == run_id)
    assert again.info.status == "FAILED"
    assert states(store, again.info.run_id)["count"] == "FAILED"
    assert children(store, again.info.run_id)["count"].info.status == "FAILED"


def test_steps_that_did_not_succeed_are_told_and_left_out(store: MlflowClient, flow: Path) -> None:
    (flow / "MLproject").write_text(FILE.replace("cat bias.txt >> count.txt", "exit 7"))
    with pytest.raises(api.exceptions.MlflowException):
        run(flow)
    (run_id,) = (r.info.run_id for r in store.search_runs(["0"]) if "mlflow.parentRunId" not in r.data.tags)
    assert "Step 'count' is left out: it was FAILED." in [gap.what for gap in examine(run_id)]
    assert "count" not in repeat(run_id).steps
