"""Discovery of keys and values in SQL, and that it reads no table as a whole."""

import sqlite3
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from mlflow.contract.caller import EVERYONE
from mlflow.contract.columns import Column
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.sql import kept_figures, some_runs
from mlflow.sql.key_figures import _Index
from mlflow.sql.store import SqlStore, open_store
from mlflow.testing import ColumnsSuite

LARGE = ("runs", "summaries", "params", "tags")


class TestColumns(ColumnsSuite):
    pass


@pytest.fixture
def on_sqlite(sqlite_uri: str) -> Iterator[SqlStore]:
    store = open_store(sqlite_uri, "/artifacts")
    yield store
    store.close()


def make_run(store: SqlStore, *, params: dict[str, str], deleted: bool = False) -> str:
    run_id = store.runs.create_run(EVERYONE, "0").info.run_id
    store.runs.log_batch(EVERYONE, run_id, [Metric("loss", 0.5, 1)], [Param(*pair) for pair in params.items()])
    if deleted:
        store.runs.delete_run(EVERYONE, run_id)
    return run_id


def test_columns_are_found_in_indexes_alone(on_sqlite: SqlStore) -> None:
    for number in range(3):
        make_run(on_sqlite, params={"lr": str(number)}, deleted=number == 2)
    on_sqlite.columns.get_columns(EVERYONE, "0")
    executed: list[tuple[str, tuple[object, ...]]] = []
    engine = on_sqlite.database._engine  # type: ignore[attr-defined]

    def note(_c: object, _k: object, statement: str, parameters: tuple[object, ...], *_: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            executed.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    on_sqlite.columns.get_columns(EVERYONE, "0")
    event.remove(engine, "before_cursor_execute", note)
    with sqlite3.connect(str(on_sqlite.database.url.database)) as connection:
        steps = [row[3] for each in executed for row in connection.execute("EXPLAIN QUERY PLAN " + each[0], each[1])]
    connection.close()
    assert [step for step in steps if step.startswith(tuple(f"SCAN {table}" for table in LARGE))] == []


@pytest.fixture
def large_from_two(on_sqlite: SqlStore, monkeypatch: pytest.MonkeyPatch) -> SqlStore:
    """A store that takes an experiment of two runs for a large one."""
    monkeypatch.setattr(kept_figures, "_FOUND_ANEW", 1)
    return on_sqlite


def columns_of(store: SqlStore) -> dict[str, Column]:
    """What is answered once nothing is being counted any more."""
    store.columns.get_columns(EVERYONE, "0")
    store.kept.wait()
    return {one.key: one for one in store.columns.get_columns(EVERYONE, "0")}


def test_counts_of_large_experiments_are_kept_until_something_changes(
    large_from_two: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_figures, "_SECONDS_KEPT", 0.0)
    counted: list[str] = []
    count = _Index.counts

    def noting(index: _Index) -> object:
        counted.append("once")
        return count(index)

    monkeypatch.setattr(_Index, "counts", noting)
    for number in range(3):
        make_run(large_from_two, params={"lr": str(number)})
    assert columns_of(large_from_two)["lr"].runs == 3
    before = len(counted)
    assert columns_of(large_from_two)["lr"].runs == 3
    assert len(counted) == before
    gone = make_run(large_from_two, params={"lr": "1"})
    assert columns_of(large_from_two)["lr"].runs == 4
    large_from_two.runs.delete_run(EVERYONE, gone)
    assert columns_of(large_from_two)["lr"].runs == 3


def test_kept_counts_serve_for_a_while_and_new_keys_are_there_at_once(large_from_two: SqlStore) -> None:
    for number in range(2):
        make_run(large_from_two, params={"lr": str(number)})
    columns_of(large_from_two)
    make_run(large_from_two, params={"lr": "2"})
    lr = columns_of(large_from_two)["lr"]
    assert (lr.runs, lr.distinct) == (2, 3)  # only counts are kept
    make_run(large_from_two, params={"lr": "2", "new": "1"})
    columns = columns_of(large_from_two)
    assert (columns["lr"].runs, columns["new"].runs) == (4, 1)


def test_nobody_waits_until_a_large_experiment_is_counted(
    large_from_two: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    count = _Index.counts

    def counts(index: _Index) -> object:
        assert go_on.wait(30)
        return count(index)

    monkeypatch.setattr(_Index, "counts", counts)
    monkeypatch.setattr(some_runs, "_SAMPLED", 16)
    for number in range(40):
        make_run(large_from_two, params={"lr": str(number), **({"rare": "x"} if number == 39 else {})})
    make_run(large_from_two, params={"lr": "1"}, deleted=True)
    estimated = {one.key: one for one in large_from_two.columns.get_columns(EVERYONE, "0")}
    assert (estimated["lr"].runs, estimated["lr"].numeric, estimated["lr"].distinct) == (40, True, 40)
    assert estimated["rare"].runs >= 1
    go_on.set()
    counted = columns_of(large_from_two)
    assert [(key, counted[key].runs) for key in ("lr", "rare")] == [("lr", 40), ("rare", 1)]


def test_long_values_are_told_apart_by_what_follows_their_beginning(on_sqlite: SqlStore) -> None:
    long = "x" * 70
    for value in [f"{long}a"] * 3 + [f"{long}b", "x", "x", "y"]:
        make_run(on_sqlite, params={"text": value})

    def values(prefix: str = "", limit: int = 20) -> list[tuple[str, int]]:
        found = on_sqlite.columns.get_values(EVERYONE, "0", "param", "text", prefix, limit)
        return [(one.value, one.count) for one in found]

    assert values() == [(f"{long}a", 3), ("x", 2), (f"{long}b", 1), ("y", 1)]
    assert values(limit=2) == [(f"{long}a", 3), ("x", 2)]
    assert values("xx") == [(f"{long}a", 3), (f"{long}b", 1)]
    assert values(f"{long}b") == [(f"{long}b", 1)]
    assert values("y") == [("y", 1)]
