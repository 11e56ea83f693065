"""Killed trainers, killed servers, full disks, many ranks: nothing that was logged is lost or doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import mlflow
from mlflow import MlflowClient
from mlflow.contract.caller import EVERYONE
from mlflow.tracking.sync import journals, rejected, sync
from tests.fixtures.processes import StartChild
from tests.fixtures.servers import TrackingServer

pytestmark = [pytest.mark.faults, pytest.mark.long]

# Prints a number once the call with that number has returned.
TRAINER = """
import sys, mlflow
with mlflow.start_run() as run:
    print(run.info.run_id, flush=True)
    out = sys.stdout
    for step in range(1_000_000):
        mlflow.log_metrics({"a": step, "b": -step}, step=step)
        if step % 100 == 0:
            mlflow.log_param(f"p{step}", step)
            mlflow.set_tag("last", step)
        out.write(f"{step}\\n"); out.flush()
"""


def told(log: str) -> tuple[str, int]:
    """The run's id, and the last call that returned; a line cut off by the kill does not count."""
    run_id, *steps = log[: log.rfind("\n")].splitlines()
    return run_id, int(steps[-1]) if steps else -1


def settle_orphans() -> None:
    """Sync until nothing waits: a shipper that outlives its trainer may be at it."""
    deadline = time.monotonic() + 30
    while journals() and time.monotonic() < deadline:
        for report in sync():
            assert (report.error, report.rejected) == (None, 0)
        time.sleep(0.1)
    assert journals() == []


def check_series(run_id: str, least: int) -> None:
    """All points up to the last one that was told are there, and each once; one more may be, and only one."""
    client = MlflowClient()
    for key, sign in (("a", 1), ("b", -1)):
        points = client.get_metric_history(run_id, key)
        steps = [point.step for point in points]
        assert steps == list(range(len(steps)))
        assert least < len(steps) <= least + 2
        assert all(point.value == sign * point.step for point in points)


@pytest.mark.parametrize("kind", ["database", "server"])
def test_killed_trainer_loses_and_doubles_nothing(
    kind: str, request: pytest.FixtureRequest, start_child: StartChild
) -> None:
    request.getfixturevalue(kind)
    for delay in (0.05, 0.3, random.uniform(0.5, 2.5)):
        child = start_child([sys.executable, "-c", TRAINER])
        child.wait_until(lambda child=child: "\n" in child.output)
        time.sleep(delay)
        child.kill()
        run_id, last = told(child.output)
        settle_orphans()
        check_series(run_id, last)
        data = mlflow.get_run(run_id).data
        assert {f"p{step}" for step in range(0, max(last, 0), 100)} <= data.params.keys()
        assert mlflow.get_run(run_id).info.status == "RUNNING"
    assert list(rejected()) == []


def test_server_that_is_killed_under_logging_loses_and_doubles_nothing(own_server: TrackingServer) -> None:
    steps = 0
    with mlflow.start_run() as run:
        for _ in range(4):
            end = time.monotonic() + random.uniform(0.3, 0.8)
            while time.monotonic() < end:
                mlflow.log_metrics({"a": steps, "b": -steps}, step=steps)
                steps += 1
                time.sleep(0.0002)
            own_server.kill()
            for _ in range(300):
                mlflow.log_metrics({"a": steps, "b": -steps}, step=steps)
                steps += 1
            own_server.start()
    mlflow.flush_async_logging()
    points = MlflowClient().get_metric_history(run.info.run_id, "a")
    assert [point.step for point in points] == list(range(steps))
    assert mlflow.get_run(run.info.run_id).info.status == "FINISHED"


RANK = """
import os, mlflow
rank = int(os.environ["RANK"])
with mlflow.start_run() as run:
    for step in range(2000):
        mlflow.log_metric(f"rank{rank}", step * rank, step=step)
        mlflow.log_metric("shared", rank, step=step * 8 + rank)
    mlflow.log_param(f"p{rank}", rank)
    mlflow.log_text(str(rank), f"ranks/{rank}.txt")
print(run.info.run_id)
"""


