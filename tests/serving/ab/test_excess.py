"""The test of guardrails: exact, quick where a variant is broken, silent where it is as allowed."""

import math

import numpy as np

from mlflow.serving.ab.excess import excess_evidence

ENOUGH = -math.log(0.05)


def test_a_variant_that_always_fails_is_found_at_once() -> None:
    assert excess_evidence(2, 2, 0.01) >= ENOUGH


def test_one_failure_is_no_evidence() -> None:
    assert excess_evidence(1, 1, 0.05) < ENOUGH


def test_what_is_allowed_is_found_no_oftener_than_the_level_says() -> None:
    random, found = np.random.default_rng(1), 0
    for _ in range(300):
        bad = np.cumsum(random.random(1_500) < 0.05)
        found += any(excess_evidence(int(bad[n]), n + 1, 0.05) >= ENOUGH for n in range(0, 1_500, 15))
    assert found / 300 <= 0.05


def test_twice_what_is_allowed_is_found_within_two_thousand_answers() -> None:
    random, found = np.random.default_rng(2), 0
    for _ in range(100):
        found += excess_evidence(int((random.random(2_000) < 0.04).sum()), 2_000, 0.02) >= ENOUGH
    assert found >= 95
