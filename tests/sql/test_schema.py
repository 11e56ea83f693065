import contextlib
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import EVERYONE
from mlflow.exceptions import InvalidState
from mlflow.sql.engine import Database, open_database
from mlflow.sql.migrations import upgrade as upgrading
from mlflow.sql.migrations.upgrade import upgrade
from mlflow.sql.schema import HEAD, VERSION_TABLE, prepare
from mlflow.sql.store import open_store
from mlflow.sql.tables import experiments, metadata
from tests.fixtures.processes import StartChild

pytestmark = pytest.mark.long

START = """
import sys
from mlflow.sql.engine import open_database
from mlflow.sql.schema import prepare
database = open_database(sys.argv[1])
prepare(database, "/artifacts")
database.close()
"""

START_AND_DIE = """
import os, signal
from sqlalchemy import event
from mlflow.sql import tables
event.listen(tables.params, "after_create", lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
"""

MIGRATION = """
import pathlib
import sqlalchemy as sa
from mlflow.sql.migrations.steps import add_missing_column, create_missing_index

revision = {next!r}
down_revision = {head!r}

def upgrade():
    create_missing_index("leases_by_holder", "leases", ["holder"])
    if pathlib.Path({flag!r}).exists():
        raise KeyboardInterrupt
    add_missing_column("leases", sa.Column("note", sa.Text()))
"""


NEXT = f"{int(HEAD) + 1:04}"
SAMPLES = sorted((Path(__file__).parent / "databases").glob("*.sql"))


