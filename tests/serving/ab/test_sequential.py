"""The test that may be looked at after every reward: its level, its power, and its form in the server."""

import numpy as np
import pytest

from mlflow.serving.ab.sequential import BURN_IN, PRIOR, SLOPES, Difference, log_factors
from tests.serving.ab.simulation import found_at

ALPHA = 0.05


def test_no_difference_is_found_no_oftener_than_the_level_says_when_looking_after_every_request() -> None:
    found = found_at((0.05, 0.05), requests=10_000, experiments=2_000, share=0.5, seed=1, alpha=ALPHA)
    assert np.mean(found > 0) <= ALPHA


def test_five_against_six_percent_is_found_within_forty_thousand_requests() -> None:
    found = found_at((0.05, 0.06), requests=40_000, experiments=120, share=0.5, seed=1, alpha=ALPHA)
    assert np.mean(found > 0) >= 0.8


@pytest.mark.parametrize(("rate", "share"), [(0.05, 0.1), (0.01, 0.1), (0.01, 0.01), (0.5, 0.2)])
def test_rare_conversions_and_uneven_splits_keep_the_level(rate: float, share: float) -> None:
    found = found_at((rate, rate), requests=4_000, experiments=400, share=share, seed=2, alpha=ALPHA)
    assert np.mean(found > 0) <= ALPHA


def test_the_factors_have_mean_one_whatever_the_reward() -> None:
    scores, share = np.array([-700.0, -3.0, 0.0, 0.5, 40.0, 900.0]), np.array([0.5, 0.1, 0.9, 0.01, 0.3, 0.5])
    treated = np.exp(log_factors(scores, np.ones(6), share))
    control = np.exp(log_factors(scores, np.zeros(6), share))
    np.testing.assert_allclose(share[:, None] * treated + (1 - share[:, None]) * control, 1)


def test_the_prior_is_one_of_both_signs() -> None:
    assert np.exp(PRIOR).sum() == pytest.approx(1)
    np.testing.assert_allclose(SLOPES, -SLOPES[::-1])


def rewards(random: np.random.Generator, number: int, lift: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    treated = random.random(number) < 0.3
    return random.lognormal(size=number) + lift * treated, treated, np.full(number, 0.3)


def test_one_by_one_comes_to_the_same_as_all_at_once() -> None:
    values, treated, share = rewards(np.random.default_rng(3), 700, 0.4)
    whole, single = Difference(), Difference()
    whole.update(values, treated, share)
    for place in range(len(values)):
        single.update(values[place : place + 1], treated[place : place + 1], share[place : place + 1])
    assert single.evidence == pytest.approx(whole.evidence)
    np.testing.assert_allclose(single.logs, whole.logs)


def test_a_difference_of_means_is_found_with_its_direction() -> None:
    for lift, upwards in ((0.5, True), (-0.5, False)):
        found = Difference()
        found.update(*rewards(np.random.default_rng(4), 6_000, lift))
        assert found.p_value < 0.001
        assert found.upwards is upwards


def test_the_p_value_only_falls() -> None:
    random, found, before = np.random.default_rng(5), Difference(), 1.0
    for _ in range(50):
        found.update(*rewards(random, 40, 0.2))
        assert found.p_value <= before
        before = found.p_value


def test_what_everybody_earns_alike_teaches_nothing() -> None:
    found = Difference()
    found.update(np.ones(1000), np.arange(1000) % 2 == 0, np.full(1000, 0.5))
    assert (found.p_value, found.rewards, found.scale) == (1.0, 1000, 0.0)


def test_requests_that_could_go_to_one_variant_only_teach_nothing() -> None:
    found = Difference()
    found.update(*rewards(np.random.default_rng(6), BURN_IN, 0.0))
    logs = list(found.logs)
    found.update(np.array([9.0, 0.0]), np.array([True, False]), np.array([1.0, 0.0]))
    assert found.logs == logs