def run_ranks(**environment: str) -> set[str]:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RANK],
            env={**os.environ, **environment, "RANK": str(rank)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(8)
    ]
    outputs = [process.communicate(timeout=100) for process in processes]
    assert [process.returncode for process in processes] == [0] * 8, outputs
    return {out.split()[-1] for out, _ in outputs}


@pytest.mark.parametrize("way", ["run id", "job id"])
def test_eight_ranks_log_into_one_run(server: str, way: str) -> None:
    if way == "run id":
        run_id = MlflowClient().create_run(mlflow.set_experiment("ranks").experiment_id).info.run_id
        assert run_ranks(MLFLOW_RUN_ID=run_id) == {run_id}
    else:
        [run_id] = run_ranks(MLFLOW_JOIN_RANKS="true", TORCHELASTIC_RUN_ID=f"job-{random.random()}")
    client = MlflowClient()
    run = client.get_run(run_id)
    assert run.data.params == {f"p{rank}": str(rank) for rank in range(8)}
    for rank in range(8):
        points = client.get_metric_history(run_id, f"rank{rank}")
        assert sorted((point.step, point.value) for point in points) == [(step, step * rank) for step in range(2000)]
    assert sorted(point.step for point in client.get_metric_history(run_id, "shared")) == list(range(16000))
    assert len(client.list_artifacts(run_id, "ranks")) == 8
    assert run.info.status == "FINISHED"
    assert list(rejected()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    mounted = tmp_path / "small"
    mounted.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(mounted)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"mounting a small tmpfs needs root: {done.stderr.decode().strip()}")
    yield mounted
    subprocess.run(["umount", "-l", str(mounted)], check=True)


