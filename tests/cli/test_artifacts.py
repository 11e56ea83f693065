import json
from pathlib import Path

from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command


def test_files_go_up_are_listed_and_come_down(mlflow: Command, tmp_path: Path) -> None:
    run_id = MlflowClient().create_run("0").info.run_id
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "a.txt").write_text("a")
    (tmp_path / "one.txt").write_text("one")
    mlflow("artifacts", "log-artifact", "-l", "one.txt", "-r", run_id, "-a", "notes")
    mlflow("artifacts", "log-artifacts", "-l", "plots", "-r", run_id, "-a", "plots")
    listed = json.loads(mlflow("artifacts", "list", "-r", run_id).stdout)
    assert [(info["path"], info["is_dir"]) for info in listed] == [("notes", True), ("plots", True)]
    below = json.loads(mlflow("artifacts", "list", "-r", run_id, "-a", "notes").stdout)
    assert below == [{"path": "notes/one.txt", "is_dir": False, "file_size": 3}]
    got = mlflow("artifacts", "download", "-u", f"runs:/{run_id}/plots", "-d", "out").stdout.strip()
    assert (Path(got) / "a.txt").read_text() == "a"
    got = mlflow("artifacts", "download", "-r", run_id, "-a", "notes/one.txt", "-d", "out").stdout.strip()
    assert Path(got).read_text() == "one"


def test_a_download_needs_one_way_to_say_what(mlflow: Command) -> None:
    mlflow("artifacts", "download", code=2)
    mlflow("artifacts", "download", "-r", "1", "-u", "runs:/1/x", code=2)
