from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.sql.series.merge import route, split, union
from mlflow.sql.series.points import Points
from tests.sql.series_rows import Row, columns, distinct, identities, rows, training


@given(rows, rows)
def test_union_is_exact_and_tells_what_was_new(old: list[Row], new: list[Row]) -> None:
    existing = columns(distinct(old))
    merged, added = union(existing, columns(new))
    known = {row.identity for row in old}
    assert identities(merged) == identities(distinct([*old, *new]))
    assert identities(added) == [row.identity for row in distinct(new) if row.identity not in known]


@given(rows)
def test_points_sent_again_add_nothing(given_rows: list[Row]) -> None:
    existing = columns(distinct(given_rows))
    merged, added = union(existing, columns(given_rows[::-1]))
    assert identities(merged) == identities(existing)
    assert len(added) == 0


def test_later_points_are_appended_without_reading_the_old_ones() -> None:
    old = training(2000)
    # only the last point may be looked at: what lies before it is out of order on purpose
    existing = Points(np.append(old.steps[1999:0:-1], 2000), old.timestamps, old.values)
    merged, added = union(existing, columns([Row(2001, 0, 0.5)]))
    assert merged.steps.tolist() == [*existing.steps.tolist(), 2001]
    assert added.steps.tolist() == [2001]


@pytest.mark.parametrize(("n", "lengths"), [(0, []), (1, [1]), (4096, [4096]), (4097, [4096, 1]), (8192, [4096] * 2)])
def test_split_gives_full_pieces_and_a_remainder(n: int, lengths: list[int]) -> None:
    points = training(n)
    pieces = split(points)
    assert [len(piece) for piece in pieces] == lengths
    assert identities(Points.joined(pieces)) == identities(points)


@given(rows, rows, st.integers(1, 7))
def test_routed_points_merge_segment_by_segment_to_the_same_union(old: list[Row], new: list[Row], size: int) -> None:
    existing = columns(distinct(old))
    segments = split(existing, size)
    routed = route([segment.position(-1) for segment in segments], columns(new))
    parts, added = [], []
    for index in range(len(segments) + 1):
        segment = segments[index] if index < len(segments) else columns([])
        merged, fresh = union(segment, routed.get(index, columns([])))
        parts.append(merged)
        added.append(fresh)
    merged, fresh = union(existing, columns(new))
    assert identities(Points.joined(parts)) == identities(merged)
    assert identities(Points.joined(added)) == identities(fresh)


def test_later_points_touch_no_segment() -> None:
    lasts = [training(10).position(-1)]
    assert list(route(lasts, columns([Row(10, 0, 0.1), Row(11, 0, 0.2)]))) == [1]


def test_no_points_are_routed_nowhere() -> None:
    assert route([training(10).position(-1)], columns([])) == {}
