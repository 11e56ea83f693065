"""Reading damaged journals: a torn tail ends them, damage inside is reported, and the rest still arrives."""

import logging
import random
import time
from pathlib import Path

import msgspec
import pytest

from mlflow.contract.frames import walk
from mlflow.exceptions import ResourceConflict, ResourceDoesNotExist
from mlflow.journal.delivery import Delivery
from mlflow.journal.header import read_header
from mlflow.journal.inventory import list_journals
from mlflow.journal.orphans import Shipped, ship_orphans
from mlflow.journal.reader import JournalReader
from mlflow.journal.rejected import read_rejected
from mlflow.journal.writer import Journal
from tests.journal.recorder import Recorder


class Abandoned:
    """The files of a journal whose owner ended: 60 calls, step by step, and a tag after every tenth."""

    def __init__(self, directory: Path, recorder: Recorder) -> None:
        self.directory, self.recorder = directory, recorder
        journal = Journal.open(f"recorder:{recorder.path}", directory)
        for step in range(60):
            journal.log_metrics("run", {"loss": 0.0, "acc": step / 7}, step, 1_700_000_000_000 + step)
            if step % 10 == 9:
                journal.log_tags("run", {"step": str(step)})
        self.end = journal.end_offset
        journal.close()
        self.folder = journal.folder
        (self.part,) = self.folder.glob("*.part")
        self.whole = self.part.read_bytes()
        self.first = len(self.whole) - self.end
        self.frames = list(walk(self.whole[self.first :]))

    def ship(self) -> Shipped:
        (report,) = ship_orphans(self.directory, lambda uri: self.recorder)
        return report


@pytest.fixture
def abandoned(directory: Path, recorder: Recorder) -> Abandoned:
    return Abandoned(directory, recorder)


def test_a_whole_journal_is_shipped_and_deleted(abandoned: Abandoned) -> None:
    (info,) = list_journals(abandoned.directory)
    assert (info.live, info.pending) == (False, abandoned.end)
    assert abandoned.ship() == Shipped(info.journal_id, info.destination, bytes=abandoned.end, rejected=0, error=None)
    assert abandoned.recorder.steps() == list(range(60))
    assert list(abandoned.directory.iterdir()) == []


