"""`mlflow.models.predict`: a model called once, as the published package's calls it."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import mlflow
from mlflow.environments.python_environment import find_uv
from mlflow.exceptions import InvalidParameterValue, MlflowException
from tests.serving.samples import ROWS

EXPECTED = {"predictions": [0, 0, 1, 1]}


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        pytest.param(ROWS, "json", id="a table"),
        pytest.param(ROWS.to_dict(orient="list"), "json", id="columns"),
        pytest.param(ROWS, "csv", id="a table as CSV"),
        pytest.param(ROWS.to_csv(index=False), "csv", id="the text of CSV"),
    ],
)
def test_an_answer_is_printed(models: Path, capsys: pytest.CaptureFixture[str], data: Any, content_type: str) -> None:
    mlflow.models.predict(str(models / "logistic"), data, content_type=content_type, env_manager="local")
    assert json.loads(capsys.readouterr().out) == EXPECTED


def test_files_are_read_and_written(models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ROWS.to_csv(tmp_path / "in.csv", index=False)
    out = tmp_path / "out.csv"
    where = {"input_path": str(tmp_path / "in.csv"), "output_path": str(out), "content_type": "csv"}
    mlflow.models.predict(str(models / "logistic"), env_manager="local", **where)
    assert pd.read_csv(out)["predictions"].tolist() == EXPECTED["predictions"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("how", "words"),
    [
        pytest.param({"input_data": ROWS, "input_path": "x"}, "Both input_data and input_path", id="both"),
        pytest.param({}, "Neither", id="none"),
        pytest.param({"input_data": ROWS, "content_type": "xml"}, "'xml'", id="a form that there is not"),
        pytest.param({"input_data": [1], "content_type": "csv"}, "no table", id="no table"),
        pytest.param({"input_data": ROWS, "extra_envs": {"A": "1"}}, "extra_envs", id="variables of this process"),
        pytest.param({"input_path": "gone.json"}, "gone.json", id="no such file"),
        pytest.param({"input_data": {"age": [1.0]}}, "income", id="a column that is missing"),
    ],
)
def test_what_cannot_be_is_told(models: Path, how: dict[str, Any], words: str) -> None:
    with pytest.raises(MlflowException, match=words):
        mlflow.models.predict(str(models / "logistic"), env_manager="local", **how)


@pytest.mark.faults
@pytest.mark.skipif(find_uv() is None, reason="uv is not installed: pip install uv")
def test_a_model_answers_in_its_own_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MLFLOW_ENV_ROOT", str(tmp_path / "envs"))
    (tmp_path / "where.py").write_text(
        "import os, sys\nfrom mlflow.models import set_model\nfrom mlflow.pyfunc import PythonModel\n"
        "class Where(PythonModel):\n    def predict(self, context, model_input, params=None):\n"
        "        if os.environ['WORD'] == 'fail':\n            raise ValueError('on demand')\n"
        "        return [sys.prefix, os.environ['WORD']]\n"
        "set_model(Where())\n"
    )
    mlflow.pyfunc.save_model(tmp_path / "model", python_model=str(tmp_path / "where.py"), pip_requirements=["six"])
    where = {"model_uri": str(tmp_path / "model"), "input_data": {"a": [1]}, "env_manager": "uv"}
    mlflow.models.predict(**where, extra_envs={"WORD": "w"})
    prefix, word = json.loads(capsys.readouterr().out)["predictions"]
    assert prefix.startswith(str(tmp_path / "envs"))
    assert word == "w"
    with pytest.raises(MlflowException, match="on demand"):
        mlflow.models.predict(**where, extra_envs={"WORD": "fail"})


def test_failures_of_arguments_are_of_one_class() -> None:
    with pytest.raises(InvalidParameterValue):
        mlflow.models.predict("model")
