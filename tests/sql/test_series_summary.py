from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.sql.series.points import LARGEST, Batch, Points
from mlflow.sql.series.summary import Summary, summaries_by_key
from mlflow.sql.stored_series import SeriesId, lone_rows, summary_row
from tests.sql.series_rows import HIGHEST, LOWEST, Row, columns, distinct, rows, some_rows, training


def reference(given_rows: list[Row]) -> Summary:
    def low(row: Row) -> tuple[int, int, float]:
        return row.step, row.timestamp, -math.inf if math.isnan(row.value) else row.value

    def high(row: Row) -> tuple[int, int, float]:
        return row.step, row.timestamp, math.inf if math.isnan(row.value) else row.value

    latest, first = max(given_rows, key=low), min(given_rows, key=high)
    numbers = [row for row in given_rows if not math.isnan(row.value)]
    least = min(numbers, key=lambda row: (row.value, row.step), default=None)
    greatest = min(numbers, key=lambda row: (-row.value, row.step), default=None)
    return Summary(
        count=len(given_rows),
        nan_count=len(given_rows) - len(numbers),
        latest_value=latest.value,
        latest_step=latest.step,
        latest_timestamp=latest.timestamp,
        first_value=first.value,
        first_step=first.step,
        first_timestamp=first.timestamp,
        min_value=least and least.value,
        min_step=least and least.step,
        max_value=greatest and greatest.value,
        max_step=greatest and greatest.step,
        mean=float(sum(Fraction(row.value) for row in numbers) / len(numbers)) if numbers else None,
        mean_residue=0.0,
        last_timestamp=max(row.timestamp for row in given_rows),
    )


def check(found: Summary, given_rows: list[Row]) -> None:
    expected = reference(given_rows)
    for name in Summary.__struct_fields__:
        if not name.startswith("mean"):
            assert same(getattr(found, name), getattr(expected, name)), name
    assert (found.mean is None) == (expected.mean is None)
    if found.mean is not None and expected.mean is not None:
        scale = max(abs(row.value) for row in given_rows if not math.isnan(row.value))
        # a subnormal mean has no more than its last bit to be right in
        assert abs(found.mean / 2 - expected.mean / 2) <= max(1e-12 * scale / 2, 1e-322)


def same(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and math.isnan(one) and math.isnan(other))


@given(some_rows)
def test_summary_matches_the_plain_definition(given_rows: list[Row]) -> None:
    kept = distinct(given_rows)
    check(Summary.of(columns(kept)), kept)
    check(Summary.of(columns(kept[::-1])), kept)


@given(some_rows, rows)
def test_merged_summary_is_that_of_all_points(old: list[Row], new: list[Row]) -> None:
    known = {row.identity for row in old}
    fresh = [row for row in distinct(new) if row.identity not in known]
    one = Summary.of(columns(distinct(old)))
    if fresh:
        check(one.merge(Summary.of(columns(fresh))), distinct([*old, *fresh]))
        check(Summary.of(columns(fresh)).merge(one), distinct([*old, *fresh]))


@given(st.lists(st.tuples(st.integers(0, 4), st.builds(Row, st.integers(-9, 9), st.integers(0, 3), st.floats(-1, 1)))))
def test_keys_are_summed_up_apart(pairs: list[tuple[int, Row]]) -> None:
    pairs = list({(key, row.identity): (key, row) for key, row in pairs}.values())
    batch = Batch(np.array([key for key, _ in pairs], np.int32), columns([row for _, row in pairs]))
    found = summaries_by_key(batch)
    assert sorted(found) == sorted({key for key, _ in pairs})
    for key, summary in found.items():
        check(summary, [row for other, row in pairs if other == key])


def test_mean_does_not_depend_on_the_order_of_merging() -> None:
    points = training(5000)
    values = Points(points.steps, points.timestamps, points.values * 1e6 + 1e9)
    one_by_one = Summary.of(values[:1])
    for index in range(1, len(values)):
        one_by_one = one_by_one.merge(Summary.of(values[index : index + 1]))
    halves = Summary.of(values[:700]).merge(Summary.of(values[700:]))
    exact = math.fsum(values.values.tolist()) / len(values)
    for summary in (one_by_one, halves, Summary.of(values)):
        assert summary.mean == pytest.approx(exact, rel=1e-14)


def test_mean_of_the_largest_doubles_is_finite() -> None:
    points = columns([Row(step, 0, sign * LARGEST) for step, sign in enumerate((1, 1, 1, -1))])
    assert Summary.of(points).mean == LARGEST / 2
    assert Summary.of(points[:3]).mean == pytest.approx(LARGEST)
    assert Summary.of(points[:3]).merge(Summary.of(points[3:])).mean == pytest.approx(LARGEST / 2)
    assert Summary.of(points[3:]).merge(Summary.of(points[:1])).mean == 0


def test_least_value_keeps_the_step_of_its_first_occurrence() -> None:
    summary = Summary.of(columns([Row(9, 0, 0.1), Row(4, 0, 0.1), Row(5, 0, 0.7), Row(6, 0, 0.7)]))
    assert (summary.min_step, summary.max_step) == (4, 5)
    earlier = summary.merge(Summary.of(columns([Row(2, 0, 0.1), Row(3, 0, 0.7)])))
    assert (earlier.min_step, earlier.max_step) == (2, 3)


def test_series_of_nan_has_no_least_greatest_or_mean() -> None:
    summary = Summary.of(columns([Row(1, 2, math.nan)]))
    assert (summary.min_value, summary.max_step, summary.mean, summary.numbers) == (None, None, None, 0)
    assert math.isnan(summary.latest_value)
    number = summary.merge(Summary.of(columns([Row(1, 2, -3.0)])))
    assert (number.latest_value, number.mean, number.min_value) == (-3.0, -3.0, -3.0)


def test_steps_at_the_limits_of_int64_are_kept() -> None:
    summary = Summary.of(columns([Row(LOWEST, 0, 1.0), Row(HIGHEST, 0, 2.0)]))
    assert (summary.first_step, summary.latest_step, summary.min_step, summary.max_step) == (
        LOWEST,
        HIGHEST,
        LOWEST,
        HIGHEST,
    )


def test_no_points_have_no_summary() -> None:
    assert summaries_by_key(Batch.joined([])) == {}
    with pytest.raises(ValueError, match="at least one"):
        Summary.of(columns([]))


def test_rows_of_points_that_are_alone_are_those_of_their_summaries() -> None:
    values = [0.5, math.nan, -0.0, -LARGEST, LARGEST]
    batch = Batch(np.arange(5, dtype=np.int32), Points.of([3, -(2**63), 0, 2**63 - 1, 7], [0, 1, 2, 3, 4], values))
    expected = [summary_row(SeriesId(9, key), 4, Summary.of(points)) for key, points in batch.by_key()]
    assert list(lone_rows(9, 4, batch)) == expected
