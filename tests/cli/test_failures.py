"""Whatever goes wrong is one line on stderr with a remedy, and the exit code says whose fault it was."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from mlflow.cli.failures import as_failure
from mlflow.exceptions import MlflowException
from tests.cli.conftest import Command

UNKNOWN = "0" * 32
AS_ROOT = os.geteuid() == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param("runs describe --run-id " + UNKNOWN, 1, UNKNOWN, id="unknown run"),
        pytest.param("runs export " + UNKNOWN + " -o out", 1, UNKNOWN, id="export of an unknown run"),
        pytest.param("runs export -o out", 2, "--experiment-id", id="export of nothing"),
        pytest.param("runs export -x 99 -o out", 1, "99", id="export of an unknown experiment"),
        pytest.param("runs export -x 0 --filter loss<< -o out", 1, "loss<<", id="a bad filter"),
        pytest.param("runs export -x 0 -o - --format folder", 2, "stdout", id="a folder to stdout"),
        pytest.param("runs export -x 0 -o missing/runs.csv", 1, "missing/runs.csv", id="no such folder"),
        pytest.param("runs import nowhere", 2, "nowhere", id="import of nothing"),
        pytest.param("runs import text.txt", 1, "text.txt", id="import of a text"),
        pytest.param("runs import http://127.0.0.1:1 --experiment a", 1, "127.0.0.1:1", id="no server"),
        pytest.param("runs import http://127.0.0.1:1", 2, "--experiment", id="all of a server"),
        pytest.param("runs compare " + UNKNOWN, 2, "two", id="one run alone"),
        pytest.param("runs compare " + UNKNOWN + " 1", 1, UNKNOWN, id="unknown runs compared"),
        pytest.param("migrate nowhere.db", 1, "nowhere.db", id="no source"),
        pytest.param("migrate text.txt", 1, "text.txt", id="a text as source"),
        pytest.param("migrate", 2, "mlflow.db", id="nothing here to migrate"),
        pytest.param("migrate postgresql://u@127.0.0.1:1/x", 2, "--target", id="a server's database in place"),
        pytest.param("migrate-filestore --source nowhere --target x.db", 2, "nowhere", id="no file store"),
        pytest.param("gc --older-than soon", 2, "30d", id="no age"),
        pytest.param("gc --backend-store-uri http://127.0.0.1:1", 1, "--backend-store-uri", id="gc of a server"),
        pytest.param("gc --run-ids " + UNKNOWN, 1, UNKNOWN, id="gc of an unknown run"),
        pytest.param("gc --logged-model-ids m-1", 1, "m-1", id="gc of models"),
        pytest.param("db check sqlite:///nowhere.db", 1, "nowhere.db", id="check of no file"),
        pytest.param("db upgrade sqlite:///text.txt", 1, "database", id="upgrade of a text"),
        pytest.param("db upgrade oracle://x", 1, "oracle", id="an unknown database"),
        pytest.param("db info postgresql://u@127.0.0.1:1/x", 1, "127.0.0.1", id="a database that does not answer"),
        pytest.param("experiments get -n nobody", 1, "nobody", id="unknown experiment"),
        pytest.param("experiments csv -x 0 -o missing/x.csv", 1, "missing", id="no folder for the csv"),
        pytest.param("artifacts download -u s3-nowhere://x", 1, "s3-nowhere", id="unknown scheme"),
        pytest.param("nonsense", 2, "nonsense", id="unknown command"),
    ],
)
def test_bad_input_is_told_in_one_line(
    arguments: str, code: int, words: str, mlflow: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    (tmp_path / "text.txt").write_text("words and words " * 100)
    result = mlflow(*arguments.split(), code=code)
    assert words in result.stderr
    assert result.stdout == ""
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    if code == 1:
        assert last.endswith((".", ")", "`"))


@pytest.mark.skipif(AS_ROOT, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_named(mlflow: Command, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    assert "locked" in mlflow("runs", "export", "-x", "0", "-o", "locked/out", code=1).stderr


@pytest.mark.faults
@pytest.mark.skipif(not AS_ROOT or not shutil.which("mount"), reason="only root can make a small disk")
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["runs", "export", "-x", "0", "-o", "{disk}/out"], id="export"),
        pytest.param(["runs", "export", "-x", "0", "--histories", "-o", "{disk}/points.csv"], id="table"),
        pytest.param(["migrate", "{old}", "--target", "sqlite:///{disk}/new.db"], id="migrate"),
    ],
)
def test_a_full_disk_is_told_in_one_line(arguments: list[str], mlflow: Command, tmp_path: Path) -> None:
    from mlflow.tracking.client import MlflowClient
    from tests.transfer import legacy_database

    disk, old = tmp_path / "disk", tmp_path / "old.db"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small disk: {mounted.stderr.decode().strip()}")
    try:
        legacy_database.make(f"sqlite:///{old}")
        legacy_database.add_run(f"sqlite:///{old}", "e" * 32, 200_000)
        client = MlflowClient()
        run_id = client.create_run("0").info.run_id
        client.log_artifact(run_id, str(old))
        from mlflow.entities import Metric

        for start in range(0, 40_000, 1000):
            client.log_batch(run_id, [Metric("m", 1 / (i + 1), i, i) for i in range(start, start + 1000)])
        given = [argument.format(disk=disk, old=old) for argument in arguments]
        result = mlflow(*given, code=1)
        assert result.stderr.strip().splitlines()[-1].startswith("Error: ")
        assert "disk" in result.stderr or "space" in result.stderr
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(MlflowException("It is so.\nDo that."), ["It is so. Do that."], id="one of ours"),
        pytest.param(PermissionError(13, "Permission denied", "x"), ["Permission denied", "'x'"], id="the system's"),
        pytest.param(OSError(28, "No space left on device"), ["No space", "Make room"], id="a full disk"),
        pytest.param(OperationalError("SELECT 1", {}, Exception("gone")), ["gone", "Check"], id="the database's"),
        pytest.param(ZeroDivisionError("by zero"), ["ZeroDivisionError", "by zero", "DEBUG"], id="a fault of ours"),
    ],
)
def test_every_kind_of_failure_becomes_a_line(error: Exception, words: list[str]) -> None:
    message = as_failure(error).format_message()
    assert "\n" not in message
    assert all(word in message for word in words)


def test_the_process_ends_with_1_and_prints_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mlflow.cli", "runs", "describe", "--run-id", UNKNOWN]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) == 1