def test_a_journal_cut_at_any_byte_of_its_tail_gives_all_whole_frames(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sample = Abandoned(tmp_path / "sample", Recorder(tmp_path / "sample.sqlite"))
    ends = [sample.first + frame.end for frame in sample.frames]
    part = sample.part.relative_to(tmp_path / "sample")
    for cut in range(ends[-6], len(sample.whole)):
        directory = tmp_path / f"cut {cut}"
        recorder = Recorder(tmp_path / f"{cut}.sqlite")
        (directory / part.parent).mkdir(parents=True)
        (directory / part).write_bytes(sample.whole[:cut] + bytes(cut % 3 * 500))
        (report,) = ship_orphans(directory, lambda uri, recorder=recorder: recorder)
        assert (report.error, report.rejected) == (None, 0)
        assert [offset + sample.first for offset, _, _ in recorder.records()] == [end for end in ends[2:] if end <= cut]
        assert list(directory.iterdir()) == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("seed", range(60))
def test_a_flipped_bit_costs_one_frame_which_is_set_aside(abandoned: Abandoned, seed: int) -> None:
    damaged = bytearray(abandoned.whole)
    at = random.Random(seed).randrange(abandoned.first, abandoned.first + abandoned.frames[-1].start)
    damaged[at] ^= 1 << seed % 8
    abandoned.part.write_bytes(damaged)
    report = abandoned.ship()
    assert report.error is None
    (hit,) = [frame for frame in abandoned.frames if frame.start <= at - abandoned.first < frame.end]
    kept = [frame.end for frame in abandoned.frames[2:] if frame != hit]
    got = [(offset, kind) for offset, kind, _ in abandoned.recorder.records()]
    assert [offset for offset, _ in got] == kept
    (aside,) = read_rejected(abandoned.directory)
    assert (aside.error_code, aside.offset, len(aside.frame)) == ("DATA_LOSS", hit.end, hit.end - hit.start)
    assert f"from offset {hit.start} to {hit.end}" in aside.message
    assert aside.operation() is None
    if hit in abandoned.frames[:2]:  # what the lost definition named cannot be read, and each frame says so
        assert {kind for offset, kind in got if offset < 3000} >= {"Unreadable"}


def test_a_hole_of_zeros_inside_is_damage_and_not_the_end(abandoned: Abandoned) -> None:
    start, end = abandoned.frames[20].start, abandoned.frames[24].end
    damaged = bytearray(abandoned.whole)
    damaged[abandoned.first + start : abandoned.first + end] = bytes(end - start)
    abandoned.part.write_bytes(damaged)
    assert abandoned.ship().error is None
    assert len(abandoned.recorder.records()) == len(abandoned.frames) - 2 - 5
    assert [frame.offset for frame in read_rejected(abandoned.directory)] == [end]


def test_a_damaged_part_and_a_missing_one_do_not_hide_the_parts_after(
    directory: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlflow.journal.writer.PART_BYTES", 1000)
    for chunk in ("FIRST_CHUNK", "LARGEST_CHUNK", "SMALLEST_CHUNK"):
        monkeypatch.setattr(f"mlflow.journal.part.{chunk}", 512)
    journal = Journal.open(f"recorder:{recorder.path}", directory)
    for step in range(200):
        journal.log_metrics("run", {"loss": 1.0}, step, 0)
    journal.close()
    parts = sorted(journal.folder.glob("*.part"))
    assert len(parts) > 5
    parts[2].unlink()
    parts[4].write_bytes(b"?" * parts[4].stat().st_size)
    (report,) = ship_orphans(directory, lambda uri: recorder)
    assert report.error is None
    bases = [int(part.stem, 16) for part in parts] + [journal.end_offset]
    aside = list(read_rejected(directory))
    assert [(frame.error_code, frame.offset) for frame in aside] == [("DATA_LOSS", bases[3]), ("DATA_LOSS", bases[5])]
    lost = range(bases[2], bases[3]), range(bases[4], bases[5])
    got = [offset for offset, _, _ in recorder.records()]
    assert not any(offset - 1 in gap for offset in got for gap in lost)
    assert recorder.steps()[0] == 0
    assert recorder.steps()[-1] == 199
    assert len(got) == len(set(got)) > 100


def test_a_later_part_with_a_damaged_header_is_read_all_the_same(
    directory: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlflow.journal.writer.PART_BYTES", 1000)
    for chunk in ("FIRST_CHUNK", "LARGEST_CHUNK", "SMALLEST_CHUNK"):
        monkeypatch.setattr(f"mlflow.journal.part.{chunk}", 512)
    journal = Journal.open(f"recorder:{recorder.path}", directory)
    for step in range(100):
        journal.log_metrics("run", {"loss": 1.0}, step, 0)
    journal.close()
    for number, part in enumerate(sorted(journal.folder.glob("*.part"))):
        if number != 1:
            part.write_bytes(b"?" * 30 + part.read_bytes()[30:])
    (report,) = ship_orphans(directory, lambda uri: recorder)
    assert (report.error, report.rejected) == (None, 0)
    assert recorder.steps() == list(range(100))


@pytest.mark.parametrize("content", [b"", b"short", b"?" * 5000], ids=["empty", "short", "noise"])
def test_a_journal_without_a_header_is_listed_as_damaged_and_kept(abandoned: Abandoned, content: bytes) -> None:
    abandoned.part.write_bytes(content)
    (info,) = list_journals(abandoned.directory)
    assert info.damaged is not None
    assert "header is damaged" in info.damaged
    assert list(ship_orphans(abandoned.directory, lambda uri: abandoned.recorder)) == []
    assert abandoned.part.exists()


@pytest.mark.parametrize("content", [b"", b"\xff" * 12], ids=["empty", "noise"])
def test_a_lost_shipping_state_sends_all_again_and_doubles_nothing(abandoned: Abandoned, content: bytes) -> None:
    saved = {file: file.read_bytes() for file in abandoned.folder.iterdir() if file.is_file()}
    abandoned.ship()
    before = abandoned.recorder.records()
    abandoned.folder.mkdir()
    for file, data in saved.items():
        file.write_bytes(data)
    (abandoned.folder / "acknowledged").write_bytes(content)
    assert abandoned.ship().error is None
    assert abandoned.recorder.records() == before


def test_half_a_frame_of_a_living_journal_is_waited_for(journal: Journal, recorder: Recorder) -> None:
    for step in range(3):
        journal.log_metrics("run", {"loss": 1.0}, step, 0)
    reader = JournalReader(journal.folder)
    part = next(journal.folder.glob("*.part"))
    delivery = Delivery(reader, recorder, journal.directory)
    end, first = journal.end_offset, read_header(part)[1]
    data = part.read_bytes()
    last = data[first + end - 41 : first + end]
    part.write_bytes(data[: first + end] + last[:20] + bytes(1000))
    assert delivery.step()
    assert not delivery.step()
    time.sleep(0.6)
    assert not delivery.step()
    part.write_bytes(data[: first + end] + last + bytes(1000))
    assert delivery.step()
    assert recorder.steps() == [0, 1, 2, 2]
    reader.close()


def test_damage_inside_a_living_journal_is_passed_once_it_cannot_be_half_a_frame(
    journal: Journal, recorder: Recorder
) -> None:
    for step in range(20):
        journal.log_metrics("run", {"loss": 1.0}, step, 0)
    part = next(journal.folder.glob("*.part"))
    first = read_header(part)[1]
    with part.open("r+b") as file:
        file.seek(first + journal.end_offset - 5 * 41 + 30)
        file.write(b"?")
    reader = JournalReader(journal.folder)
    delivery = Delivery(reader, recorder, journal.directory)
    assert delivery.step()
    assert not delivery.step()
    time.sleep(0.6)
    assert delivery.step()
    assert recorder.steps() == [*range(15), *range(16, 20)]
    assert [frame.error_code for frame in read_rejected(journal.directory)] == ["DATA_LOSS"]
    reader.close()


def test_a_journal_of_another_host_is_shipped_only_when_asked_for(abandoned: Abandoned) -> None:
    header, first = read_header(abandoned.part)
    elsewhere = msgspec.structs.replace(header, host="elsewhere", boot_id="another")
    abandoned.part.write_bytes(elsewhere.encode() + abandoned.whole[first:])
    assert [info.foreign for info in list_journals(abandoned.directory)] == [True]
    assert list(ship_orphans(abandoned.directory, lambda uri: abandoned.recorder)) == []
    (report,) = ship_orphans(abandoned.directory, lambda uri: abandoned.recorder, foreign=True)
    assert report.error is None
    assert abandoned.recorder.steps() == list(range(60))


def test_a_journal_that_is_gone_or_shipped_by_another_says_so(abandoned: Abandoned) -> None:
    reader = JournalReader(abandoned.folder)
    with pytest.raises(ResourceConflict, match="Another process ships"):
        JournalReader(abandoned.folder)
    assert list(ship_orphans(abandoned.directory, lambda uri: abandoned.recorder)) == []
    reader.delete()
    with pytest.raises(ResourceDoesNotExist, match="There is no journal"):
        JournalReader(abandoned.folder)
