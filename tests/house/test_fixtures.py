"""The throwaway servers do what the tests that lean on them expect."""

import json
import signal
import time
from pathlib import Path

import pytest
import sqlalchemy
from obstore.store import S3Store

from mlflow.journal.lock import FileLock
from tests.fixtures.foreign import Program
from tests.fixtures.imported import Imported
from tests.fixtures.processes import PYTHON, Child, StartChild
from tests.fixtures.s3 import Bucket
from tests.fixtures.servers import TrackingServer
from tests.fixtures.temporary import LOCK, PREFIX, remove_dead


def engine(uri: str) -> sqlalchemy.Engine:
    return sqlalchemy.create_engine(uri.replace("postgresql://", "postgresql+psycopg://"))


def test_store_uri_is_an_empty_database_that_takes_a_table(store_uri: str) -> None:
    database = engine(store_uri)
    with database.begin() as connection:
        assert sqlalchemy.inspect(connection).get_table_names() == []
        connection.execute(sqlalchemy.text("CREATE TABLE points (value INTEGER)"))
        connection.execute(sqlalchemy.text("INSERT INTO points VALUES (7)"))
    with database.connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT value FROM points")).scalar() == 7
    database.dispose()


@pytest.mark.s3
def test_bucket_keeps_an_object(s3_bucket: Bucket) -> None:
    bucket = S3Store(s3_bucket.name, config={"endpoint": s3_bucket.endpoint}, client_options={"allow_http": True})
    bucket.put("key", b"content")
    assert bytes(bucket.get("key").bytes()) == b"content"


@pytest.mark.oracle
def test_published_client_reaches_the_published_server(
    published_server: TrackingServer, run_published: Program
) -> None:
    program = "import mlflow, json; e = mlflow.set_experiment('here'); print(json.dumps([mlflow.__version__, e.name]))"
    answer = run_published(program, {"MLFLOW_TRACKING_URI": published_server.url})
    assert json.loads(answer.splitlines()[-1]) == ["3.17.2", "here"]


def test_killed_child_runs_no_handler(start_child: StartChild, tmp_path: Path) -> None:
    program = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('handled', flush=True), sys.exit(3)))\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    polite, rude = (start_child([PYTHON, "-c", program]) for _ in range(2))
    for child in (polite, rude):
        child.wait_until(lambda child=child: "ready" in child.output)
    polite.terminate()
    assert (polite.wait(10), "handled" in polite.output) == (3, True)
    rude.kill()
    assert (rude.wait(10), "handled" in rude.output) == (-signal.SIGKILL, False)


def test_child_that_ends_early_fails_with_its_log(tmp_path: Path) -> None:
    child = Child([PYTHON, "-c", "import sys; sys.exit('no such table')"], tmp_path / "log")
    started = time.monotonic()
    with pytest.raises(pytest.fail.Exception, match="no such table"):
        child.wait_until(lambda: False)
    assert time.monotonic() - started < 30


def test_what_a_killed_session_left_goes_with_the_next(start_child: StartChild, tmp_path: Path) -> None:
    dead, living = (tmp_path / f"{PREFIX}{name}" for name in ("dead", "living"))
    for folder in (dead, living):
        folder.mkdir()
        folder.with_name(folder.name + LOCK).touch()
    held = FileLock.acquire(living.with_name(living.name + LOCK))
    assert held is not None
    left, other = (start_child(["sleep", "60"], {"TMPDIR": str(folder)}) for folder in (dead, living))
    remove_dead(tmp_path)
    assert left.wait(10) == -signal.SIGKILL
    assert other.process.poll() is None
    assert sorted(path.name for path in tmp_path.glob(f"{PREFIX}*")) == [living.name, living.name + LOCK]
    held.close()


def test_programs_start_from_copies_of_one_process(tmp_path: Path) -> None:
    first, second = (Imported(PYTHON, ["colorsys", "not_there"], tmp_path, {"WHICH": "server"}) for _ in range(2))
    program = """
import os, pickle, sys
class Here: pass
print(os.getppid() != 1, "colorsys" in sys.modules, os.environ["WHICH"], os.getcwd(), pickle.dumps(Here())[:1])
sys.modules.pop("colorsys")
"""
    for imported in (first, second, first):
        printed = imported.run(program, tmp_path, {"WHICH": "program"}, 20)
        assert printed == f"True True program {tmp_path} b'\\x80'\n"
    with pytest.raises(AssertionError, match=r"exit 3:\nsaid\n\n"):
        first.run("import sys; print('said'); sys.exit(3)", tmp_path, {}, 20)
    with pytest.raises(AssertionError, match=r"exit 1:(.|\n)*ZeroDivisionError"):
        second.run("1 / 0", tmp_path, {}, 20)
    with pytest.raises(AssertionError, match="exit -14"):  # SIGALRM
        first.run("import time; time.sleep(60)", tmp_path, {}, 1)
    first.close()
    second.close()
