from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mlflow.sql.series.points import LARGEST, Batch, Points, Position, clamp
from tests.sql.series_rows import HIGHEST, LOWEST, Row, columns, distinct, identities, listed, rows, same_bits


@given(rows)
def test_points_sort_by_step_then_timestamp_then_value_with_nan_after_zero(given_rows: list[Row]) -> None:
    assert identities(columns(given_rows).ordered()) == sorted(row.identity for row in given_rows)


@given(rows)
def test_equal_points_count_once_and_the_first_of_them_stays(given_rows: list[Row]) -> None:
    assert same_bits(columns(given_rows).distinct(), columns(distinct(given_rows)))


@given(rows)
def test_listing_by_time_orders_by_timestamp_then_step_then_value(given_rows: list[Row]) -> None:
    by_time = columns(given_rows).distinct().by_time()

    def key(row: Row) -> tuple[int, int, float, bool]:
        return row.timestamp, row.step, *row.identity[2:]

    assert identities(by_time) == identities(sorted(distinct(given_rows), key=key))


@given(rows)
def test_positions_compare_as_points_sort(given_rows: list[Row]) -> None:
    points = columns(given_rows).ordered()
    places = [points.position(index) for index in range(len(points))]
    assert places == sorted(places)
    assert [math.isnan(place.value) for place in places] == np.isnan(points.values).tolist()


def test_places_of_the_mlflow_listing_are_kept() -> None:
    # as MLflow 3.17.2 answers get-history for one step and timestamp
    listing = [-LARGEST, -1.0, 0.0, math.nan, 1.0, LARGEST]
    points = columns([Row(1, 5, value) for value in (math.nan, -1.0, 1.0, 0.0, math.inf, -math.inf)])
    assert identities(points.ordered().by_time()) == [Row(1, 5, value).identity for value in listing]


def test_infinities_are_clamped_and_nan_stays() -> None:
    clamped = clamp(np.array([math.inf, -math.inf, math.nan, 1.5]))
    assert clamped.tolist()[:2] == [LARGEST, -LARGEST]
    assert math.isnan(clamped[2])
    assert clamped[3] == 1.5


def test_finite_values_are_not_copied_by_clamping() -> None:
    values = np.array([1.0, math.nan])
    assert clamp(values) is values


def test_nan_position_gives_nan_back() -> None:
    assert Position.of(1, 2, math.nan) == (1, 2, 0.0, True)
    assert math.isnan(Position.of(1, 2, math.nan).value)


@given(st.lists(st.tuples(st.sampled_from([7, 0, -5, HIGHEST >> 32, LOWEST >> 32]), st.integers(0, 99)), max_size=50))
def test_batch_falls_apart_by_key_in_arrival_order(pairs: list[tuple[int, int]]) -> None:
    keys = np.array([key for key, _ in pairs], np.int32)
    batch = Batch(keys, columns([Row(step, 0, 0.0) for _, step in pairs]))
    parts = {key: points.steps.tolist() for key, points in batch.by_key()}
    assert parts == {key: [step for other, step in pairs if other == key] for key in sorted(keys.tolist())}
    assert list(parts) == sorted(parts)


def test_joining_nothing_gives_nothing() -> None:
    assert listed(Points.joined([])) == []
    assert len(Batch.joined([])) == 0
    assert list(Batch.joined([]).by_key()) == []


def test_joined_batches_follow_each_other() -> None:
    one, other = (Batch(np.array([key], np.int32), columns([Row(key, 0, 0.5)])) for key in (4, 2))
    joined = Batch.joined([one, other])
    assert joined.keys.tolist() == [4, 2]
    assert joined.points.steps.tolist() == [4, 2]
