"""SQLite files that several processes open."""

import sqlite3
from pathlib import Path

import pytest

from mlflow._sqlite import set_journal_mode


@pytest.fixture
def reader(tmp_path: Path) -> sqlite3.Connection:
    """A connection in the middle of reading a file, whose journal so stays as it is."""
    connection = sqlite3.connect(tmp_path / "file", isolation_level=None)
    connection.execute("CREATE TABLE names (name TEXT)")
    connection.execute("BEGIN")
    connection.execute("SELECT * FROM names").fetchall()
    return connection


def test_a_file_whose_journal_changes_at_the_same_time_is_tried_again(
    reader: sqlite3.Connection, tmp_path: Path
) -> None:
    connection, tries = sqlite3.connect(tmp_path / "file", 0.0, isolation_level=None), []

    def count(statement: str) -> None:
        if statement.endswith("=wal"):
            tries.append(statement)
        if len(tries) == 2 and reader.in_transaction:
            reader.rollback()

    connection.set_trace_callback(count)
    set_journal_mode(connection, "wal", 60.0)
    assert (len(tries), connection.execute("PRAGMA journal_mode").fetchone()) == (2, ("wal",))
    connection.close()
    reader.close()


def test_a_file_that_stays_locked_is_told(reader: sqlite3.Connection, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "file", 0.0, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        set_journal_mode(connection, "wal", 0.0)
    connection.close()
    reader.close()


def test_a_database_in_memory_has_no_such_journal(tmp_path: Path) -> None:
    connection = sqlite3.connect(":memory:")
    set_journal_mode(connection, "wal", 0.0)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("memory",)
    connection.close()
