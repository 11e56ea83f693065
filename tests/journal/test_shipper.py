"""Shipping in the background: whatever the destination does, all arrives once and training goes on."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mlflow.contract.frames import Ingested
from mlflow.contract.frames_operations import Metrics
from mlflow.exceptions import PermissionDenied
from mlflow.journal.inventory import list_journals
from mlflow.journal.orphans import ship_orphans
from mlflow.journal.rejected import read_rejected
from mlflow.journal.shipper import Shipper
from mlflow.journal.writer import Journal
from tests.journal.recorder import Recorder

ROOT = Path(__file__).parents[2]


class Troubled(Recorder):
    """A recorder whose calls first meet what `troubles` says, one after the other."""

    def __init__(self, path: Path, *troubles: str) -> None:
        super().__init__(path)
        self.troubles = list(troubles)
        self.released = threading.Event()
        self.admitted = threading.Event()
        self.admitted.set()

    def ingest(self, journal_id: str, start: int, definitions: bytes, frames: memoryview) -> Ingested:
        self.admitted.wait(30)
        trouble = self.troubles.pop(0) if self.troubles else "none"
        if trouble == "refused":
            raise ConnectionRefusedError("nobody listens")
        if trouble == "hangs":
            self.released.wait(30)
            raise TimeoutError("no answer")
        if trouble == "nothing applied":
            return Ingested(start)
        if trouble == "one frame":
            return super().ingest(journal_id, start, definitions, frames[: 8 + int.from_bytes(frames[:4], "little")])
        answer = super().ingest(journal_id, start, definitions, frames)
        if trouble == "answer lost":
            raise ConnectionResetError("the answer was lost")
        return answer


@pytest.fixture
def shipping(journal: Journal) -> Iterator[Callable[..., Shipper]]:
    started: list[Shipper] = []

    def start(destination: Recorder, **options: Any) -> Shipper:
        started.append(Shipper(journal, destination, **options))
        started[-1].start()
        return started[-1]

    yield start
    for shipper in started:
        if isinstance(shipper.destination, Troubled):
            shipper.destination.released.set()
        shipper.stop(5)


def log(journal: Journal, count: int, start: int = 0, run: str = "run") -> None:
    for step in range(start, start + count):
        journal.log_metrics(run, {"loss": step / 2, "acc": 1.0}, step, step)


def test_what_is_logged_arrives_by_itself(journal: Journal, recorder: Recorder, shipping: Any) -> None:
    shipping(recorder, interval=0.02)
    log(journal, 100)
    deadline = time.monotonic() + 10
    while len(recorder.steps()) < 100 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert recorder.steps() == list(range(100))


def test_a_flush_returns_when_all_is_applied(journal: Journal, recorder: Recorder, shipping: Any) -> None:
    shipper = shipping(recorder, interval=60.0)
    for batch in range(5):
        log(journal, 100, batch * 100)
        assert shipper.flush(10)
        assert len(recorder.steps()) == batch * 100 + 100
    assert journal.acknowledged == journal.end_offset


def test_draining_a_run_waits_for_that_run_only(journal: Journal, tmp_path: Path, shipping: Any) -> None:
    destination = Troubled(tmp_path / "t.sqlite", "hangs")
    shipper = shipping(destination, interval=0.01)
    log(journal, 3, run="waiting")
    assert shipper.drain("another", 0)
    assert not shipper.drain("waiting", 0.05)
    destination.released.set()
    assert shipper.drain("waiting", 10)


@pytest.mark.parametrize(
    "troubles",
    [
        pytest.param(["refused"] * 3, id="refused"),
        pytest.param(["answer lost"] * 3, id="answer lost"),
        pytest.param(["nothing applied"] * 2, id="nothing applied"),
        pytest.param(["one frame"] * 20, id="one frame at a time"),
        pytest.param(["answer lost", "one frame", "refused", "answer lost"], id="all of them"),
    ],
)
def test_a_troubled_destination_loses_and_doubles_nothing(
    journal: Journal, tmp_path: Path, shipping: Any, troubles: list[str]
) -> None:
    destination = Troubled(tmp_path / "t.sqlite", *troubles)
    shipper = shipping(destination, interval=0.01, slice_bytes=2000)
    log(journal, 500)
    assert shipper.flush(30)
    assert destination.steps() == list(range(500))
    assert destination.troubles == []


def test_a_failing_destination_is_warned_of_once_until_it_recovers(
    journal: Journal, tmp_path: Path, shipping: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mlflow.journal")
    destination = Troubled(tmp_path / "t.sqlite", "refused", "refused", "refused", "none", "refused")
    shipper = shipping(destination, interval=0.01)
    log(journal, 1)
    assert shipper.flush(30)
    assert not shipper.failing
    log(journal, 1, 1)
    assert shipper.flush(30)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO", "WARNING", "INFO"]
    assert "nobody listens" in caplog.records[0].getMessage()


def test_an_attempt_that_was_under_way_says_nothing_of_the_destination_now(
    journal: Journal, tmp_path: Path, shipping: Any
) -> None:
    destination = Troubled(tmp_path / "t.sqlite", "hangs", "refused")
    shipper = shipping(destination, interval=0.01)
    log(journal, 1)
    while len(destination.troubles) == 2:
        time.sleep(0.01)
    moment = time.monotonic()
    destination.admitted.clear()
    destination.released.set()
    while not shipper.failing:
        time.sleep(0.01)
    assert not shipper.failed_after(moment)
    destination.admitted.set()
    while not shipper.failed_after(moment):
        shipper.wait_for(1, 0.01)
    assert shipper.flush(30)
    assert not shipper.failed_after(moment)


def test_a_hanging_destination_delays_neither_log_calls_nor_the_end(
    journal: Journal, tmp_path: Path, shipping: Any, caplog: pytest.LogCaptureFixture
) -> None:
    destination = Troubled(tmp_path / "t.sqlite", "hangs")
    shipper = shipping(destination, interval=0.01)
    log(journal, 10)
    time.sleep(0.1)
    before = time.monotonic()
    log(journal, 1000, 10)
    assert shipper.stop(0.2) is False
    assert time.monotonic() - before < 2
    assert "did not reach" in caplog.records[-1].getMessage()
    (report,) = ship_orphans(journal.directory, lambda uri: destination)
    assert report.error is None
    assert destination.steps() == list(range(1010))


def test_refused_records_are_set_aside_with_the_reason_and_told_once(
    journal: Journal, recorder: Recorder, shipping: Any, caplog: pytest.LogCaptureFixture
) -> None:
    recorder.refuse = lambda kind, content: "odd" if kind == "Metrics" and content[2] % 2 else None
    shipper = shipping(recorder, interval=0.01)
    log(journal, 10)
    journal.log_params("run", {"lr": "1"})
    assert shipper.flush(10)
    assert [kind for _, kind, _ in recorder.records()].count("Params") == 1
    assert recorder.steps() == [0, 2, 4, 6, 8]
    aside = list(read_rejected(journal.directory))
    assert {(frame.error_code, frame.message) for frame in aside} == {("INVALID_PARAMETER_VALUE", "odd")}
    operations = [frame.operation() for frame in aside]
    assert [int(op.steps[0]) for op in operations if isinstance(op, Metrics)] == [1, 3, 5, 7, 9]
    assert {(op.run_id, op.keys) for op in operations if isinstance(op, Metrics)} == {("run", ("loss", "acc"))}
    (warning,) = caplog.records
    assert "odd" in warning.getMessage()


def test_refusals_whose_answer_was_lost_are_set_aside_all_the_same(
    journal: Journal, tmp_path: Path, shipping: Any
) -> None:
    destination = Troubled(tmp_path / "t.sqlite", "answer lost", "answer lost")
    destination.refuse = lambda kind, content: "no params" if kind == "Params" else None
    shipper = shipping(destination, interval=0.01)
    journal.log_params("run", {"lr": "1"})
    log(journal, 3)
    assert shipper.flush(10)
    assert [frame.message for frame in read_rejected(journal.directory)] == ["no params"]


@pytest.mark.parametrize("owned", [True, False], ids=["linked", "copied"])
def test_a_spooled_file_is_uploaded_after_what_was_logged_before_it(
    journal: Journal, recorder: Recorder, shipping: Any, tmp_path: Path, owned: bool
) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(b"weights" * 1000)
    log(journal, 3)
    journal.spool("run", "models/model.bin", file, owned=owned)
    if not owned:
        file.write_bytes(b"changed later")
    assert shipping(recorder, interval=0.01).flush(10)
    ((run, path, digest, content),) = recorder.uploads()
    assert (run, path, content) == ("run", "models/model.bin", b"weights" * 1000)
    assert len(digest) == 64
    assert list((journal.folder / "spool").iterdir()) == []
    assert file.exists()


class Refusing(Recorder):
    """A recorder that takes no files."""

    def upload(self, run_id: str, path: str, file: Path, sha256: str) -> None:
        raise PermissionDenied("You may not write to 'run'. Ask its owner.")


def test_a_file_that_is_refused_for_good_is_kept_beside_the_journal(
    journal: Journal, tmp_path: Path, shipping: Any
) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(b"weights")
    journal.spool("run", "model.bin", file)
    log(journal, 1)
    destination = Refusing(tmp_path / "r.sqlite")
    assert shipping(destination, interval=0.01).flush(10)
    assert destination.steps() == [0]
    (aside,) = read_rejected(journal.directory)
    assert aside.error_code == "PERMISSION_DENIED"
    (kept,) = journal.directory.glob("*.rejected-files/*")
    assert kept.read_bytes() == b"weights"


def test_a_spooled_file_that_vanished_is_reported_and_stops_nothing(
    journal: Journal, recorder: Recorder, shipping: Any, tmp_path: Path
) -> None:
    journal.spool("run", "model.bin", Path(__file__))
    next((journal.folder / "spool").iterdir()).unlink()
    log(journal, 1)
    assert shipping(recorder, interval=0.01).flush(10)
    assert [frame.error_code for frame in read_rejected(journal.directory)] == ["DATA_LOSS"]
    assert recorder.steps() == [0]


def test_stopping_twice_and_logging_nothing_are_harmless(journal: Journal, recorder: Recorder, shipping: Any) -> None:
    shipper = shipping(recorder)
    assert shipper.stop(5)
    assert shipper.stop(5)
    assert list(journal.directory.iterdir()) == []


PROGRAM = """
import logging, sys, time
from mlflow.journal.shipper import Shipper
from mlflow.journal.writer import Journal
from tests.journal.recorder import Recorder
directory, path, trouble = sys.argv[1:]
class Slow(Recorder):
    def ingest(self, *slice_):
        time.sleep({"slow": 0.5, "dead": 60}.get(trouble, 0))
        return super().ingest(*slice_)
