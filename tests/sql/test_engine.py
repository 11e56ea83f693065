import logging
import multiprocessing
import os
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, exc

from mlflow.exceptions import InvalidParameterValue, TemporarilyUnavailable
from mlflow.sql.engine import Database, open_database
from mlflow.sql.schema import prepare
from mlflow.sql.tables import leases
from tests.fixtures.postgresql import PostgreSQLServer

pytestmark = pytest.mark.long


@pytest.fixture
def database(store_uri: str) -> Iterator[Database]:
    database = open_database(store_uri)
    prepare(database, "/artifacts")
    yield database
    database.close()


@pytest.fixture
def sqlite(sqlite_uri: str) -> Iterator[Database]:
    database = open_database(sqlite_uri)
    prepare(database, "/artifacts")
    yield database
    database.close()


def insert(connection: Connection, name: str) -> str:
    connection.execute(sa.insert(leases), {"name": name, "holder": "", "expires": 0})
    return name


def names(database: Database) -> set[str]:
    return set(database.read(lambda connection: connection.scalars(sa.select(leases.c.name)).all()))


def test_write_is_seen_by_the_next_read(database: Database) -> None:
    assert database.write(lambda connection: insert(connection, "a")) == "a"
    assert names(database) == {"a"}


def test_job_that_raises_changes_nothing_and_the_callers_thread_raises(database: Database) -> None:
    def fail(connection: Connection) -> None:
        insert(connection, "lost")
        raise KeyError("reason")

    with pytest.raises(KeyError, match="reason"):
        database.write(fail)
    assert names(database) == set()


def test_failing_jobs_take_nothing_from_those_committed_with_them(database: Database) -> None:
    def work(number: int) -> bool:
        def job(connection: Connection) -> None:
            insert(connection, f"n{number}")
            if number % 3 == 0:
                insert(connection, f"n{number}")

        try:
            database.write(job)
        except exc.IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        kept = list(pool.map(work, range(90)))
    assert names(database) == {f"n{number}" for number in range(90) if kept[number]}
    assert kept.count(False) == 30


def test_write_later_is_done_before_closing(store_uri: str) -> None:
    database = open_database(store_uri)
    prepare(database, "/artifacts")
    for number in range(20):
        database.write_later(lambda connection, number=number: insert(connection, str(number)))
    database.close()
    again = open_database(store_uri)
    assert len(names(again)) == 20
    again.close()


