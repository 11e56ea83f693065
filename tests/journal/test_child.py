"""Shipping from a child process: it outlives a killed trainer, and is replaced when it dies itself."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlflow.journal.child_shipper import ChildShipper
from mlflow.journal.inventory import list_journals
from mlflow.journal.orphans import ship_orphans
from mlflow.journal.writer import Journal
from tests.journal.recorder import Recorder

ROOT = Path(__file__).parents[2]
FACTORY = "tests.journal.recorder:recorder"

PROGRAM = """
import os, sys, time
from mlflow.journal.child_shipper import ChildShipper
from mlflow.journal.writer import Journal
journal = Journal.open("recorder:" + sys.argv[2], sys.argv[1])
shipper = ChildShipper(journal, "tests.journal.recorder:recorder")
shipper.start()
"""


@pytest.fixture(autouse=True)
def importable_recorder(monkeypatch: pytest.MonkeyPatch) -> None:
    path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path))


@pytest.fixture
def shipper(journal: Journal) -> Iterator[ChildShipper]:
    shipper = ChildShipper(journal, FACTORY)
    shipper.start()
    yield shipper
    shipper.stop(20)


def log(journal: Journal, count: int, start: int = 0) -> None:
    for step in range(start, start + count):
        journal.log_metrics("run", {"loss": 1.0, "acc": 2.0}, step, 0)


def wait_until(met: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


def test_a_child_ships_what_is_logged_and_a_flush_waits_for_it(
    journal: Journal, shipper: ChildShipper, recorder: Recorder, directory: Path
) -> None:
    for batch in range(5):
        log(journal, 200, batch * 200)
        assert shipper.flush(20)
        assert len(recorder.steps()) == batch * 200 + 200
    assert shipper.drain("another", 0)
    assert shipper.stop(20)
    assert recorder.steps() == list(range(1000))
    assert list(directory.iterdir()) == []


def test_parts_that_the_child_has_shipped_are_deleted(
    journal: Journal, shipper: ChildShipper, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlflow.journal.writer.PART_BYTES", 10_000)
    for chunk in ("FIRST_CHUNK", "LARGEST_CHUNK", "SMALLEST_CHUNK"):
        monkeypatch.setattr(f"mlflow.journal.part.{chunk}", 4096)
    log(journal, 3000)
    assert shipper.flush(20)
    wait_until(lambda: len(list(journal.folder.glob("*.part"))) == 1)
    assert recorder.steps() == list(range(3000))


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(3))
def test_the_child_ships_on_after_its_trainer_is_killed_and_then_ends(
    directory: Path, recorder: Recorder, seed: int
) -> None:
    program = f"""
for step in range(20_000 * {seed}):
    journal.log_metrics("run", {{"loss": 1.0}}, step, 0)
print(shipper._child.pid, flush=True)
for step in range(20_000 * {seed}, 10**9):
    journal.log_metrics("run", {{"loss": 1.0}}, step, 0)
    if step % 100 == 0:
        print(step, flush=True)
        time.sleep(0.001)
"""
    command = [sys.executable, "-c", PROGRAM + program, str(directory), recorder.path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as trainer:
        assert trainer.stdout is not None
        child = int(trainer.stdout.readline())
        last = 0
        for line in trainer.stdout:
            last = int(line)
            if last >= 20_000 * seed + 2000:
                trainer.kill()
    wait_until(lambda: not directory.exists() or list(directory.iterdir()) == [])
    steps = recorder.steps()
    assert steps == list(range(len(steps)))
    assert len(steps) > last
    wait_until(lambda: not Path(f"/proc/{child}").exists() or "(zombie)" in Path(f"/proc/{child}/status").read_text())


@pytest.mark.faults
def test_a_killed_child_is_started_again(
    journal: Journal, shipper: ChildShipper, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    log(journal, 10)
    assert shipper.flush(20)
    assert shipper._child is not None
    shipper._child.send_signal(signal.SIGKILL)
    log(journal, 10, 10)
    assert shipper.flush(20)
    assert recorder.steps() == list(range(20))
    assert "started again" in caplog.text


def test_a_child_that_cannot_start_is_given_up_and_the_data_is_kept(
    journal: Journal, directory: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlflow.journal.child_shipper.MODULE", "mlflow.journal.absent")
    shipper = ChildShipper(journal, FACTORY)
    shipper.start()
    log(journal, 10)
    before = time.monotonic()
    assert not shipper.flush()
    assert time.monotonic() - before < 20
    assert not shipper.stop(1)
    assert [report.error for report in ship_orphans(directory, lambda uri: recorder)] == [None]
    assert recorder.steps() == list(range(10))


def test_nobody_else_ships_a_journal_that_a_child_ships(
    journal: Journal, shipper: ChildShipper, recorder: Recorder, directory: Path
) -> None:
    log(journal, 10)
    assert shipper.flush(20)
    assert list(ship_orphans(directory, lambda uri: recorder)) == []
    assert [info.live for info in list_journals(directory)] == [True]


def test_a_forked_trainer_gets_a_child_for_its_own_journal(directory: Path, recorder: Recorder) -> None:
    program = """
for step in range(10):
    journal.log_metrics("parent", {"loss": 1.0}, step, 0)
pid = os.fork()
if pid == 0:
    for step in range(7):
        journal.log_metrics("child", {"loss": 1.0}, step, 0)
    os._exit(0 if shipper.stop(20) else 1)
assert os.waitpid(pid, 0)[1] == 0
assert shipper.stop(20)
"""
    command = [sys.executable, "-c", PROGRAM + program, str(directory), recorder.path]
    done = subprocess.run(command, cwd=ROOT, timeout=60, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted((content[0], content[2]) for _, _, content in recorder.records()) == sorted(
        [("parent", step) for step in range(10)] + [("child", step) for step in range(7)]
    )
    assert list(directory.iterdir()) == []
