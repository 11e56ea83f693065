"""Intervals of means and differences."""

import math

import numpy as np
import pytest

from mlflow.serving.ab.intervals import Interval, Moments, difference_interval, mean_interval


def moments(values: np.ndarray) -> Moments:
    return Moments(len(values), float(values.sum()), float(np.square(values).sum()))


def test_the_radius_is_that_of_the_source() -> None:
    values = np.random.default_rng(1).normal(3, 2, 5_000)
    found = mean_interval(moments(values), 0.05)
    t, rho = 5_000, math.sqrt(8 / 10_000)
    expected = values.std() * math.sqrt(
        2 * (t * rho**2 + 1) / (t**2 * rho**2) * math.log(math.sqrt(t * rho**2 + 1) / 0.05)
    )
    assert found.value == pytest.approx(values.mean())
    assert found.high - found.value == pytest.approx(expected)


def test_bounds_of_a_rate_are_rates_once_they_are_known() -> None:
    assert Interval(0.01, -0.2, 0.22).within(0.0, 1.0) == Interval(0.01, 0.0, 0.22)
    unknown = Interval(0.5, -math.inf, math.inf)
    assert unknown.within(0.0, 1.0) == unknown


def test_an_interval_of_nothing_is_infinite() -> None:
    assert mean_interval(Moments(), 0.05).high == math.inf
    assert difference_interval([(Moments(), Moments(5, 1, 1))], 0.05).low == -math.inf


def test_intervals_hold_at_all_times_together() -> None:
    random, missed, experiments, rate = np.random.default_rng(2), 0, 300, 0.2
    for _ in range(experiments):
        counts = np.cumsum(random.random(5_000) < rate)
        looked = [mean_interval(Moments(n, counts[n - 1], counts[n - 1]), 0.05) for n in range(50, 5_001, 50)]
        missed += any(not found.low <= rate <= found.high for found in looked)
    assert missed / experiments <= 0.05


def test_a_drift_of_all_rewards_while_shares_change_is_no_difference() -> None:
    # half of the traffic while one in ten converts, then a tenth while half of them do
    early = Moments(1_000, 100, 100), Moments(1_000, 100, 100)
    late = Moments(9_000, 4_500, 4_500), Moments(1_000, 500, 500)
    assert difference_interval([early, late], 0.05).value == pytest.approx(0)
    pooled = difference_interval([(early[0] + late[0], early[1] + late[1])], 0.05)
    assert pooled.high < 0


def test_no_variance_is_zero_after_a_few_equal_rewards() -> None:
    found = difference_interval([(Moments(20, 0, 0), Moments(20, 3, 3))], 0.05)
    assert found.low < 0 < found.high < math.inf