journal = Journal.open("recorder:" + path, directory)
Shipper(journal, Slow(path)).start()
for step in range(1000):
    journal.log_metrics("run", {"loss": 1.0}, step, 0)
"""


def run_program(program: str, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False)


@pytest.mark.parametrize("trouble", ["none", "slow"])
def test_the_end_of_the_program_waits_for_the_shipper(directory: Path, recorder: Recorder, trouble: str) -> None:
    done = run_program(PROGRAM, str(directory), recorder.path, trouble)
    assert (done.returncode, done.stderr) == (0, "")
    assert recorder.steps() == list(range(1000))
    assert list(directory.iterdir()) == []


def test_the_end_of_the_program_waits_no_longer_than_it_may(directory: Path, recorder: Recorder) -> None:
    program = "import mlflow.journal.shipper as s; s.Shipper.stop.__defaults__ = (0.5,)\n" + PROGRAM
    before = time.monotonic()
    done = run_program(program, str(directory), recorder.path, "dead")
    assert time.monotonic() - before < 15
    assert "did not reach recorder:" in done.stderr
    (report,) = ship_orphans(directory, lambda uri: recorder)
    assert report.error is None
    assert recorder.steps() == list(range(1000))


def test_orphans_go_to_their_own_destination_and_live_journals_stay(tmp_path: Path, directory: Path) -> None:
    recorders = {name: Recorder(tmp_path / f"{name}.sqlite") for name in "abc"}
    journals = {name: Journal.open(f"recorder:{name}", directory) for name in "abc"}
    for name, journal in journals.items():
        log(journal, 3, run=name)
    for name in "ab":
        journals[name].close()
    reports = list(ship_orphans(directory, lambda uri: recorders[uri[-1]] if uri != "recorder:b" else None))
    assert [(report.destination, report.error) for report in reports] == [("recorder:a", None)]
    assert [len(recorders[name].records()) for name in "abc"] == [3, 0, 0]
    assert {info.destination: info.live for info in list_journals(directory)} == {
        "recorder:b": False,
        "recorder:c": True,
    }
    journals["c"].close()


def test_an_orphan_whose_destination_fails_is_kept_and_the_others_go_on(tmp_path: Path, directory: Path) -> None:
    for number in range(3):
        with Journal.open(f"recorder:{number}", directory) as journal:
            log(journal, 3)
    recorders = [Recorder(tmp_path / "0.sqlite"), Troubled(tmp_path / "1.sqlite", "refused"), Recorder(tmp_path / "2")]
    reports = {r.destination[-1]: r.error for r in ship_orphans(directory, lambda uri: recorders[int(uri[-1])])}
    assert reports == {"0": None, "1": "nobody listens", "2": None}
    assert [info.destination for info in list_journals(directory)] == ["recorder:1"]
    assert [report.error for report in ship_orphans(directory, lambda uri: recorders[1])] == [None]
    assert recorders[1].steps() == [0, 1, 2]


def test_two_processes_that_sync_at_once_double_nothing(directory: Path, recorder: Recorder) -> None:
    for _ in range(10):
        with Journal.open(f"recorder:{recorder.path}", directory) as journal:
            log(journal, 200)
    program = """
import sys
from pathlib import Path
from mlflow.journal.orphans import ship_orphans
from tests.journal.recorder import recorder
for report in ship_orphans(Path(sys.argv[1]), recorder):
    assert report.error is None, report
"""
    command = [sys.executable, "-c", program, str(directory)]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert list(ship_orphans(directory, lambda uri: recorder)) == []
    assert sorted(recorder.steps()) == sorted([*range(200)] * 10)
    assert list(directory.iterdir()) == []


def test_folders_that_a_crash_left_half_made_are_removed(directory: Path, recorder: Recorder) -> None:
    import os

    old, new = directory / ".old.new", directory / ".new.new"
    for draft in (old, new):
        draft.mkdir(parents=True)
    os.utime(old, (1, 1))
    assert list(ship_orphans(directory, lambda uri: recorder)) == []
    assert [path.name for path in directory.iterdir()] == [".new.new"]