def test_write_later_that_fails_is_logged_and_harms_nobody(sqlite: Database, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        sqlite.write_later(lambda connection: connection.execute(sa.text("nonsense")))
        sqlite.write(lambda connection: insert(connection, "a"))
    assert "nobody waits for" in caplog.text
    assert names(sqlite) == {"a"}


def test_reader_sees_one_snapshot_while_others_write(sqlite: Database) -> None:
    def job(connection: Connection) -> tuple[int, int]:
        count = sa.select(sa.func.count()).select_from(leases)
        before = connection.scalar(count)
        thread = threading.Thread(target=lambda: sqlite.write(lambda other: insert(other, "new")))
        thread.start()
        thread.join()
        return before or 0, connection.scalar(count) or 0

    assert sqlite.read(job) == (0, 0)
    assert names(sqlite) == {"new"}


@pytest.mark.parametrize("value", [pytest.param("\ud800", id="surrogate"), pytest.param("x" * 300, id="long")])
def test_text_that_the_database_cannot_store_is_the_callers_fault(database: Database, value: str) -> None:
    if len(value) > 1 and database.kind == "sqlite":
        pytest.skip("SQLite does not limit texts")
    with pytest.raises(InvalidParameterValue, match="cannot store"):
        database.write(lambda connection: insert(connection, value))


def test_number_that_the_database_cannot_store_is_the_callers_fault(database: Database) -> None:
    row = {"name": "a", "holder": "", "expires": 2**63}
    with pytest.raises(InvalidParameterValue, match="cannot store"):
        database.write(lambda connection: connection.execute(sa.insert(leases), row))


@pytest.mark.parametrize("uri", ["oracle://h/x", "nonsense", "mssql+pyodbc://h/x"])
def test_unknown_database_is_refused(uri: str) -> None:
    with pytest.raises(InvalidParameterValue):
        open_database(uri)


@pytest.mark.parametrize("prefix", ["postgres", "postgresql", "postgresql+psycopg2", "postgresql+psycopg"])
@pytest.mark.postgresql
def test_postgresql_is_known_by_all_its_names(postgresql_uri: str, prefix: str) -> None:
    database = open_database(postgresql_uri.replace("postgresql", prefix, 1))
    assert database.read(lambda connection: connection.scalar(sa.select(1))) == 1
    database.close()


def test_server_that_is_not_there_is_temporarily_unavailable(free_port: int) -> None:
    pytest.importorskip("psycopg")
    database = open_database(f"postgresql://nobody@127.0.0.1:{free_port}/x")
    with pytest.raises(TemporarilyUnavailable, match="does not answer"):
        database.read(lambda connection: connection.scalar(sa.select(1)))
    database.close()


def test_sqlite_file_that_cannot_be_opened_is_temporarily_unavailable(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}")
    with pytest.raises(TemporarilyUnavailable, match="unable to open"):
        database.read(lambda connection: connection.scalar(sa.select(1)))
    database.close()


def test_faulty_statement_is_not_taken_for_an_absent_database(sqlite: Database) -> None:
    with pytest.raises(exc.OperationalError, match="no such column"):
        sqlite.read(lambda connection: connection.execute(sa.select(sa.column("x")).select_from(leases)))


def test_full_disk_is_told_to_all_and_nothing_is_half_written(sqlite: Database) -> None:
    sqlite.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=1"))  # as few as there are
    long = "x" * 200
    failed = 0
    for number in range(500):
        try:
            sqlite.write(lambda connection, number=number: insert(connection, f"{long}{number}"))
        except TemporarilyUnavailable as reason:
            assert "full" in reason.message
            failed += 1
    assert len(names(sqlite)) + failed == 500
    assert failed > 0
    sqlite.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=100000"))
    sqlite.write(lambda connection: insert(connection, "room again"))
    assert "room again" in names(sqlite)


def test_file_that_another_process_keeps_locked_is_temporarily_unavailable(sqlite: Database) -> None:
    sqlite.write(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=20"))
    other = sqlite3.connect(str(sqlite.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TemporarilyUnavailable, match="locked"):
        sqlite.write(lambda connection: insert(connection, "a"))
    assert names(sqlite) == set()
    other.execute("ROLLBACK")
    other.close()
    sqlite.write(lambda connection: insert(connection, "a"))
    assert names(sqlite) == {"a"}


@pytest.mark.postgresql
def test_connections_that_the_server_dropped_are_replaced(
    postgresql_server: PostgreSQLServer, postgresql_uri: str
) -> None:
    database = open_database(postgresql_uri)
    prepare(database, "/artifacts")
    name = postgresql_uri.rpartition("/")[2]
    postgresql_server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    assert database.write(lambda connection: insert(connection, "a")) == "a"
    assert names(database) == {"a"}
    database.close()


@pytest.mark.postgresql
def test_pool_can_be_chosen(postgresql_uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_SQLALCHEMYSTORE_POOLCLASS", "NullPool")
    database = open_database(postgresql_uri)
    assert database.read(lambda connection: connection.scalar(sa.select(1))) == 1
    database.close()
    monkeypatch.setenv("MLFLOW_SQLALCHEMYSTORE_POOLCLASS", "NoSuchPool")
    with pytest.raises(InvalidParameterValue, match="NoSuchPool"):
        open_database(postgresql_uri)


def test_file_and_its_folder_are_made_and_stay_where_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = open_database("sqlite:///deep/er/store.db")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    prepare(database, "/artifacts")
    database.close()
    assert (tmp_path / "deep/er/store.db").exists()


def test_database_in_memory_lives_as_long_as_its_object() -> None:
    database = open_database("sqlite://")
    prepare(database, "/artifacts")
    database.write(lambda connection: insert(connection, "a"))
    assert names(database) == {"a"}
    database.close()


def test_sqlite_waits_for_the_disk_and_logs_ahead(sqlite: Database) -> None:
    def pragmas(connection: Connection) -> tuple[object, ...]:
        return tuple(connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous"))

    assert sqlite.read(pragmas) == ("wal", 2)
    assert sqlite.write(pragmas) == ("wal", 2)


def test_closed_database_leaves_no_thread(sqlite_uri: str) -> None:
    before = set(threading.enumerate())
    database = open_database(sqlite_uri)
    prepare(database, "/artifacts")
    (writer,) = set(threading.enumerate()) - before
    assert writer.name == "mlflow-sqlite-writer"
    database.close()
    assert not writer.is_alive()


def write_in_child(database: Database, name: str) -> None:
    database.write(lambda connection: insert(connection, name))
    os._exit(0 if name in names(database) else 1)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_database_that_could_not_be_opened_is_no_concern_of_a_fork(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = []  # tracebacks keep the half-made databases; so many that some come before the good one
    with monkeypatch.context() as settings:
        settings.setenv("MLFLOW_SQLALCHEMYSTORE_POOLCLASS", "nonsense")
        for _ in range(30):
            with pytest.raises(InvalidParameterValue) as caught:
                open_database("postgresql://nobody@127.0.0.1/none")
            refused.append(caught)
    sqlite.write(lambda connection: insert(connection, "parent"))
    child = multiprocessing.get_context("fork").Process(target=write_in_child, args=(sqlite, "child"))
    child.start()
    child.join(30)
    assert len(refused) == 30
    assert child.exitcode == 0


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_child_of_a_fork_writes_through_connections_of_its_own(database: Database) -> None:
    database.write(lambda connection: insert(connection, "parent"))
    children = [
        multiprocessing.get_context("fork").Process(target=write_in_child, args=(database, f"child{number}"))
        for number in range(3)
    ]
    for child in children:
        child.start()
    database.write(lambda connection: insert(connection, "parent again"))
    for child in children:
        child.join(30)
        assert child.exitcode == 0
    assert names(database) == {"parent", "parent again", "child0", "child1", "child2"}


def test_names_get_one_number_each_however_many_ask_at_once(database: Database) -> None:
    wanted = [f"key {number}" for number in range(40)]

    def ask(thread: int) -> dict[str, int]:
        return database.keys.ensure("metric", wanted if thread % 2 else wanted[::-1])

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(ask, range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0].values())) == 40
    other = database.keys.ensure("tag", wanted)
    assert not set(other.values()) & set(answers[0].values())
    assert database.read(lambda connection: database.keys.names(connection, answers[0].values())) == {
        number: name for name, number in answers[0].items()
    }


def test_names_that_differ_in_case_or_space_get_different_numbers(database: Database) -> None:
    assert len(set(database.keys.ensure("param", ["a", "A", "a ", "ä", "a\u0308"]).values())) == 5


def test_too_long_name_is_refused(database: Database) -> None:
    with pytest.raises(InvalidParameterValue, match="501"):
        database.keys.ensure("tag", ["x" * 501])
