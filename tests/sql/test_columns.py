"""Discovery of keys and values in SQL, and that it reads no table as a whole."""

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from mlflow.contract.caller import EVERYONE
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.sql import kept_figures
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


def test_counts_of_large_experiments_are_kept_until_something_changes(
    on_sqlite: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_figures, "_FOUND_ANEW", 1)
    monkeypatch.setattr(kept_figures, "_SECONDS_KEPT", 0.0)
    counted: list[str] = []
    count = _Index.counts

    def noting(index: _Index) -> object:
        counted.append("once")
        return count(index)

    monkeypatch.setattr(_Index, "counts", noting)
    for number in range(3):
        make_run(on_sqlite, params={"lr": str(number)})

    def runs_with_lr() -> int:
        return next(one.runs for one in on_sqlite.columns.get_columns(EVERYONE, "0") if one.key == "lr")

    assert runs_with_lr() == 3
    before = len(counted)
    assert runs_with_lr() == 3
    assert len(counted) == before
    gone = make_run(on_sqlite, params={"lr": "1"})
    assert runs_with_lr() == 4
    on_sqlite.runs.delete_run(EVERYONE, gone)
    assert runs_with_lr() == 3


def test_kept_counts_are_not_trusted_for_long_while_things_change(
    on_sqlite: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_figures, "_FOUND_ANEW", 0)
    make_run(on_sqlite, params={"lr": "1"})
    on_sqlite.columns.get_columns(EVERYONE, "0")
    make_run(on_sqlite, params={"lr": "2"})
    (column,) = (one for one in on_sqlite.columns.get_columns(EVERYONE, "0") if one.key == "lr")
    assert column.distinct == 2  # only counts are kept
    make_run(on_sqlite, params={"lr": "2", "new": "1"})
    columns = {one.key: one for one in on_sqlite.columns.get_columns(EVERYONE, "0")}
    assert (columns["lr"].runs, columns["new"].runs) == (3, 1)  # there is a new key
    make_run(on_sqlite, params={"lr": "3"})
    monkeypatch.setattr(kept_figures, "_SECONDS_KEPT", 0.0)
    (column,) = (one for one in on_sqlite.columns.get_columns(EVERYONE, "0") if one.key == "lr")
    assert column.runs == 4
