"""Commands that go on in the environment that a model asks for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import mlflow
from mlflow.environments.python_environment import find_uv
from mlflow.exceptions import InvalidParameterValue
from mlflow.pyfunc.environment import activate

MODEL = """
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

class Where(PythonModel):
    def predict(self, context, model_input):
        import os, sys, six, mlflow
        return {"prefix": sys.prefix, "mlflow": mlflow.__version__, "six": six.__version__, "word": os.environ["WORD"]}

set_model(Where())
"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MLFLOW_ENV_ROOT", str(tmp_path / "envs"))
    (tmp_path / "where.py").write_text(MODEL)
    mlflow.pyfunc.save_model(tmp_path / "model", python_model=str(tmp_path / "where.py"), pip_requirements=["six"])
    return tmp_path / "model"


@pytest.mark.faults
@pytest.mark.skipif(find_uv() is None, reason="uv is not installed: pip install uv")
def test_predictions_are_made_where_the_models_requirements_are(model: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mlflow.cli", "models", "predict", "-m", str(model), "--env-manager", "uv"]
    command += ["--pip-requirements-override", "six==1.16.0", "--env", "WORD=a b;c"]
    done = subprocess.run(command, input='{"inputs": [1]}', capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["predictions"]
    assert found["prefix"].startswith(str(tmp_path / "envs"))
    assert (found["mlflow"], found["six"], found["word"]) == (mlflow.__version__, "1.16.0", "a b;c")


def test_a_model_that_does_not_say_what_it_needs_is_told_what_to_do(model: Path) -> None:
    for name in ("python_env.yaml", "conda.yaml"):
        (model / name).unlink()
    with pytest.raises(InvalidParameterValue, match="env-manager local"):
        activate(str(model), "virtualenv")
