"""What a killed process had logged is in its journal: every call that returned, in order, once."""

import mmap
import os
import random
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlflow.journal.orphans import ship_orphans
from mlflow.journal.writer import Journal
from tests.journal.recorder import Recorder

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


def log_forever(directory: Path, destination: str, seed: int, counter: mmap.mmap) -> None:
    """Log calls of many shapes, and note after each how many have returned."""
    chance = random.Random(seed)
    journal = Journal.open(destination, directory, mapped=seed % 4 != 3)
    for number in range(10**9):
        shape = chance.randrange(100)
        if shape == 0:
            journal.log_tags("run", {"number": str(number), "note": "x" * chance.randrange(200_000)})
        elif shape == 1:
            journal.log_metrics("run", {f"new {number}": 1.0}, number, 0)
        else:
            journal.log_metrics("run", dict.fromkeys("abcdefghij"[: shape % 10 + 1], 0.5), number, 0)
        counter[:8] = struct.pack("<Q", number + 1)


def killed_writer(directory: Path, destination: str, seed: int) -> int:
    """Fork a writer, kill it some time after its first call, and answer how many of its calls returned."""
    counter = mmap.mmap(-1, mmap.PAGESIZE)
    pid = os.fork()
    if pid == 0:
        try:
            log_forever(directory, destination, seed, counter)
        finally:
            os._exit(1)
    while not any(counter[:8]):
        time.sleep(0.0005)
    time.sleep(random.Random(seed).uniform(0, 0.06))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return int(struct.unpack("<Q", counter[:8])[0])


def numbers(recorder: Recorder) -> list[int]:
    return [
        content[2] if kind == "Metrics" else int(content[0].partition("'number': '")[2].partition("'")[0])
        for _, kind, content in recorder.records()
    ]


@pytest.mark.parametrize("seed", range(40))
def test_every_call_that_returned_before_a_kill_is_shipped_once_and_in_order(
    directory: Path, recorder: Recorder, seed: int
) -> None:
    returned = killed_writer(directory, f"recorder:{recorder.path}", seed)
    (report,) = ship_orphans(directory, lambda uri: recorder)
    assert (report.error, report.rejected) == (None, 0)
    found = numbers(recorder)
    assert found == list(range(len(found)))
    assert returned <= len(found) <= returned + 1  # the call that was cut off may have stored its frame
    assert list(directory.iterdir()) == []


def test_a_killed_shipper_of_orphans_is_continued_by_the_next(directory: Path, recorder: Recorder) -> None:
    returned = killed_writer(directory, f"recorder:{recorder.path}", 2)
    program = """
import os, signal, sys
from pathlib import Path
from mlflow.journal.orphans import ship_orphans
import mlflow.journal.orphans
from tests.journal.recorder import Recorder
mlflow.journal.orphans.SLICE_BYTES = 20_000
class Dying(Recorder):
    def ingest(self, *slice_):
        answer = super().ingest(*slice_)
        if self.calls == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer
list(ship_orphans(Path(sys.argv[1]), lambda uri: Dying(sys.argv[2])))
"""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", program, str(directory), recorder.path]
    done = subprocess.run(command, cwd=root, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert 0 < len(recorder.records()) < returned
    (report,) = ship_orphans(directory, lambda uri: recorder)
    assert report.error is None
    found = numbers(recorder)
    assert found == list(range(len(found)))
    assert len(found) >= returned
