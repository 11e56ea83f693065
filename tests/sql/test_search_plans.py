"""SQLite answers searches from indexes: no table is read as a whole, and pages in an index's order are not sorted."""

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from mlflow.contract.caller import EVERYONE
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.sql.store import SqlStore, open_store

LARGE = ("runs", "summaries", "params", "tags", "run_docs")


@pytest.fixture
def store(sqlite_uri: str) -> Iterator[SqlStore]:
    store = open_store(sqlite_uri, "/artifacts")
    for number in range(5):
        run_id = store.runs.create_run(EVERYONE, "0", start_time=number).info.run_id
        store.runs.log_batch(EVERYONE, run_id, [Metric("m", number / 5, 1)], [Param("p", str(number))])
    yield store
    store.close()


def plan(store: SqlStore, filter: str, order_by: list[str]) -> list[str]:
    """The steps of all statements of a search, as SQLite explains them."""
    executed: list[tuple[str, tuple[object, ...]]] = []

    def note(_c: object, _k: object, statement: str, parameters: tuple[object, ...], *_: object) -> None:
        if statement.startswith("SELECT") and "inputs" not in statement and "outputs" not in statement:
            executed.append((statement, parameters))

    engine = store.database._engine  # type: ignore[attr-defined]
    store.runs.search_runs(EVERYONE, ["0"], filter, order_by=order_by)
    event.listen(engine, "before_cursor_execute", note)
    store.runs.search_runs(EVERYONE, ["0"], filter, order_by=order_by, max_results=2)
    event.remove(engine, "before_cursor_execute", note)
    with sqlite3.connect(str(store.database.url.database)) as connection:
        steps = [row[3] for each in executed for row in connection.execute("EXPLAIN QUERY PLAN " + each[0], each[1])]
    connection.close()
    return steps


@pytest.mark.parametrize("order_by", [[], ["metrics.m DESC"], ["params.p"], ["number(params.p)"]], ids=str)
@pytest.mark.parametrize("filter", ["", "metrics.m < 0.5", "params.p = '1'", "metrics.m > 0 AND params.p != '1'"])
def test_no_large_table_is_read_as_a_whole(store: SqlStore, filter: str, order_by: list[str]) -> None:
    steps = plan(store, filter, order_by)
    assert [step for step in steps if step.startswith(tuple(f"SCAN {table}" for table in LARGE))] == []


@pytest.mark.parametrize(
    ("order_by", "index"),
    [([], "runs_by_start"), (["metrics.m"], "summaries_by_value"), (["metrics.m DESC"], "summaries_by_value")],
    ids=str,
)
def test_page_in_an_indexs_order_is_not_sorted(store: SqlStore, order_by: list[str], index: str) -> None:
    steps = plan(store, "", order_by)
    assert any(index in step for step in steps)
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps


def test_rare_clause_is_read_from_its_index_alone(store: SqlStore) -> None:
    steps = plan(store, "params.p = 'no such value'", [])
    assert "SEARCH start USING COVERING INDEX params_by_value (experiment_id=? AND key_id=? AND head=?)" in steps