@pytest.fixture
def database(store_uri: str) -> Iterator[Database]:
    database = open_database(store_uri)
    yield database
    database.close()


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """Migrations with one more, which stops half way while the file `stop` exists."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(upgrading.__file__).parent / "versions", folder / "versions")
    text = MIGRATION.format(next=NEXT, head=HEAD, flag=str(tmp_path / "stop"))
    (folder / "versions" / f"{NEXT}_test.py").write_text(text)
    return folder


def tables(connection: Connection) -> dict[str, list[tuple[str, str, bool]]]:
    inspector = sa.inspect(connection)
    return {
        table: [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)]
        for table in inspector.get_table_names()
    }


def indexes(connection: Connection) -> dict[str, set[str | None]]:
    inspector = sa.inspect(connection)
    return {table: {index["name"] for index in inspector.get_indexes(table)} for table in inspector.get_table_names()}


def version(connection: Connection) -> str | None:
    return connection.scalar(sa.text(f"SELECT version_num FROM {VERSION_TABLE}"))


def default_experiments(connection: Connection) -> list[tuple[int, str, str]]:
    chosen = sa.select(experiments.c.id, experiments.c.name, experiments.c.artifact_location)
    return [(row.id, row.name, row.artifact_location) for row in connection.execute(chosen)]


def test_empty_database_gets_all_tables_and_the_default_experiment(database: Database) -> None:
    prepare(database, "/artifacts/")
    assert set(database.read(tables)) == {*metadata.tables, VERSION_TABLE}
    assert database.read(version) == HEAD
    assert database.read(default_experiments) == [(0, "Default", "/artifacts/0")]


def test_preparing_again_changes_nothing(database: Database) -> None:
    prepare(database, "/artifacts")
    before = database.read(tables)
    prepare(database, "/elsewhere")
    assert database.read(tables) == before
    assert database.read(default_experiments) == [(0, "Default", "/artifacts/0")]


def test_migrations_from_the_first_give_the_same_schema(store_uri: str, database: Database, tmp_path: Path) -> None:
    prepare(database, "/artifacts")
    expected = database.read(tables), database.read(indexes)

    def rebuild(connection: Connection) -> None:
        metadata.drop_all(connection)
        connection.execute(sa.text(f"DELETE FROM {VERSION_TABLE}"))
        upgrade(connection, VERSION_TABLE)

    database.write(rebuild)
    assert (database.read(tables), database.read(indexes)) == expected
    assert database.read(version) == HEAD


def test_newest_migration_is_the_head_the_code_expects() -> None:
    files = sorted((Path(upgrading.__file__).parent / "versions").glob("0*.py"))
    assert files[-1].name.partition("_")[0] == HEAD


def test_pending_migrations_are_run(database: Database, scripts: Path) -> None:
    prepare(database, "/artifacts")
    database.write(lambda connection: upgrade(connection, VERSION_TABLE, scripts))
    assert "note" in [name for name, *_ in database.read(tables)["leases"]]
    assert database.read(version) == NEXT


def test_interrupted_migration_can_be_repeated(database: Database, scripts: Path, tmp_path: Path) -> None:
    prepare(database, "/artifacts")
    stop = tmp_path / "stop"
    stop.touch()
    with pytest.raises(KeyboardInterrupt):
        database.write(lambda connection: upgrade(connection, VERSION_TABLE, scripts))
    assert database.read(version) == HEAD
    stop.unlink()
    database.write(lambda connection: upgrade(connection, VERSION_TABLE, scripts))
    assert "note" in [name for name, *_ in database.read(tables)["leases"]]
    assert "leases_by_holder" in database.read(indexes)["leases"]
    assert database.read(version) == NEXT


def test_there_is_a_sample_of_every_release_before() -> None:
    assert [sample.stem for sample in SAMPLES] == [f"{number:04}" for number in range(1, int(HEAD))]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_database_of_a_release_before_is_migrated_with_what_it_holds(sample: Path, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "old.db")) as old:
        old.executescript(sample.read_text())
    store = open_store(f"sqlite:///{tmp_path / 'old.db'}", "/artifacts")
    new = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    prepare(new, "/artifacts")
    try:
        assert store.database.read(tables) == new.read(tables)
        assert store.database.read(indexes) == new.read(indexes)
        run = store.store.runs.get_run(EVERYONE, "0123456789abcdef0123456789abcdef")
        assert (run.data.metrics, run.data.params["lr"], run.info.status) == ({"loss": 0.25}, "0.1", "FINISHED")
    finally:
        store.close()
        new.close()


def test_newer_database_is_refused(database: Database) -> None:
    prepare(database, "/artifacts")
    database.write(lambda connection: connection.execute(sa.text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")))
    with pytest.raises(InvalidState, match="newer version"):
        prepare(database, "/artifacts")
    assert database.read(version) == "9999"


def test_database_made_by_mlflow_is_refused_by_naming_the_migration(database: Database) -> None:
    def make(connection: Connection) -> None:
        foreign = sa.MetaData()
        sa.Table("experiments", foreign, sa.Column("experiment_id", sa.Integer, primary_key=True))
        sa.Table("alembic_version", foreign, sa.Column("version_num", sa.String(32), primary_key=True))
        foreign.create_all(connection)

    database.write(make)
    with pytest.raises(InvalidState, match="mlflow migrate"):
        prepare(database, "/artifacts")
    assert set(database.read(tables)) == {"experiments", "alembic_version"}


def test_other_peoples_table_is_not_taken_over(database: Database) -> None:
    foreign = sa.MetaData()
    sa.Table("experiments", foreign, sa.Column("x", sa.Integer, primary_key=True))
    database.write(foreign.create_all)
    with pytest.raises(InvalidState, match="not ours"):
        prepare(database, "/artifacts")


@pytest.mark.faults
def test_processes_that_start_at_once_on_an_empty_database_all_succeed(
    store_uri: str, database: Database, start_child: StartChild, tmp_path: Path
) -> None:
    script = tmp_path / "start.py"
    script.write_text(START)
    children = [start_child([sys.executable, str(script), store_uri]) for _ in range(4)]
    for child in children:
        assert child.wait() == 0, child.output
    assert database.read(default_experiments) == [(0, "Default", "/artifacts/0")]


@pytest.mark.faults
def test_start_that_was_killed_half_way_is_made_good_by_the_next(
    store_uri: str, database: Database, start_child: StartChild, tmp_path: Path
) -> None:
    script = tmp_path / "die.py"
    script.write_text(START_AND_DIE + START)
    child = start_child([sys.executable, str(script), store_uri])
    assert child.wait() == -9, child.output
    prepare(database, "/artifacts")
    assert set(database.read(tables)) == {*metadata.tables, VERSION_TABLE}
    assert database.read(version) == HEAD
    assert database.read(default_experiments) == [(0, "Default", "/artifacts/0")]
