from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.exceptions import DataLoss
from mlflow.sql.series.merge import split
from mlflow.sql.series.outline import POINTS_A_CELL, decode_outlines, encode_outline
from mlflow.sql.series.points import LARGEST, Points
from mlflow.sql.series.zoom import Axis, Buckets, Zoom
from tests.sql.series_rows import HIGHEST, LOWEST, Row, columns, distinct, listed, rows, training


def drawn(points: Points, axis: Axis, start: int, end: int, count: int, size: int = 4096) -> Buckets:
    segments = split(points, size)
    zoom = Zoom(axis, start, end, count, [encode_outline(segment) for segment in segments])
    return zoom.draw({index: segments[index] for index in zoom.needed})


def along(row: Row, axis: Axis) -> tuple[int, int, int, float]:
    other = row.timestamp if axis is Axis.STEP else row.step
    return row.step if axis is Axis.STEP else row.timestamp, other, *row.identity[2:]


def reference(given_rows: list[Row], axis: Axis, start: int, end: int, count: int) -> list[tuple]:
    buckets: dict[int, list[Row]] = {}
    for row in sorted(given_rows, key=lambda row: along(row, axis)):
        if start <= (place := along(row, axis)[0]) <= end:
            buckets.setdefault((place - start) * count // (end - start + 1), []).append(row)
    return [(index, *described(inside, axis)) for index, inside in sorted(buckets.items())]


def described(inside: list[Row], axis: Axis) -> tuple:
    numbers = [row.value for row in inside if not math.isnan(row.value)]
    places = [along(row, axis)[0] for row in inside]
    mean = float(sum(map(Fraction, numbers)) / len(numbers)) if numbers else math.nan
    close = pytest.approx(mean, rel=1e-12, abs=1e-12 * max(map(abs, numbers), default=0.0), nan_ok=True)
    least, greatest, last = (min(numbers), max(numbers), numbers[-1]) if numbers else (math.nan,) * 3
    return places[0], places[-1], least, greatest, close, last, len(inside)


def rows_of(buckets: Buckets) -> list[tuple]:
    return list(zip(*(getattr(buckets, name).tolist() for name in Buckets.__struct_fields__), strict=True))


def same(found: list[tuple], expected: list[tuple]) -> bool:
    return len(found) == len(expected) and all(
        a == b or (isinstance(a, float) and math.isnan(a) and b == pytest.approx(math.nan, nan_ok=True))
        for one, other in zip(found, expected, strict=True)
        for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("axis", Axis, ids=lambda axis: axis.value)
@given(
    given_rows=rows,
    range_=st.tuples(st.integers(-4, 4), st.integers(-4, 4)) | st.tuples(st.just(LOWEST), st.just(HIGHEST)),
    count=st.integers(1, 9),
)
def test_buckets_of_loaded_points_are_exact(
    axis: Axis, given_rows: list[Row], range_: tuple[int, int], count: int
) -> None:
    kept, (start, end) = distinct(given_rows), sorted(range_)
    found = rows_of(drawn(columns(kept), axis, start, end, count, size=7))
    assert same(found, reference(kept, axis, start, end, count))


def test_points_in_no_segment_are_drawn_too() -> None:
    stored, pending = columns([Row(1, 0, 0.5), Row(3, 0, 0.7)]), columns([Row(5, 0, 0.9), Row(2, 0, 0.1)])
    zoom = Zoom(Axis.STEP, 0, 9, 1, [encode_outline(stored)])
    buckets = zoom.draw({0: stored}, pending)
    assert (buckets.count.tolist(), buckets.last.tolist(), buckets.min.tolist()) == ([4], [0.9], [0.1])


@pytest.mark.parametrize("axis", Axis, ids=lambda axis: axis.value)
def test_wide_chart_reads_no_points_and_misses_none(axis: Axis) -> None:
    points = training(64 * 4096)
    places = points.steps if axis is Axis.STEP else points.timestamps
    start, end = int(places[0]), int(places[-1])
    segments = split(points)
    zoom = Zoom(axis, start, end, 100, [encode_outline(segment) for segment in segments])
    assert zoom.needed == []
    buckets = zoom.draw({})
    assert buckets.count.sum() == len(points)
    for index in range(len(buckets.index)):
        inside = points.values[(places >= buckets.low[index]) & (places <= buckets.high[index])]
        assert (buckets.min[index], buckets.max[index]) == (inside.min(), inside.max())
        assert buckets.mean[index] == pytest.approx(inside.mean())
        assert (buckets.last[index], buckets.count[index]) == (inside[-1], len(inside))


def test_no_point_is_drawn_further_than_half_a_bucket_from_its_place() -> None:
    points = training(64 * 4096)
    buckets = drawn(points, Axis.STEP, 1000, 200_999, 300)
    edges = 1000 + buckets.index * 200_000 / 300
    assert (buckets.low >= edges - 200_000 / 600).all()
    assert (buckets.high <= edges + 200_000 / 200).all()
    assert buckets.count.sum() == 200_000


def test_narrow_chart_is_exact_and_reads_the_touched_segments_only() -> None:
    points = training(20 * 4096)
    segments = split(points)
    zoom = Zoom(Axis.STEP, 5000, 5999, 320, [encode_outline(segment) for segment in segments])
    assert zoom.needed == [1]
    kept = listed(points[5000:6000])
    assert same(rows_of(zoom.draw({1: segments[1]})), reference(kept, Axis.STEP, 5000, 5999, 320))


def test_wide_chart_with_sparse_parts_counts_every_point_once() -> None:
    points = training(8 * 4096)
    gaps = Points(points.steps + 10**6 * (points.steps // 5000), points.timestamps, points.values)
    buckets = drawn(gaps, Axis.STEP, int(gaps.steps[0]), int(gaps.steps[-1]), 50)
    assert buckets.count.sum() == len(points)


def test_outlines_leave_nan_out_and_survive_the_largest_doubles() -> None:
    n = 4 * POINTS_A_CELL
    values = np.tile([LARGEST, -LARGEST, LARGEST, math.nan], n // 4)
    values[:POINTS_A_CELL] = math.nan
    points = Points(np.arange(n), np.arange(n), values)
    buckets = drawn(points, Axis.STEP, 0, 64 * n, 64)
    assert buckets.count.tolist() == [n]
    assert (buckets.min.tolist(), buckets.max.tolist(), buckets.last.tolist()) == ([-LARGEST], [LARGEST], [LARGEST])
    assert buckets.mean.tolist() == [pytest.approx(LARGEST / 3)]


def test_outlines_of_several_lengths_decode_together() -> None:
    lengths = [4096, 4096, 10, 300, 5000, 4096]
    cells, owners = decode_outlines([encode_outline(training(n)) for n in lengths])
    assert np.bincount(owners, weights=cells.count, minlength=6).tolist() == [4096, 4096, 0, 300, 5000, 4096]


def test_segment_of_one_cell_has_no_outline_and_is_read() -> None:
    assert encode_outline(training(POINTS_A_CELL)) == b""
    assert Zoom(Axis.STEP, 0, 10**6, 2, [b""]).needed == [0]


def test_empty_range_draws_nothing() -> None:
    assert rows_of(drawn(training(5000), Axis.STEP, 10_000, 20_000, 10)) == []
    assert rows_of(Zoom(Axis.STEP, 0, 1, 1, []).draw({})) == []


@pytest.mark.parametrize(("start", "end", "count"), [(1, 0, 5), (0, 1, 0)], ids=["end first", "no bucket"])
def test_impossible_zoom_is_refused(start: int, end: int, count: int) -> None:
    with pytest.raises(ValueError, match="cannot divide"):
        Zoom(Axis.STEP, start, end, count, [])


def test_damaged_outline_is_data_loss() -> None:
    outline = encode_outline(training(600))
    for index in range(len(outline)):
        damaged = outline[:index] + bytes((outline[index] ^ 0x10,)) + outline[index + 1 :]
        if index != 1:
            with pytest.raises(DataLoss):
                decode_outlines([damaged])
        if index:
            with pytest.raises(DataLoss):
                decode_outlines([outline[:index]])
