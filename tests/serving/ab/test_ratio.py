"""The test of the split: its level when looking after every request, its power, and weights that change."""

import math
import sqlite3

import numpy as np
import pytest

from mlflow.serving.ab.assigned import Assigned, note_assigned, take_assigned
from mlflow.serving.ab.database import Database
from mlflow.serving.ab.ratio import SPLIT_ALPHA, Division, Share, log_mixture, log_products, ratio_evidence
from mlflow.serving.ab.tallies import Slot, Tally

ENOUGH = -math.log(SPLIT_ALPHA)


def slot(variant: str, weights: dict[str, float], phase: int = 1) -> Slot:
    return Slot(phase, variant, "1", tuple(weights.items()))


def evidence(weights: dict[str, float], **counts: int) -> float:
    return ratio_evidence([Share(weights, counts)])


def ever_found(weight: float, true: float, requests: int, experiments: int, seed: int, level: float) -> float:
    """How often a split is found wrong when looking after every request."""
    random, found = np.random.default_rng(seed), 0
    every = np.arange(1, requests + 1)
    for _ in range(experiments):
        went = np.cumsum(random.random(requests) < true)
        products = log_products({"a": 1 - weight, "b": weight}, {"a": every - went, "b": went})
        found += bool((log_mixture(products) >= -math.log(level)).any())
    return found / experiments


@pytest.mark.parametrize("weight", [0.5, 0.1])
def test_a_split_as_told_is_found_wrong_no_oftener_than_the_level_says(weight: float) -> None:
    assert ever_found(weight, weight, requests=1_000, experiments=300, seed=1, level=0.05) <= 0.05


def test_a_tenth_of_lost_requests_is_found_within_fifteen_thousand() -> None:
    random = np.random.default_rng(2)
    true = 0.5 * 0.9 / (0.5 + 0.5 * 0.9)
    counts = random.binomial(15_000, true, size=200)
    found = [evidence({"a": 0.5, "b": 0.5}, a=15_000 - int(n), b=int(n)) >= ENOUGH for n in counts]
    assert np.mean(found) >= 0.9


def test_a_variant_that_never_answers_is_found_at_once() -> None:
    assert evidence({"a": 0.5, "b": 0.5}, a=40) >= ENOUGH
    assert evidence({"a": 0.9, "b": 0.1}, a=400) >= ENOUGH


def test_a_ramp_is_no_mismatch_and_its_losses_add_up() -> None:
    fine, lossy = Division(), Division()
    for phase, percent in enumerate((0.05, 0.1, 0.25, 0.5)):
        weights = {"a": 1 - percent, "b": percent}
        sent = 4_000, round(4_000 * percent / (1 - percent))
        fine.take({slot("a", weights, phase): sent[0], slot("b", weights, phase): sent[1]})
        lossy.take({slot("a", weights, phase): sent[0], slot("b", weights, phase): round(sent[1] * 0.87)})
    assert fine.fits
    assert not Division(lossy.shares[:3]).fits
    assert lossy.evidence > max(ratio_evidence([share]) for share in lossy.shares)
    assert "'b' has" in lossy.shown()["message"]


def test_of_three_variants_the_one_that_loses_is_enough() -> None:
    weights = {"a": 0.6, "b": 0.2, "c": 0.2}
    assert evidence(weights, a=6_000, b=2_000, c=2_000) < 0
    assert evidence(weights, a=6_000, b=2_000, c=1_600) >= ENOUGH


def test_what_could_not_happen_by_the_weights_teaches_nothing() -> None:
    assert evidence({"a": 1.0, "b": 0.0}, a=100, b=3) == 0.0
    assert evidence({"a": 0.5, "b": 0.5, "c": 0.0}, a=50, b=50, c=9) < 0
    assert ratio_evidence([]) == 0.0


# Requests by when they were assigned


@pytest.fixture
def connection() -> sqlite3.Connection:
    """To a ledger's file with one slot of experiment 1."""
    with Database.open(None).transaction() as found:
        found.execute(
            "INSERT INTO slots (id, experiment, document, tally) VALUES (1, 1, ?, ?)",
            (_json(slot("a", {"a": 0.5, "b": 0.5})), _json(Tally())),
        )
    return found


def _json(value: object) -> bytes:
    import msgspec

    return msgspec.json.encode(value)


def test_requests_wait_until_all_of_their_time_are_answered(connection: sqlite3.Connection) -> None:
    note_assigned(connection, 1, [Assigned(1, at, "") for at in (1_000, 1_900, 2_000, 70_000)])
    assert take_assigned(connection, 1, 0, 2_500) == {slot("a", {"a": 0.5, "b": 0.5}): 2}
    assert take_assigned(connection, 1, 0, 2_500) == {}
    assert sum(take_assigned(connection, 1, 60_000, 99_000).values()) == 1  # what was earlier is dropped


def test_a_sticky_key_counts_once(connection: sqlite3.Connection) -> None:
    for _ in range(3):
        note_assigned(connection, 1, [Assigned(1, 0, "ann"), Assigned(1, 0, "bob"), Assigned(1, 0, "")])
    assert sum(take_assigned(connection, 1, 0, 9_000).values()) == 5


def test_of_very_many_keys_a_part_counts_and_none_twice(connection: sqlite3.Connection) -> None:
    def counted(begin: int) -> int:
        for number in range(begin, begin + 2_000, 50):
            note_assigned(connection, 1, [Assigned(1, 0, f"u{n}") for n in range(number, number + 50)], most_keys=500)
        return sum(take_assigned(connection, 1, 0, 9_000).values())

    first, again, more = counted(0), counted(0), counted(2_000)
    assert 500 < first < 2_000
    assert again == 0
    assert 0 < more < first
    assert connection.execute("SELECT count(*) FROM keys").fetchone()[0] <= 500
