"""Names of the environment variables that a model reads while it is logged."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import mlflow
from mlflow.models import infer_signature
from mlflow.models.environment_reads import READS_FILE, model_code, noted_names, noting_reads
from mlflow.models.model_info import ModelInfo
from mlflow.models.places import model_folder
from tests.fixtures.foreign import Program

FRAME = pd.DataFrame({"x": [1.5]})
SET = ("A_API_KEY", "B_API_TOKEN_2", "DATABRICKS_HOST", "SOME_TOKEN", "SOME_SECRET", "my_api_key", "UNREAD_API_KEY")


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SET:
        monkeypatch.setenv(name, "hidden")


class Reader(mlflow.pyfunc.PythonModel):
    def load_context(self, context: Any) -> None:
        os.getenv("B_API_TOKEN_2")

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        return [os.environ["A_API_KEY"], os.environ.get("ABSENT_API_KEY"), *map(os.environ.get, SET[2:6])]


class Broken(mlflow.pyfunc.PythonModel):
    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        raise ValueError(os.environ["A_API_KEY"])


def names(info: ModelInfo) -> list[str]:
    path = model_folder(info.model_uri) / READS_FILE
    found = [line for line in path.read_text().splitlines() if not line.startswith("#")] if path.exists() else []
    assert info.env_vars == (found or None)
    return found


@pytest.mark.parametrize("signature", [None, False, infer_signature(FRAME)], ids=["inferred", "none", "given"])
def test_names_of_keys_are_kept_with_a_logged_model(database: str, signature: Any) -> None:
    info = mlflow.pyfunc.log_model(name="m", python_model=Reader(), input_example=FRAME, signature=signature)
    assert names(info) == ["A_API_KEY", "B_API_TOKEN_2", "DATABRICKS_HOST"]
    folder = model_folder(info.model_uri)
    assert "hidden" not in "".join(file.read_text(errors="replace") for file in folder.rglob("*") if file.is_file())
    (folder / READS_FILE).unlink()  # people may edit it: it carries no digest
    mlflow.pyfunc.load_model(str(folder))


def test_model_that_raises_is_logged_with_what_it_read(database: str) -> None:
    assert names(mlflow.pyfunc.log_model(name="m", python_model=Broken(), input_example=FRAME)) == ["A_API_KEY"]


def test_script_that_reads_a_key_is_told(database: str) -> None:
    script = Path("model.py")
    script.write_text(
        "import os\nfrom mlflow.models import set_model\nkey = os.environ['A_API_KEY']\nset_model(lambda x: x)\n"
    )
    assert names(mlflow.pyfunc.log_model(name="m", python_model=str(script), input_example=FRAME)) == ["A_API_KEY"]
    assert names(mlflow.pyfunc.log_model(name="m", python_model=str(script))) == []


def test_nothing_is_kept_where_the_setting_forbids_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING", "false")
    assert names(mlflow.pyfunc.log_model(name="m", python_model=Reader(), input_example=FRAME)) == []


def test_saved_model_keeps_nothing(tmp_path: Path) -> None:
    mlflow.pyfunc.save_model(tmp_path / "m", python_model=Reader(), input_example=FRAME)
    assert not (tmp_path / "m" / READS_FILE).exists()


def test_reads_of_threads_count_while_the_models_code_runs_and_not_later() -> None:
    usual = type(os.environ)
    with noting_reads():
        os.environ["A_API_KEY"]
        with model_code(), model_code():
            thread = threading.Thread(target=os.getenv, args=["UNREAD_API_KEY"])
            thread.start()
            thread.join()
        os.environ["A_API_KEY"]
        assert noted_names() == {"UNREAD_API_KEY"}
    assert type(os.environ) is usual


PUBLISHED = """
import json, logging, os, warnings
warnings.simplefilter("ignore"); logging.disable(logging.WARNING)
import mlflow, pandas as pd
os.environ["ADDED_API_KEY"] = "hidden"

class Reader(mlflow.pyfunc.PythonModel):
    def load_context(self, context):
        os.getenv("B_API_TOKEN_2")
    def predict(self, context, model_input, params=None):
        "UNREAD_API_KEY" in os.environ
        return [os.environ.get(name) for name in ["A_API_KEY", "ABSENT_API_KEY", "ADDED_API_KEY", *NAMES]]

info = mlflow.pyfunc.log_model(
    name="m", python_model=Reader(), input_example=pd.DataFrame({"x": [1.5]}), pip_requirements=["mlflow"]
)
json.dump(info.env_vars, open("names.json", "w"))
"""


@pytest.mark.oracle
def test_published_package_keeps_the_same_names(run_published: Program, own_session: Any, tmp_path: Path) -> None:
    import json
    import subprocess
    import sys

    program = f"NAMES = {SET[2:6]!r}\n{PUBLISHED}"
    settings = {"MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path / 'theirs.db'}", **dict.fromkeys(SET, "hidden")}
    run_published(program, settings)
    theirs = json.loads(Path("names.json").read_text())
    ours = f"sqlite:///{tmp_path / 'ours.db'}"
    subprocess.run([sys.executable, "-c", program], check=True, env=os.environ | {"MLFLOW_TRACKING_URI": ours})
    assert json.loads(Path("names.json").read_text()) == theirs
    assert set(theirs) == {"A_API_KEY", "ADDED_API_KEY", "B_API_TOKEN_2", "DATABRICKS_HOST", "UNREAD_API_KEY"}
