"""Rows that are passed over are as many as those that are read."""

import csv
import io
import random

import pytest

from mlflow.server import separated_rows
from mlflow.server.separated_rows import SeparatedRows

PARTS = ["a", "1,2", "ü", "\r\n", "\n", "\n", "\n", ",", "x" * 30]
QUOTED = [*PARTS, '"q\nq"', '"a""b"', "\r"]


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="\n")))


@pytest.mark.parametrize("parts", [PARTS, QUOTED], ids=["plain", "quoted"])
def test_passed_rows_are_those_that_reading_gives(monkeypatch: pytest.MonkeyPatch, parts: list[str]) -> None:
    monkeypatch.setattr(separated_rows, "_PIECE", 16)
    chance = random.Random(5)
    for _ in range(300):
        text = "".join(chance.choices(parts, k=chance.randrange(40)))
        try:
            expected = rows_of(text)
        except csv.Error:
            continue
        data, size, first = text.encode(), chance.randrange(1, 60), chance.randrange(12)
        rows = SeparatedRows((data[start : start + size] for start in range(0, len(data), size)), ",")
        head = next(iter(rows), None)
        assert head == (expected[0] if expected else None)
        assert rows.skip(first) == len(expected[1 : 1 + first])
        assert next(iter(rows), None) == (expected[1 + first] if len(expected) > 1 + first else None)
        assert rows.skip() == len(expected[2 + first :])
        assert rows.skip() == 0


def test_endless_line_is_refused_however_it_is_read() -> None:
    blocks = [b"head\n", *[b"x" * (1 << 20)] * 10]
    for skip in (True, False):
        rows = SeparatedRows(iter(blocks), ",")
        assert next(iter(rows)) == ["head"]
        with pytest.raises(csv.Error):
            rows.skip() if skip else next(iter(rows))
