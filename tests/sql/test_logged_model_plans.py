"""SQLite answers tables of logged models from indexes, by as many statements as there are kinds of columns."""

import sqlite3
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import event

from mlflow.contract.caller import EVERYONE
from mlflow.contract.logged_model_columns import ModelColumn
from mlflow.contract.logged_models import ModelOrder
from mlflow.entities import LoggedModelOutput, LoggedModelParameter, Metric
from mlflow.sql.store import SqlStore, open_store

LARGE = ("logged_models", "model_summaries", "latest_", "of_model", "logged_model_params", "model_versions", "runs")
COLUMNS = [ModelColumn("metrics.acc"), ModelColumn("metrics.acc", "iris", "a"), ModelColumn("params.lr")]


@pytest.fixture
def store(sqlite_uri: str) -> Iterator[SqlStore]:
    store = open_store(sqlite_uri, "/artifacts")
    yield store
    store.close()


def make(store: SqlStore, count: int) -> None:
    run = store.runs.create_run(EVERYONE, "0", start_time=1).info.run_id
    for number in range(count):
        params = [LoggedModelParameter("lr", str(number))]
        model = store.logged_models.create_logged_model(EVERYONE, "0", f"m{number}", "", run, params).model_id
        store.inputs.log_outputs(EVERYONE, run, [LoggedModelOutput(model, number)])
        points = [Metric("acc", number / 5, 1, 0, model, *on) for on in ((None, None), ("iris", "a"))]
        store.runs.log_batch(EVERYONE, run, points)


def executed(store: SqlStore, call: Callable[[], object]) -> list[tuple[str, tuple[object, ...]]]:
    """The queries of a call."""
    found: list[tuple[str, tuple[object, ...]]] = []

    def note(_c: object, _k: object, statement: str, parameters: tuple[object, ...], *_: object) -> None:
        if statement.startswith("SELECT"):
            found.append((statement, parameters))

    engine = store.database._engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", note)
    call()
    event.remove(engine, "before_cursor_execute", note)
    return found


@pytest.mark.parametrize(
    "order",
    [None, ModelOrder("metrics.acc"), ModelOrder("metrics.acc", False, "iris", "a"), ModelOrder("step")],
    ids=["newest first", "metric", "metric of a dataset", "step"],
)
def test_no_large_table_is_read_as_a_whole(store: SqlStore, order: ModelOrder | None) -> None:
    make(store, 3)
    order_by = [order] if order else []
    query = store.logged_model_columns.query_logged_models
    statements = executed(store, lambda: query(EVERYONE, ["0"], COLUMNS, "metrics.acc > 0.1", order_by=order_by))
    with sqlite3.connect(str(store.database.url.database)) as connection:
        steps = [row[3] for each in statements for row in connection.execute("EXPLAIN QUERY PLAN " + each[0], each[1])]
    connection.close()
    assert [step for step in steps if step.startswith(tuple(f"SCAN {table}" for table in LARGE))] == []
    assert any("model_versions_by_model_id" in step for step in steps)


def test_more_models_take_no_more_statements(store: SqlStore) -> None:
    make(store, 1)
    query = store.logged_model_columns.query_logged_models
    few = executed(store, lambda: query(EVERYONE, ["0"], COLUMNS))
    make(store, 6)
    assert len(executed(store, lambda: query(EVERYONE, ["0"], COLUMNS))) == len(few)
