import threading
import time

import pytest

from mlflow.contract.caller import EVERYONE
from mlflow.exceptions import NotImplementedByStore
from mlflow.sql.changelog import note
from mlflow.sql.engine import Connection
from mlflow.sql.store import SqlStore
from mlflow.testing import ChangesSuite
from mlflow.testing.fixtures import unique


class TestChanges(ChangesSuite):
    pass


def test_change_that_commits_late_is_not_missed(sql_store: SqlStore) -> None:
    """A writer takes its number, waits, and commits after another one that came later."""
    if sql_store.database.kind == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    experiment_id = sql_store.experiments.create_experiment(EVERYONE, unique("late"))
    log = sql_store.changes.get_changes(EVERYONE, [f"exp:{experiment_id}"]).next
    numbered, go_on = threading.Event(), threading.Event()

    def late(connection: Connection) -> None:
        note(connection, "experiment", int(experiment_id), None, {"name": "late"})
        numbered.set()
        go_on.wait(10)

    writer = threading.Thread(target=lambda: sql_store.database.write(late))
    writer.start()
    numbered.wait(10)
    sql_store.database.write(lambda connection: note(connection, "experiment", int(experiment_id), None, {"name": "2"}))
    threading.Timer(0.3, go_on.set).start()
    names: list[str] = []
    deadline = time.monotonic() + 10
    while len(names) < 2 and time.monotonic() < deadline:
        page = sql_store.changes.get_changes(EVERYONE, [f"exp:{experiment_id}"], log)
        names += [change.data["name"] for change in page.changes]
        log = page.next
    writer.join()
    assert sorted(names) == ["2", "late"]


def test_database_streams_no_events(sql_store: SqlStore) -> None:
    with pytest.raises(NotImplementedByStore, match="get_changes"):
        sql_store.changes.events(EVERYONE, ["exp:0"])
