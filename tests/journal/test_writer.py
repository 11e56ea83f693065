"""Writing a journal: what is logged is there, in order, whatever the threads, the size and the disk."""

import itertools
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mlflow.contract.frames_operations import Heartbeat
from mlflow.exceptions import InvalidParameterValue
from mlflow.journal.delivery import Delivery
from mlflow.journal.errors import JournalClosed, JournalUnavailable
from mlflow.journal.inventory import list_journals
from mlflow.journal.location import journal_directory
from mlflow.journal.orphans import ship_orphans
from mlflow.journal.writer import Journal
from tests.journal.recorder import Recorder

OpenJournal = Callable[..., Journal]


def ship(journal: Journal, recorder: Recorder, limit: int = 2**22) -> None:
    delivery = Delivery(journal, recorder, journal.directory)
    while delivery.step(limit):
        pass


def small_parts(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("mlflow.journal.writer.PART_BYTES", size)
    for chunk in ("FIRST_CHUNK", "LARGEST_CHUNK", "SMALLEST_CHUNK"):
        monkeypatch.setattr(f"mlflow.journal.part.{chunk}", 1024)


@pytest.mark.parametrize("mapped", [True, False], ids=["mapped", "plain"])
def test_every_kind_of_call_arrives_in_order(open_journal: OpenJournal, recorder: Recorder, mapped: bool) -> None:
    journal = open_journal(mapped=mapped)
    journal.log_params("run", {"lr": "0.1"})
    journal.log_metrics("run", {"loss": 0.5, "acc": 1}, 3, 1_700_000_000_000)
    journal.log_series("run", "history", [1, 2], [10, 20], [0.1, 0.2])
    journal.log_metrics("run", {"loss": 0.25, "acc": 2}, 4, 1_700_000_000_001)
    journal.log_tags("run", {"note": "größer"})
    journal.append(Heartbeat("run", 5))
    ship(journal, recorder)
    records = [(kind, content) for _, kind, content in recorder.records()]
    assert [kind for kind, _ in records] == ["Params", "Metrics", "Series", "Metrics", "Tags", "Heartbeat"]
    assert records[1][1] == ["run", ["loss", "acc"], 3, 1_700_000_000_000, [0.5, 1.0]]
    assert records[2][1] == ["run", "history", [1, 2], [10, 20], [0.1, 0.2]]
    assert journal.acknowledged == journal.end_offset == recorder.records()[-1][0]


def test_nobody_else_may_read_a_journal(journal: Journal, directory: Path) -> None:
    journal.log_metrics("run", {"loss": 1.0}, 0, 0)
    journal.spool("run", "model.bin", Path(__file__))
    folders = [directory, journal.folder, journal.folder / "spool"]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    files = [file for file in journal.folder.iterdir() if file.is_file()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_the_header_tells_whose_journal_it_is(journal: Journal, directory: Path, recorder: Recorder) -> None:
    (info,) = list_journals(directory)
    assert info.header is not None
    assert (info.header.pid, info.header.journal_id) == (os.getpid(), journal.journal_id)
    assert info.destination == f"recorder:{recorder.path}"
    assert info.header.host and info.header.user and info.header.started > 0
    assert (info.live, info.foreign, info.pending) == (True, False, 0)


@pytest.mark.parametrize("mapped", [True, False], ids=["mapped", "plain"])
def test_a_long_journal_is_split_into_parts_that_stand_alone(
    open_journal: OpenJournal, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, mapped: bool
) -> None:
    small_parts(monkeypatch, 4096)
    journal = open_journal(mapped=mapped)
    for step in range(500):
        journal.log_metrics("run", {"loss": step / 2, "acc": 1.0}, step, step)
    assert len(list(journal.folder.glob("*.part"))) > 5
    while piece := journal.next_slice(1000):
        assert piece.end - piece.start <= 1000
        recorder.ingest(journal.journal_id, piece.start, piece.definitions, piece.frames)
        journal.acknowledge(piece.end)
    assert recorder.steps() == list(range(500))
    assert {tuple(content[1]) for _, _, content in recorder.records()} == {("loss", "acc")}
    assert len(list(journal.folder.glob("*.part"))) == 1


def test_ever_new_metric_names_do_not_pile_up(journal: Journal, recorder: Recorder) -> None:
    for step in range(3000):
        journal.log_metrics("run", {f"{step:05}.{'x' * 200}": 1.0}, step, step)
        if step % 1000 == 0:
            piece = journal.next_slice(2**22)
            assert piece is not None
            assert len(piece.definitions) <= 2**18
    ship(journal, recorder)
    assert recorder.steps() == list(range(3000))
    assert [int(content[1][0][:5]) for _, _, content in recorder.records()] == list(range(3000))


def test_a_record_larger_than_the_first_chunk_and_the_slice_limit_fits(journal: Journal, recorder: Recorder) -> None:
    journal.log_tags("run", {"note": "x" * 10_000_000})
    journal.log_metrics("run", {"loss": 1.0}, 7, 0)
    ship(journal, recorder)
    assert [kind for _, kind, _ in recorder.records()] == ["Tags", "Metrics"]


def test_eight_threads_log_into_one_journal(journal: Journal, recorder: Recorder) -> None:
    def log(thread: int) -> None:
        for step in range(2000):
            journal.log_metrics(f"run {thread}", {f"m{thread % 3}": float(step), "x": 0.0}, step, thread)
            if step % 500 == 0:
                journal.log_tags(f"run {thread}", {"step": str(step)})

    threads = [threading.Thread(target=log, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        ship(journal, recorder)
    ship(journal, recorder)
    records = [content for _, kind, content in recorder.records() if kind == "Metrics"]
    for number in range(8):
        assert [content[2] for content in records if content[0] == f"run {number}"] == list(range(2000))
    assert len(recorder.records()) == 8 * 2004


def test_a_signal_handler_may_log_in_the_midst_of_a_call(
    journal: Journal, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_parts(monkeypatch, 8192)
    numbers = itertools.count()
    handled: list[int] = []

    def handle(signum: int, frame: Any) -> None:
        number = next(numbers)
        journal.log_metrics("handler", {"count": 1.0}, number, 0)
        handled.append(number)

    before = signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    try:
        for step in range(20_000):
            journal.log_metrics("run", {"loss": 1.0, "acc": 2.0}, step, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    ship(journal, recorder)
    contents = [content for _, _, content in recorder.records()]
    assert [content[2] for content in contents if content[0] == "run"] == list(range(20_000))
    assert sorted(content[2] for content in contents if content[0] == "handler") == sorted(handled)
    assert len(handled) > 5


@pytest.mark.parametrize(
    ("step", "timestamp", "value"),
    [
        pytest.param(2**63, 0, 1.0, id="step too great"),
        pytest.param(1.5, 0, 1.0, id="fraction of a step"),
        pytest.param(0, None, 1.0, id="no time"),
        pytest.param(0, 0, "high", id="text"),
    ],
)
def test_what_is_no_number_is_refused_on_every_call(journal: Journal, step: Any, timestamp: Any, value: Any) -> None:
    for _ in range(2):
        with pytest.raises(InvalidParameterValue, match="64-bit"):
            journal.log_metrics("run", {"loss": value}, step, timestamp)
        journal.log_metrics("run", {"loss": 1.0}, 0, 0)


def test_no_metrics_write_nothing(journal: Journal) -> None:
    journal.log_metrics("run", {}, 0, 0)
    assert journal.end_offset == 0


def test_a_closed_journal_refuses_and_leaves_nothing_behind_once_shipped(
    journal: Journal, recorder: Recorder, directory: Path
) -> None:
    journal.log_metrics("run", {"loss": 1.0}, 0, 0)
    ship(journal, recorder)
    journal.close()
    journal.close()
    with pytest.raises(JournalClosed, match="recorder:"):
        journal.log_metrics("run", {"loss": 1.0}, 0, 0)
    assert list(directory.iterdir()) == []


def test_a_closed_journal_with_something_left_takes_only_the_room_it_needs(journal: Journal) -> None:
    journal.log_metrics("run", {"loss": 1.0}, 0, 0)
    journal.close()
    (part,) = journal.folder.glob("*.part")
    assert part.stat().st_size < 2000


@pytest.mark.parametrize("mapped", [True, False], ids=["mapped", "plain"])
def test_records_can_be_forced_to_disk(
    open_journal: OpenJournal, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, mapped: bool
) -> None:
    monkeypatch.setenv("MLFLOW_JOURNAL_FSYNC", "1")
    journal = open_journal(mapped=mapped)
    for step in range(300):
        journal.log_metrics("run", {f"m{i}": 1.0 for i in range(500)}, step, 0)
    ship(journal, recorder)
    assert recorder.steps() == list(range(300))


def test_waiting_for_a_run_asks_only_for_that_run(journal: Journal, recorder: Recorder) -> None:
    journal.log_metrics("a", {"loss": 1.0}, 0, 0)
    assert journal.end_of("b") == 0
    assert journal.end_of("a") == journal.end_offset
    journal.log_params("b", {"lr": "1"})
    assert journal.end_of("b") == journal.end_offset


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    mounted = tmp_path / "small"
    mounted.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(mounted)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"mounting a small tmpfs needs root: {done.stderr.decode().strip()}")
    try:
        yield mounted
    finally:
        subprocess.run(["umount", "--lazy", str(mounted)], check=True)


def fill(journal: Journal, start: int) -> int:
    """Log until the journal refuses; answer the step it refused."""
    for step in range(start, start + 1_000_000):
        try:
            journal.log_metrics("run", {"loss": 1.0, "acc": 2.0}, step, 0)
        except JournalUnavailable:
            return step
    raise AssertionError("the disk never filled")


@pytest.mark.faults
@pytest.mark.parametrize("mapped", [True, False], ids=["mapped", "plain"])
def test_a_full_disk_raises_and_what_returned_before_is_kept(
    small_disk: Path, recorder: Recorder, mapped: bool
) -> None:
    with Journal.open(f"recorder:{recorder.path}", small_disk, mapped=mapped) as journal:
        first = fill(journal, 0)
        assert first > 1000
        with pytest.raises(JournalUnavailable, match="No space left"):
            journal.log_tags("run", {"note": "x" * 100_000})
        ship(journal, recorder)
        assert recorder.steps() == list(range(first))


@pytest.mark.faults
def test_a_disk_with_room_again_is_used_again(small_disk: Path, recorder: Recorder) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(2 * 2**20))
    with Journal.open(f"recorder:{recorder.path}", small_disk) as journal:
        first = fill(journal, 0)
        ballast.unlink()
        second = fill(journal, first)
        assert second > first
        ship(journal, recorder)
        assert recorder.steps() == list(range(second))


@pytest.mark.faults
def test_a_limit_on_file_sizes_raises_like_a_full_disk(directory: Path, recorder: Recorder) -> None:
    program = """
import resource, sys
from mlflow.journal.errors import JournalUnavailable
from mlflow.journal.writer import Journal
resource.setrlimit(resource.RLIMIT_FSIZE, (2**21, 2**21))
journal = Journal.open("recorder:" + sys.argv[2], sys.argv[1])
for step in range(10**6):
    try:
        journal.log_metrics("run", {"loss": 1.0}, step, 0)
    except JournalUnavailable:
        print(step)
        break
"""
    command = [sys.executable, "-c", program, str(directory), recorder.path]
    refused = int(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
    (report,) = ship_orphans(directory, lambda uri: recorder)
    assert report.error is None
    assert recorder.steps() == list(range(refused))


def test_a_directory_that_cannot_be_made_is_one_typed_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalUnavailable, match=r"Cannot make the journal folder .*MLFLOW_JOURNAL_DIR"):
        Journal.open("recorder:", tmp_path / "file" / "journal")


@pytest.mark.faults
def test_a_read_only_directory_is_the_same_typed_error(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(JournalUnavailable, match="Read-only"):
        Journal.open("recorder:", small_disk)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param({"MLFLOW_JOURNAL_DIR": "/a/b", "XDG_STATE_HOME": "/c"}, "/a/b", id="own setting"),
        pytest.param({"XDG_STATE_HOME": "/c"}, "/c/mlflow/journal", id="state folder of the desktop"),
        pytest.param({"XDG_STATE_HOME": "c", "HOME": "/h"}, "/h/.local/state/mlflow/journal", id="relative: ignored"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other state folders")
def test_journals_live_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], expected: str
) -> None:
    for name in ("MLFLOW_JOURNAL_DIR", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert journal_directory() == Path(expected)


def test_opening_a_journal_loads_no_numpy(directory: Path) -> None:
    program = """
import sys
from mlflow.journal.shipper import Shipper
from mlflow.journal.writer import Journal
with Journal.open("recorder:", sys.argv[1]) as journal:
    journal.log_metrics("run", {"loss": 1.0}, 0, 0)
loaded = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
print(sorted(loaded & {"numpy", "pandas", "sqlalchemy", "urllib3"}))
"""
    done = subprocess.run([sys.executable, "-c", program, str(directory)], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
