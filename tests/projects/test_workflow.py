"""Workflows: order, parallel steps, answers from earlier runs, and what the parent run shows."""

import json
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

import mlflow
from mlflow.entities import Run
from mlflow.exceptions import ExecutionException
from mlflow.tracking.client import MlflowClient
from tests.fixtures.processes import StartChild
from tests.projects.test_local import is_gone, wait_for

pytestmark = pytest.mark.long

FILE = """\
name: flow
entry_points:
  load:
    parameters: {rows: {type: int, default: 3}}
    command: "seq {rows} > data.txt && echo loaded >> ../ran.log"
  count:
    parameters: {of: {type: path, default: data.txt}}
    command: "wc -l < {of} > count.txt && echo counted >> ../ran.log"
  total:
    command: "mkdir -p sums && awk '{{s += $1}} END {{print s}}' data.txt > sums/total.txt && echo summed >> ../ran.log"
  report:
    command: "cat count.txt sums/total.txt > report.txt && echo reported >> ../ran.log"
steps:
  report:
    depends_on: [count, total]
    outputs: [report.txt]
  load: {outputs: [data.txt], code: [load.sh]}
  count: {depends_on: [load], outputs: [count.txt], code: [count.sh]}
  total: {depends_on: [load], outputs: [sums], code: [total.sh]}
"""


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    folder = tmp_path / "flow"
    folder.mkdir()
    (folder / "MLproject").write_text(FILE)
    (folder / "count.sh").write_text("one\n")
    return folder


def run(folder: Path, **parameters: object) -> str:
    return mlflow.projects.run(str(folder), env_manager="local", parameters=parameters).run_id


def ran(folder: Path) -> list[str]:
    """What ran since this was asked last, as steps wrote it down beside the project."""
    log = folder.parent / "ran.log"
    found = sorted(log.read_text().split()) if log.exists() else []
    log.unlink(missing_ok=True)
    return found


def states(store: MlflowClient, run_id: str) -> dict[str, str]:
    shown = json.loads(Path(store.download_artifacts(run_id, "workflow.json")).read_text())
    return {step["name"]: step["status"] for step in shown["steps"]}


def children(store: MlflowClient, run_id: str) -> dict[str, Run]:
    found = store.search_runs(["0"], f"tags.`mlflow.parentRunId` = '{run_id}'")
    return {child.data.tags["mlflow.project.step"]: child for child in found}


def test_steps_run_in_order_as_runs_inside_of_the_workflows(store: MlflowClient, flow: Path) -> None:
    run_id = run(flow, rows=4)
    assert (flow / "report.txt").read_text().split() == ["4", "10"]
    parent, inside = store.get_run(run_id), children(store, run_id)
    assert parent.info.status == "FINISHED"
    assert inside.keys() == {"load", "count", "total", "report"}
    assert {child.info.status for child in inside.values()} == {"FINISHED"}
    assert inside["load"].data.params == {"rows": "4"}
    note = parent.data.tags["mlflow.note.content"]
    assert "load --> count" in note
    assert f"| report | count, total | FINISHED | {inside['report'].info.run_id} |" in note
    assert {info.path for info in store.list_artifacts(inside["total"].info.run_id)} == {"outputs", "step.log"}


def test_what_is_unchanged_is_answered_from_its_earlier_run(store: MlflowClient, flow: Path) -> None:
    run(flow)
    assert ran(flow) == ["counted", "loaded", "reported", "summed"]
    (flow / "data.txt").unlink()
    (flow / "sums" / "total.txt").write_text("changed by hand\n")
    again = run(flow)
    assert ran(flow) == []
    assert set(states(store, again).values()) == {"CACHED"}
    assert children(store, again) == {}
    assert (flow / "data.txt").read_text() == "1\n2\n3\n"
    assert (flow / "sums" / "total.txt").read_text() == "6\n"


def test_what_changed_runs_anew_with_what_follows_from_it(store: MlflowClient, flow: Path) -> None:
    run(flow)
    ran(flow)
    (flow / "count.sh").write_text("two\n")
    assert set(states(store, run(flow)).items()) == {
        ("load", "CACHED"), ("count", "FINISHED"), ("total", "CACHED"), ("report", "FINISHED"),
    }  # fmt: skip
    assert ran(flow) == ["counted", "reported"]
    run(flow, **{"load.rows": 5})
    assert ran(flow) == ["counted", "loaded", "reported", "summed"]
    assert set(states(store, run(flow, rows=3)).values()) == {"CACHED"}


