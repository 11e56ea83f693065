import json
import os
import pty
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command
from tests.transfer.runs import Family, content, make_family

pytestmark = pytest.mark.long


@pytest.fixture
def family(mlflow: Command) -> Family:
    return make_family(MlflowClient().tracking_uri)


def test_runs_go_out_and_come_in_again(mlflow: Command, family: Family, tmp_path: Path) -> None:
    out = mlflow("runs", "export", "-n", "sweep", "--view", "all", "-o", "out.zip", "--json")
    assert json.loads(out.stdout) == {"runs": 3, "output": "out.zip", "format": "folder"}
    assert not list(tmp_path.glob("out.zip.*"))
    done = json.loads(mlflow("runs", "import", "out.zip", "-n", "archive", "--json").stdout)
    assert set(done["runs"]) == set(family[1:])
    assert done["files"] == 2
    here = MlflowClient().tracking_uri
    for old, new in done["runs"].items():
        assert content(here, new) == content(here, old)
    again = mlflow("runs", "import", "out.zip", "-n", "archive")
    assert "3 were there already" in again.stdout


def test_chosen_runs_are_exported_by_id_and_by_filter(mlflow: Command, family: Family) -> None:
    mlflow("runs", "export", family.parent, "-o", "one")
    assert [path.name for path in Path("one/runs").iterdir()] == [family.parent]
    mlflow("runs", "export", "-x", family.experiment_id, "--filter", "metrics.loss > 1", "-o", "two")
    assert [path.name for path in Path("two/runs").iterdir()] == [family.child]
    imported = mlflow("runs", "import", "one", "--run-ids", family.parent, "-n", "copy", "--no-artifacts", "--json")
    assert json.loads(imported.stdout)["files"] == 0


def test_an_export_that_exists_is_not_overwritten(mlflow: Command, family: Family) -> None:
    Path("out.zip").write_text("mine")
    assert "exists" in mlflow("runs", "export", "-n", "sweep", "-o", "out.zip", code=2).stderr
    assert Path("out.zip").read_text() == "mine"


def test_an_archive_that_leads_out_is_refused(mlflow: Command, tmp_path: Path) -> None:
    with zipfile.ZipFile("evil.zip", "w") as archive:
        archive.writestr("../../escaped.txt", "x")
    assert "escaped" in mlflow("runs", "import", "evil.zip", code=1).stderr
    assert not (tmp_path.parent / "escaped.txt").exists()


def test_a_table_on_stdout_is_data_alone(mlflow: Command, family: Family) -> None:
    result = mlflow("runs", "export", "-n", "sweep", "-o", "-")
    assert result.stdout.startswith("run_id,experiment_id,")
    assert result.stdout.count("\n") >= 3
    assert "Wrote" not in result.stdout
    points = mlflow("runs", "export", family.child, "--histories", "-o", "-").stdout
    assert points.splitlines() == [
        "run_id,key,step,timestamp,value",
        f"{family.child},loss,0,2023-11-14T22:13:21.500+00:00,3.0",
    ]


def test_the_format_follows_the_name(mlflow: Command, family: Family) -> None:
    for name, written in (("a.csv", "csv"), ("a.parquet", "parquet"), ("a", "folder")):
        done = json.loads(mlflow("runs", "export", family.child, "-o", name, "--json").stdout)
        assert done["format"] == written
    assert Path("a.parquet").read_bytes()[:4] == b"PAR1"


def test_parquet_without_pyarrow_names_the_extra(family: Family, tmp_path: Path) -> None:
    (tmp_path / "pyarrow.py").write_text("raise ImportError('not here')")
    command = [sys.executable, "-m", "mlflow.cli", "runs", "export", family.child, "-o", "a.parquet"]
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "mlflow[parquet]" in done.stderr


def test_a_comparison_shows_differences_first_and_marks_the_best(mlflow: Command, family: Family) -> None:
    result = mlflow("runs", "compare", family.parent, family.child, "--charts")
    lines = result.stdout.splitlines()
    assert lines.index(next(line for line in lines if line.startswith("params      lr"))) < lines.index(
        next(line for line in lines if line.startswith("Metric"))
    )
    loss = next(line for line in lines if line.startswith("loss        last"))
    assert loss.split()[2:4] == ["0.000666667", "*"]
    assert "(+449900.0%)" in loss
    assert any("▁" in line for line in lines)
    assert "--all" in result.stderr
    everything = mlflow("runs", "compare", family.parent, family.child, "--all").stdout
    assert "(attributes)" in everything


def test_a_comparison_as_json_names_every_difference(mlflow: Command, family: Family) -> None:
    found = json.loads(mlflow("runs", "compare", family.parent, family.child, "--metrics", "loss", "--json").stdout)
    assert found["run_ids"] == [family.parent, family.child]
    assert [row["key"] for row in found["metrics"]] == ["loss"]
    assert all(row["differs"] for row in found["differences"])
    assert "accuracy" in mlflow("runs", "compare", *family[1:3], "--metrics", "accuracy", code=2).stderr


def test_progress_is_drawn_on_a_terminal_only(family: Family, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mlflow.cli", "runs", "export", "-n", "sweep", "-o"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm", "COLUMNS": "120"}
    quiet = subprocess.run([*command, "quiet"], env=env, capture_output=True, text=True, check=True)
    assert quiet.stderr == "Wrote 2 runs to quiet.\n"
    ours, theirs = pty.openpty()
    subprocess.run([*command, "shown"], env=env, stdout=subprocess.DEVNULL, stderr=theirs, check=True)
    os.close(theirs)
    drawn = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "Exporting runs" in drawn
    assert "2/2" in drawn
