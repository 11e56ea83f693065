from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mlflow.sql.series.history import Page
from mlflow.sql.series.merge import split
from mlflow.sql.series.segment import Header
from tests.sql.series_rows import Row, columns, distinct, identities, rows, training


def page(headers: list[Header], offset: int, limit: int) -> Page:
    counts, least, greatest = zip(*((h.count, h.min_timestamp, h.max_timestamp) for h in headers), strict=True)
    return Page.of(counts, least, greatest, offset, limit)


@given(rows, st.integers(1, 6), st.integers(0, 70), st.integers(0, 70))
def test_page_equals_that_slice_of_the_whole_listing(given_rows: list[Row], size: int, offset: int, limit: int) -> None:
    points = columns(distinct(given_rows))
    segments = split(points, size)
    if not segments:
        assert Page.of([], [], [], offset, limit).needed == []
        return
    found = page([Header.of(segment) for segment in segments], offset, limit)
    cut = found.cut([segments[index] for index in found.needed])
    assert identities(cut) == identities(points.by_time())[offset : offset + limit]


def test_page_of_a_steady_clock_reads_only_its_own_segments() -> None:
    headers = [Header.of(segment) for segment in split(training(10 * 4096))]
    found = page(headers, 3 * 4096 + 5, 100)
    assert (found.needed, found.skip) == ([3], 5)
    assert page(headers, 4 * 4096 - 1, 2).needed == [3, 4]


def test_page_after_the_end_reads_nothing() -> None:
    headers = [Header.of(segment) for segment in split(training(100))]
    assert page(headers, 100, 10).needed == []