def test_a_failure_ends_the_workflow_and_skips_the_rest(store: MlflowClient, flow: Path) -> None:
    (flow / "MLproject").write_text(FILE.replace("wc -l < {of} > count.txt", "echo why >&2; exit 7"))
    with pytest.raises(ExecutionException, match="failed"):
        run(flow)
    (parent,) = (r for r in store.search_runs(["0"]) if "mlflow.parentRunId" not in r.data.tags)
    assert parent.info.status == "FAILED"
    found = states(store, parent.info.run_id)
    assert (found["load"], found["count"], found["report"]) == ("FINISHED", "FAILED", "SKIPPED")
    failed = children(store, parent.info.run_id)["count"]
    assert failed.info.status == "FAILED"
    assert Path(store.download_artifacts(failed.info.run_id, "step.log")).read_text() == "why\n"


def test_a_step_that_makes_nothing_is_told(store: MlflowClient, flow: Path, caplog: pytest.LogCaptureFixture) -> None:
    (flow / "MLproject").write_text(FILE.replace("seq {rows} > data.txt", "true {rows}"))
    with pytest.raises(ExecutionException):
        run(flow)
    assert "should make 'data.txt', but it did not" in caplog.text


def test_a_parameter_that_no_step_has_is_told(store: MlflowClient, flow: Path) -> None:
    with pytest.raises(ExecutionException, match="No step has a parameter 'depth'; there are of, rows"):
        run(flow, depth=1)
    with pytest.raises(ExecutionException, match="'x' for parameter 'rows' of type int"):
        run(flow, rows="x")
    assert list(store.search_runs(["0"])) == []


def test_independent_steps_run_side_by_side(store: MlflowClient, tmp_path: Path) -> None:
    """Each waits for the other's file, so neither could end alone."""
    folder = tmp_path / "pair"
    folder.mkdir()
    (folder / "MLproject").write_text(
        "entry_points:\n"
        "  a: {command: 'touch a; while [ ! -e b ]; do sleep 0.01; done'}\n"
        "  b: {command: 'touch b; while [ ! -e a ]; do sleep 0.01; done'}\n"
        "steps: {a: , b: }\n"
    )
    run_id = mlflow.projects.run(str(folder), env_manager="local", backend_config={"max_parallel": 2}).run_id
    assert states(store, run_id) == {"a": "FINISHED", "b": "FINISHED"}


SLOW = """\
entry_points: {slow: {command: "sh -c 'sleep 300 & echo $! > child.pid; echo $$ > own.pid; wait'"}}
steps: {slow: , after: {entry_point: slow, depends_on: [slow]}}
"""


def test_nothing_survives_an_interrupt_of_a_workflow(
    store: MlflowClient, tmp_path: Path, start_child: StartChild
) -> None:
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "MLproject").write_text(SLOW)
    child = start_child([sys.executable, "-m", "mlflow.cli", "run", "slow", "--env-manager", "local"])
    pids = [wait_for(tmp_path / "slow" / name) for name in ("child.pid", "own.pid")]
    os.kill(child.pid, signal.SIGINT)
    assert child.wait() != 0
    assert all(map(is_gone, pids))
    assert {r.info.status for r in store.search_runs(["0"])} == {"KILLED"}


def test_a_workflow_can_be_submitted_and_cancelled(store: MlflowClient, tmp_path: Path, flow: Path) -> None:
    good = mlflow.projects.run(str(flow), env_manager="local", synchronous=False)
    assert good.wait() is True
    assert store.get_run(good.run_id).info.status == "FINISHED"
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "MLproject").write_text(SLOW)
    slow = mlflow.projects.run(str(tmp_path / "slow"), env_manager="local", synchronous=False)
    pids = [wait_for(tmp_path / "slow" / name) for name in ("child.pid", "own.pid")]
    slow.cancel()
    assert all(map(is_gone, pids))
    assert store.get_run(slow.run_id).info.status == "KILLED"
    assert psutil.Process().status() != psutil.STATUS_ZOMBIE