def test_full_disk_makes_log_calls_direct_and_loses_nothing(
    server: str, small_disk: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MLFLOW_JOURNAL_DIR", str(small_disk / "journal"))
    (small_disk / "ballast").write_bytes(bytes(4 * 2**20 - 100_000))
    program = """
import mlflow
with mlflow.start_run() as run:
    for step in range(300):
        mlflow.log_metric("m", step, step=step)
    mlflow.log_param("p", 1)
    mlflow.set_tag("t", 1)
print(run.info.run_id)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    run_id = done.stdout.split()[-1]
    assert [point.step for point in MlflowClient().get_metric_history(run_id, "m")] == list(range(300))
    run = mlflow.get_run(run_id)
    assert (run.data.params, run.data.tags["t"], run.info.status) == ({"p": "1"}, "1", "FINISHED")
    assert done.stderr.count("Cannot write the journal") == 1


def test_no_journal_and_no_store_costs_a_warning_and_a_count(tmp_path: Path, free_port: int) -> None:
    (tmp_path / "file").write_text("")
    program = """
import mlflow
from mlflow.tracking.run_log import run_log
run = mlflow.start_run()
log = run_log(mlflow.get_tracking_uri())
for step in range(10):
    mlflow.log_metric("m", step, step=step)
print("LOST", log.lost)
"""
    environment = {
        "MLFLOW_JOURNAL_DIR": str(tmp_path / "file" / "journal"),
        "MLFLOW_TRACKING_URI": f"http://127.0.0.1:{free_port}",
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[1]) >= 10
    assert "logged records are lost" in done.stderr


@pytest.mark.parametrize("handled", [False, True], ids=["default", "with a handler"])
def test_sigterm_makes_the_run_killed_and_goes_on_as_before(
    database: str, start_child: StartChild, handled: bool
) -> None:
    program = f"""
import signal, sys, time, mlflow
def stop(number, frame):
    print("HANDLED", flush=True)
    sys.exit(7)
if {handled}:
    signal.signal(signal.SIGTERM, stop)
run = mlflow.start_run()
mlflow.log_metric("m", 1.0)
print(run.info.run_id, flush=True)
time.sleep(60)
"""
    child = start_child([sys.executable, "-c", program])
    child.wait_until(lambda: "\n" in child.output)
    child.terminate()
    assert child.wait(20) == (7 if handled else -signal.SIGTERM)
    assert ("HANDLED" in child.output) is handled
    list(sync())
    run = mlflow.get_run(child.output.split()[0])
    assert (run.info.status, run.data.metrics) == ("KILLED", {"m": 1.0})


def test_handler_that_lets_the_program_go_on_lets_it_end_its_run(database: str, start_child: StartChild) -> None:
    program = """
import os, signal, mlflow
signal.signal(signal.SIGTERM, lambda *_: None)
with mlflow.start_run() as run:
    os.kill(os.getpid(), signal.SIGTERM)
    mlflow.log_metric("after", 1.0)
print(run.info.run_id)
"""
    child = start_child([sys.executable, "-c", program])
    assert child.wait(30) == 0, child.output
    run = mlflow.get_run(child.output.split()[-1])
    assert (run.info.status, run.data.metrics) == ("FINISHED", {"after": 1.0})


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        pytest.param("", "FINISHED", id="end of the program"),
        pytest.param("import sys; sys.exit(3)", "FINISHED", id="sys.exit"),
        pytest.param("raise ValueError('no')", "FAILED", id="exception"),
    ],
)
def test_program_that_ends_ends_its_runs(database: str, start_child: StartChild, ending: str, status: str) -> None:
    program = f"""
import mlflow
outer = mlflow.start_run()
inner = mlflow.start_run(nested=True)
mlflow.log_metric("m", 1.0)
print(outer.info.run_id, inner.info.run_id, flush=True)
{ending}
"""
    child = start_child([sys.executable, "-c", program])
    child.wait(30)
    for run_id in child.output.split()[:2]:
        assert mlflow.get_run(run_id).info.status == status
    assert journals() == []


@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_worker_processes_send_what_they_log(
    database: str, start_child: StartChild, tmp_path: Path, method: str
) -> None:
    program = """
import multiprocessing, os, sys
import mlflow

def work(run_id, number):
    mlflow.log_metric("w", number, step=number, run_id=run_id)
    with mlflow.start_run(run_name=f"worker-{number}", nested=True):
        mlflow.log_metric("own", number)

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with mlflow.start_run() as run:
        mlflow.log_metric("m", 1.0)
        workers = [context.Process(target=work, args=(run.info.run_id, n)) for n in range(3)]
        [worker.start() for worker in workers]
        [worker.join() for worker in workers]
    print(run.info.run_id, [worker.exitcode for worker in workers])
"""
    script = tmp_path / "workers.py"
    script.write_text(program)
    child = start_child([sys.executable, str(script), method])
    assert child.wait(90) == 0, child.output
    assert "[0, 0, 0]" in child.output
    run_id = child.output.rpartition("[")[0].split()[-1]
    assert sorted(point.step for point in MlflowClient().get_metric_history(run_id, "w")) == [0, 1, 2]
    workers = mlflow.search_runs(filter_string="run_name LIKE 'worker-%'", output_format="list")
    assert sorted((run.data.metrics["own"], run.info.status) for run in workers) == [  # type: ignore[union-attr]
        (0.0, "FINISHED"),
        (1.0, "FINISHED"),
        (2.0, "FINISHED"),
    ]
    assert journals() == []


def test_run_of_a_dead_process_is_told_from_a_live_one(
    database: str, start_child: StartChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HEARTBEAT_INTERVAL", "0.1")
    program = "import time, mlflow\nrun = mlflow.start_run()\nprint(run.info.run_id, flush=True)\ntime.sleep(60)"
    child = start_child([sys.executable, "-c", program])
    child.wait_until(lambda: "\n" in child.output)
    run_id = child.output.split()[0]
    runs = MlflowClient()._store.runs

    def beat() -> int:
        [found] = runs.get_liveness(EVERYONE, [run_id])
        return found.last_heartbeat or 0

    child.wait_until(lambda: beat() > 0)
    first = beat()
    child.wait_until(lambda: beat() > first)
    child.kill()
    settle_orphans()
    last = beat()
    time.sleep(0.5)
    assert beat() == last
