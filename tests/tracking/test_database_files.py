"""A SQLite database is one file once the programs that wrote to it have ended, as whoever copies it expects."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
import mlflow
from mlflow.tracking import database_shipper
database_shipper.YOUNG_SECONDS = float(sys.argv[1])
with mlflow.start_run():
    for step in range(100):
        mlflow.log_metric("loss", 1.0, step=step)
    mlflow.log_param("a", "b")
    if sys.argv[1] == "0":
        while not mlflow.get_run(mlflow.active_run().info.run_id).data.params:
            pass
"""


@pytest.mark.parametrize("young", ["60", "0"], ids=["writes by itself", "has a child that writes"])
def test_program_that_ended_leaves_a_whole_file(tmp_path: Path, young: str) -> None:
    own = {"MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path / 'store.db'}"}
    subprocess.run([sys.executable, "-c", PROGRAM, young], env=os.environ | own, check=True, timeout=100)
    assert [path.name for path in tmp_path.glob("store.db*")] == ["store.db"]
    shutil.copy(tmp_path / "store.db", tmp_path / "copy.db")
    copied = sqlite3.connect(tmp_path / "copy.db")
    assert copied.execute("SELECT value FROM params").fetchall() == [("b",)]
    copied.close()
