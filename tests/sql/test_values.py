"""The most frequent values of params and tags, and that an answer is kept only while it is true."""

import random
from collections import Counter

import pytest

from mlflow.contract.caller import EVERYONE
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.sql import kept_answers
from mlflow.sql.store import SqlStore

LONG = "x" * 64


@pytest.fixture
def experiment(sql_store: SqlStore, request: pytest.FixtureRequest) -> str:
    return sql_store.experiments.create_experiment(EVERYONE, request.node.name)


def make_run(store: SqlStore, experiment: str, value: str) -> str:
    run_id = store.runs.create_run(EVERYONE, experiment).info.run_id
    store.runs.log_batch(EVERYONE, run_id, [], [Param("p", value)], [RunTag("t", value)])
    return run_id


def test_most_frequent_values_are_those_that_counting_them_all_gives(sql_store: SqlStore, experiment: str) -> None:
    chance = random.Random(11)
    pool = ["a", "ab", "b", "ü", LONG, f"{LONG}1", f"{LONG}2", f"{LONG[:-1]}y", *(f"only {n}" for n in range(9))]
    values = [chance.choice(pool) for _ in range(40)]
    for value in values:
        make_run(sql_store, experiment, value)
    for prefix in ("", "a", "x", f"{LONG}1", "only", "none"):
        counts = Counter(value for value in values if value.startswith(prefix))
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        for limit in (1, 2, 5, 20):
            found = sql_store.columns.get_values(EVERYONE, experiment, "param", "p", prefix, limit)
            assert [(one.value, one.count) for one in found] == ordered[:limit], (prefix, limit)


def test_values_that_were_answered_before_are_those_of_now(
    sql_store: SqlStore, experiment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers, "_LONG", -1.0)
    other = sql_store.experiments.create_experiment(EVERYONE, f"{experiment} beside")

    def values(kind: str = "param") -> dict[str, int]:
        found = sql_store.columns.find_values(EVERYONE, [experiment, other], kind, kind[0])  # type: ignore[arg-type]
        return {one.value: one.count for one in found}

    assert values() == values() == {}
    runs = [make_run(sql_store, where, "1") for where in (experiment, other, other)]
    assert values() == values() == values("tag") == {"1": 3}
    sql_store.runs.delete_run(EVERYONE, runs[2])
    assert values() == values() == {"1": 2}
    sql_store.runs.set_tag(EVERYONE, runs[0], "t", "2")
    assert values("tag") == values("tag") == {"1": 1, "2": 1}
    sql_store.runs.delete_tag(EVERYONE, runs[0], "t")
    assert values("tag") == {"1": 1}
    sql_store.runs.restore_run(EVERYONE, runs[2])
    assert (values(), values("tag")) == ({"1": 3}, {"1": 2})
    sql_store.experiments.delete_experiment(EVERYONE, other)
    assert values() == {"1": 1}
    sql_store.experiments.restore_experiment(EVERYONE, other)
    assert values() == {"1": 3}
