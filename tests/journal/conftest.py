"""A journal directory and a destination for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlflow.journal.writer import Journal
from tests.journal.recorder import Recorder


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path / "recorded.sqlite")


@pytest.fixture
def open_journal(directory: Path, recorder: Recorder) -> Iterator[Callable[..., Journal]]:
    """Open journals for the recorder; they are closed after the test."""
    opened: list[Journal] = []

    def open_(**options: bool) -> Journal:
        opened.append(Journal.open(f"recorder:{recorder.path}", directory, **options))
        return opened[-1]

    yield open_
    for journal in opened:
        journal.close()


@pytest.fixture
def journal(open_journal: Callable[..., Journal]) -> Journal:
    return open_journal()
