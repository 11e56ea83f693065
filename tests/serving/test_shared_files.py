"""Files that a server's processes share."""

import sqlite3
from pathlib import Path

import pytest

from mlflow.serving.shared_files import connect, transaction

TABLES = "CREATE TABLE IF NOT EXISTS names (name TEXT PRIMARY KEY)"


def test_what_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    first, second = (connect(tmp_path / "file", TABLES) for _ in range(2))
    with pytest.raises(ZeroDivisionError), transaction(first):
        first.execute("INSERT INTO names VALUES ('a')")
        _ = 1 / 0
    with transaction(second):
        assert second.execute("SELECT count(*) FROM names").fetchone() == (0,)
    first.close()
    second.close()


@pytest.mark.parametrize("how", ["at once", "with the commit"])
def test_a_transaction_that_sqlite_has_ended_is_told_by_its_own_failure_and_the_next_one_works(how: str) -> None:
    connection = connect(None, TABLES)
    connection.execute("CREATE TABLE of (name TEXT REFERENCES names DEFERRABLE INITIALLY DEFERRED)")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("INSERT INTO names VALUES ('a')")
    statement = "INSERT OR ROLLBACK INTO names VALUES ('a')" if how == "at once" else "INSERT INTO of VALUES ('b')"
    with pytest.raises(sqlite3.IntegrityError), transaction(connection):
        connection.execute(statement)
    with transaction(connection):
        connection.execute("INSERT INTO names VALUES ('c')")
    assert connection.execute("SELECT count(*) FROM names").fetchone() == (2,)
    connection.close()
