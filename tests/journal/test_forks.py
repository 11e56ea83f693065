"""Forked and parallel processes: each has a journal of its own, and nothing of another's."""

import subprocess
import sys
from pathlib import Path

import pytest

from mlflow.journal.inventory import list_journals
from mlflow.journal.orphans import ship_orphans
from tests.journal.recorder import Recorder

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")

PREFACE = """
import os, sys, threading, time
from pathlib import Path
from mlflow.journal.inventory import list_journals
from mlflow.journal.shipper import Shipper
from mlflow.journal.writer import Journal
from tests.journal.recorder import Recorder
directory, path = sys.argv[1:3]
journal = Journal.open("recorder:" + path, directory)
def log(run, count):
    for step in range(count):
        journal.log_metrics(run, {"loss": 1.0, "acc": 2.0}, step, 0)
"""


def run_program(program: str, directory: Path, recorder: Recorder) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-c", PREFACE + program, str(directory), recorder.path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr
    return done


def steps_by_run(recorder: Recorder) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for _, _, content in recorder.records():
        found.setdefault(content[0], []).append(content[2])
    return found


def test_a_forked_child_logs_into_its_own_journal(directory: Path, recorder: Recorder) -> None:
    program = """
log("parent", 10)
mine = journal.journal_id
pid = os.fork()
if pid == 0:
    assert journal.journal_id != mine
    assert journal.end_offset == 0
    log("child", 7)
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
assert journal.journal_id == mine
log("parent after", 10)
os._exit(0)
"""
    run_program(program, directory, recorder)
    assert len(list_journals(directory)) == 2
    assert [report.error for report in ship_orphans(directory, lambda uri: recorder)] == [None, None]
    assert steps_by_run(recorder) == {
        "parent": list(range(10)),
        "child": list(range(7)),
        "parent after": list(range(10)),
    }


def test_a_child_keeps_neither_lock_nor_file_of_its_parent(directory: Path, recorder: Recorder) -> None:
    program = """
log("parent", 10)
reading, writing = os.pipe()
if os.fork() == 0:
    held = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if fd != str(reading)
            and os.path.exists(f"/proc/self/fd/{fd}")]
    mapped = Path("/proc/self/maps").read_text()
    assert not any(str(directory) in name for name in held), held
    assert str(directory) not in mapped
    os.write(writing, b"x")
    time.sleep(20)
    os._exit(0)
assert os.read(reading, 1) == b"x"
os._exit(0)
"""
    if not Path("/proc/self/maps").exists():
        pytest.skip("lists open files by /proc")
    command = [sys.executable, "-W", "ignore", "-c", PREFACE + program, str(directory), recorder.path]
    done = subprocess.run(command, cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 0
    (info,) = list_journals(directory)
    assert not info.live  # though the child still sleeps
    assert [report.error for report in ship_orphans(directory, lambda uri: recorder)] == [None]
    assert steps_by_run(recorder) == {"parent": list(range(10))}


def test_forks_while_threads_log_and_ship_leave_every_process_working(directory: Path, recorder: Recorder) -> None:
    program = """
# In short calls: SQLite forbids a fork in the midst of one, and for a call of over two seconds a fork does not wait.
shipper = Shipper(journal, Recorder(path), interval=0.01, slice_bytes=2**15)
shipper.start()
threads = [threading.Thread(target=log, args=(f"thread {n}", 20_000)) for n in range(3)]
for thread in threads:
    thread.start()
for number in range(15):
    pid = os.fork()
    if pid == 0:
        log(f"child {number}", 50)
        os._exit(0 if shipper.stop(60) else 1)
    assert os.waitpid(pid, 0)[1] == 0
for thread in threads:
    thread.join()
assert shipper.stop(60)
"""
    run_program(program, directory, recorder)
    expected = {f"thread {n}": list(range(20_000)) for n in range(3)}
    expected |= {f"child {n}": list(range(50)) for n in range(15)}
    assert steps_by_run(recorder) == expected
    assert list(directory.iterdir()) == []


def test_workers_of_multiprocessing_ship_before_they_end(directory: Path, recorder: Recorder) -> None:
    program = """
import multiprocessing
shipper = Shipper(journal, Recorder(path))
shipper.start()
log("parent", 5)
context = multiprocessing.get_context("fork")
workers = [context.Process(target=log, args=(f"worker {n}", 100)) for n in range(3)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
"""
    run_program(program, directory, recorder)
    assert steps_by_run(recorder) == {"parent": list(range(5))} | {f"worker {n}": list(range(100)) for n in range(3)}
    assert list(directory.iterdir()) == []


def test_eight_processes_write_one_run(directory: Path, recorder: Recorder) -> None:
    program = """
shipper = Shipper(journal, Recorder(path), interval=0.01)
shipper.start()
rank = int(sys.argv[3])
for step in range(500):
    journal.log_metrics("run", {f"rank {rank}": 1.0, "loss": 2.0}, step, 0)
"""
    command = [sys.executable, "-c", PREFACE + program, str(directory), recorder.path]
    processes = [subprocess.Popen([*command, str(rank)], cwd=ROOT) for rank in range(8)]
    assert [process.wait(90) for process in processes] == [0] * 8
    by_rank: dict[str, list[int]] = {}
    for _, _, content in recorder.records():
        by_rank.setdefault(content[1][0], []).append(content[2])
    assert by_rank == {f"rank {rank}": list(range(500)) for rank in range(8)}
    assert list(directory.iterdir()) == []
