"""Who gets whom: the share of each variant, and how few are moved by new weights."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlflow.exceptions import InvalidParameterValue
from mlflow.serving.traffic.split import BUCKETS, Split, bucket_of

NAMES = [f"v{number}" for number in range(5)]
WEIGHTS = st.dictionaries(st.sampled_from(NAMES), st.floats(0, 1e6), min_size=1).filter(lambda w: max(w.values()) > 0)
KEYS = [f"user-{number}" for number in range(20_000)]


@pytest.mark.parametrize("weights", [{"a": 90, "b": 10}, {"a": 1, "b": 1, "c": 2}, {"a": 0, "b": 5}, {"a": 3}])
def test_callers_are_divided_as_the_weights_say(weights: dict[str, float]) -> None:
    split = Split.of(weights)
    chosen = [split.choose(bucket_of(key)) for key in KEYS]
    for name, weight in weights.items():
        assert chosen.count(name) / len(KEYS) == pytest.approx(weight / sum(weights.values()), abs=0.012)


def test_a_key_stays_with_its_variant_in_every_process() -> None:
    assert [bucket_of("user-1"), bucket_of("ü"), bucket_of("")] == [3768, 1335, 9876]
    assert bucket_of("user-1", "another experiment") != bucket_of("user-1")
    assert bucket_of("\ud800") in range(BUCKETS)


def test_keys_are_spread_evenly_over_buckets() -> None:
    counts = [0] * 10
    for key in KEYS:
        counts[bucket_of(key) * 10 // BUCKETS] += 1
    expected = len(KEYS) / 10
    assert sum((count - expected) ** 2 / expected for count in counts) < 27.9  # chi-squared, 9 degrees, 0.1 %


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(before=WEIGHTS, after=WEIGHTS)
def test_a_change_of_weights_moves_only_the_share_that_must_move(
    before: dict[str, float], after: dict[str, float]
) -> None:
    split = Split.of(before)
    moved = split.moved_to(after)
    least = sum(max(0.0, moved.share(name) - split.share(name)) for name in NAMES)
    assert moved.differs_from(split) == pytest.approx(least)
    assert [moved.share(name) for name in after] == [Split.of(after).share(name) for name in after]


def test_the_way_up_never_gives_back_who_was_moved() -> None:
    split = Split.of({"old": 100, "new": 0})
    had: set[int] = set()
    for percent in (1, 5, 25, 50, 100):
        split = split.moved_to({"old": 100 - percent, "new": percent})
        has = {bucket for bucket in range(BUCKETS) if split.choose(bucket) == "new"}
        assert had <= has
        assert len(has) == percent * 100
        had = has


@pytest.mark.parametrize(
    "weights", [{}, {"a": 0}, {"a": -1, "b": 2}, {"a": float("nan")}, {"a": float("inf")}, dict.fromkeys(range(256), 1)]
)
def test_weights_that_divide_nothing_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(InvalidParameterValue, match=r"weight|Weights|All|at most"):
        Split.of(weights)
