import hashlib
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlflow.exceptions import InvalidState
from mlflow.sql.store import open_store
from mlflow.transfer.replacement import replace_database
from tests.transfer import legacy_database
from tests.transfer.conftest import all_runs
from tests.transfer.legacy_database import PARENT


@pytest.fixture
def old(tmp_path: Path) -> Path:
    legacy_database.make(f"sqlite:///{tmp_path / 'mlflow.db'}")
    return tmp_path / "mlflow.db"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_new_database_takes_the_name_and_the_old_one_is_kept(old: Path) -> None:
    before = digest(old)
    done, kept = replace_database(old, str(old.parent / "mlruns"))
    assert kept == old.with_name("mlflow.db.before-migration")
    assert digest(kept) == before
    assert done.read == 4
    store = open_store(f"sqlite:///{old}", "unused")
    assert PARENT in all_runs(store)
    store.close()
    assert sorted(path.name for path in old.parent.iterdir()) == ["mlflow.db", "mlflow.db.before-migration"]


def test_a_database_that_was_replaced_needs_no_migration(old: Path) -> None:
    replace_database(old, "files")
    with pytest.raises(InvalidState, match="nothing to migrate"):
        replace_database(old, "files")


def test_opening_an_old_database_names_the_command_and_leaves_it_as_it_is(old: Path) -> None:
    before = digest(old)
    with pytest.raises(InvalidState, match="mlflow migrate"):
        open_store(f"sqlite:///{old}", "files")
    assert digest(old) == before
    assert [path.name for path in old.parent.iterdir()] == ["mlflow.db"]


def test_a_file_kept_earlier_is_not_overwritten(old: Path) -> None:
    earlier = old.with_name("mlflow.db.before-migration")
    earlier.write_text("kept")
    _, kept = replace_database(old, "files")
    assert kept.name == "mlflow.db.before-migration-2"
    assert earlier.read_text() == "kept"


def test_a_database_in_use_is_not_replaced(old: Path) -> None:
    user = sqlite3.connect(old)
    user.execute("PRAGMA journal_mode = WAL")
    user.execute("INSERT INTO tags VALUES ('a', 'b', 'c')")
    user.commit()
    before = digest(old)
    with pytest.raises(InvalidState, match="in use"):
        replace_database(old, "files")
    assert digest(old) == before
    user.close()
    replace_database(old, "files")


def test_a_database_that_is_written_to_meanwhile_is_not_replaced(old: Path) -> None:
    def write(done: int, total: int | None = None) -> None:
        with sqlite3.connect(old) as writer:
            writer.execute("INSERT INTO tags VALUES (?, 'b', ?)", (f"t{time.monotonic_ns()}", PARENT))
        writer.close()

    with pytest.raises(InvalidState, match="was written to"):
        replace_database(old, "files", tell=write)
    assert not old.with_name("mlflow.db.before-migration").exists()
    with pytest.raises(InvalidState, match="mlflow migrate"):
        open_store(f"sqlite:///{old}", "files")


def test_a_swap_that_was_killed_after_the_old_file_got_its_second_name_is_finished(old: Path) -> None:
    kept = old.with_name("mlflow.db.before-migration")
    kept.hardlink_to(old)
    _, named = replace_database(old, "files")
    assert named == kept
    assert not kept.samefile(old)


@pytest.mark.faults
def test_a_killed_replacement_leaves_the_old_database_in_place_and_goes_on(old: Path) -> None:
    for number in range(20):
        legacy_database.add_run(f"sqlite:///{old}", f"{number:032x}", 20_000)
    before = digest(old)
    built = old.with_name("mlflow.db.migrating")
    process = subprocess.Popen([sys.executable, "-m", "mlflow.cli", "migrate", str(old)], stdout=subprocess.DEVNULL)
    while process.poll() is None and not (built.exists() and built.stat().st_size > 100_000):
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert digest(old) == before
    done, kept = replace_database(old, "files")
    assert (done.runs, digest(kept)) == (24, before)
    store = open_store(f"sqlite:///{old}", "unused")
    assert len(all_runs(store)) == 24
    store.close()
