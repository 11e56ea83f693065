import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.transfer import legacy_database, legacy_folder
from tests.transfer.legacy_database import PARENT


def test_a_default_database_is_replaced_without_being_named(mlflow: Command, tmp_path: Path) -> None:
    legacy_database.make(f"sqlite:///{tmp_path / 'mlflow.db'}")
    text = mlflow("migrate").stdout
    assert "Read 4 runs of 3 experiments with 61 points" in text
    assert "mlflow.db.before-migration" in text
    assert "Read 0 versions of 1 registered models." in text
    assert (tmp_path / "mlflow.db.before-migration").exists()


def test_a_default_folder_is_read_into_a_database_beside_it(mlflow: Command, tmp_path: Path) -> None:
    legacy_folder.make(tmp_path / "mlruns")
    done = json.loads(mlflow("migrate", "--json").stdout)
    assert (done["read"], done["target"]) == (4, f"sqlite:///{tmp_path / 'mlflow.db'}")


def test_the_published_command_reads_a_file_store(mlflow: Command, tmp_path: Path) -> None:
    legacy_folder.make(tmp_path / "mlruns")
    target = f"sqlite:///{tmp_path / 'store.db'}"
    mlflow("migrate-filestore", "--source", "mlruns", "--target", target, "--no-progress")
    assert json.loads(mlflow("runs", "describe", "--run-id", PARENT).stdout)["data"]["params"]["lr"] == "0.1"


def test_copied_files_are_put_where_asked(mlflow: Command, tmp_path: Path) -> None:
    legacy_folder.make(tmp_path / "mlruns")
    root = tmp_path / "files"
    mlflow("migrate", "mlruns", "--target", f"sqlite:///{tmp_path / 'store.db'}", "--artifacts", "copy",
           "--default-artifact-root", root)  # fmt: skip
    assert (root / legacy_folder.EXPERIMENT / PARENT / "artifacts" / "notes" / "hello.txt").read_text() == "hello"
    listed = json.loads(mlflow("artifacts", "list", "-r", PARENT, "-a", "notes").stdout)
    assert [info["path"] for info in listed] == ["notes/hello.txt"]


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(lambda folder: "", id="none"),
        pytest.param(str, id="a path"),
        pytest.param(Path.as_uri, id="a file address"),
    ],
)
def test_what_names_the_command_names_one_that_helps(
    address: Callable[[Path], str], mlflow: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy_folder.make(tmp_path / "mlruns")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address(tmp_path / "mlruns"))
    message = mlflow("runs", "describe", "--run-id", PARENT, code=1).stderr
    command = shlex.split(message.split("`")[1])
    assert command[:2] == ["mlflow", "migrate"]
    mlflow(*command[1:])
    assert PARENT in mlflow("runs", "describe", "--run-id", PARENT).stdout


def test_an_old_database_names_the_command_that_replaces_it(mlflow: Command, tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    old = f"sqlite:///{tmp_path / 'a folder' / 'tracking.db'}"
    legacy_database.make(old)
    message = mlflow("db", "info", old, code=1).stderr
    mlflow(*shlex.split(message.split("`")[1])[1:])
    assert json.loads(mlflow("db", "info", old, "--json").stdout)["runs"] == 4


def test_a_server_refuses_an_old_database_in_one_line(tmp_path: Path) -> None:
    legacy_database.make(f"sqlite:///{tmp_path / 'mlflow.db'}")
    command = [sys.executable, "-m", "mlflow.cli", "server", "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert done.returncode != 0
    assert "mlflow migrate" in done.stderr
    assert "Traceback" not in done.stderr
