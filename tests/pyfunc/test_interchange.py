"""Models of the published package here, and ours there: loaded and called, in both directions."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlflow
from mlflow.models.digests import FileDigests
from tests.fixtures.foreign import Program

pytestmark = [pytest.mark.oracle, pytest.mark.long]

SAVE = '''
import sys, warnings, logging
warnings.simplefilter("ignore"); logging.disable(logging.WARNING)
import mlflow, numpy as np, pandas as pd, pydantic
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from mlflow.pyfunc import PythonModel

rng = np.random.default_rng(0)
X = pd.DataFrame(rng.random((60, 3)), columns=["a", "b", "c"])
y = (X["a"] > 0.5).astype(int)
PINS = {"pip_requirements": ["numpy", "scikit-learn"]}

def sk(name, model, **options):
    mlflow.sklearn.save_model(model.fit(X, y), name, input_example=X[:2], **options, **PINS)

sk("logistic", LogisticRegression())
sk("probabilities", LogisticRegression(), pyfunc_predict_fn="predict_proba")
sk("pipeline", make_pipeline(StandardScaler(), LinearRegression()))
sk("forest", RandomForestClassifier(3, random_state=0), skops_trusted_types=["sklearn.tree._tree.Tree"])
sk("pickled", RandomForestClassifier(3, random_state=0), serialization_format="pickle")
sk("clouded", RandomForestClassifier(3, random_state=0), serialization_format="cloudpickle")

class Item(pydantic.BaseModel):
    size: int
    label: str | None = None

class Plain(PythonModel):
    def load_context(self, context):
        self.word = open(context.artifacts["word"]).read()
    def predict(self, context, model_input, params=None):
        return [self.word, context.model_config, params, sorted(map(str, model_input))]

class Items(PythonModel):
    def predict(self, model_input: list[Item]) -> list[int]:
        return [item.size for item in model_input]

class Streams(PythonModel):
    def predict(self, context, model_input):
        return len(model_input)
    def predict_stream(self, context, model_input, params=None):
        yield from model_input

def double(numbers: list[int]) -> list[int]:
    return [2 * number for number in numbers]

open("word.txt", "w").write("hello")
open("script.py", "w").write("""
from mlflow.models import ModelConfig, set_model
from mlflow.pyfunc import PythonModel
config = ModelConfig(development_config={"factor": 1})
class Times(PythonModel):
    def predict(self, context, model_input):
        return [config.get("factor") * row for row in model_input]
set_model(Times())
""")
open("own_loader.py", "w").write("""
class Loaded:
    def __init__(self, text): self.text = text
    def predict(self, data): return self.text * len(data)
def _load_pyfunc(path):
    with open(path) as file: return Loaded(file.read())
""")
PY = {"pip_requirements": ["numpy"]}
PLAIN = {"model_config": {"t": 0.5}, "input_example": (pd.DataFrame({"x": [1]}), {"k": 1})}
save = mlflow.pyfunc.save_model
save("plain", python_model=Plain(), artifacts={"word": "word.txt"}, **PLAIN, **PY)
save("items", python_model=Items(), **PY)
save("streams", python_model=Streams(), **PY)
save("function", python_model=double, **PY)
save("untyped", python_model=lambda rows: [row + 1 for row in rows], **PY)
save("script", python_model="script.py", model_config={"factor": 3}, **PY)
save("loader", loader_module="own_loader", data_path="word.txt", code_paths=["own_loader.py"], **PY)
'''

CALL = """
import sys, json, warnings, logging
warnings.simplefilter("ignore"); logging.disable(logging.WARNING)
import mlflow, numpy as np, pandas as pd
X = pd.DataFrame(np.random.default_rng(1).random((5, 3)), columns=["a", "b", "c"])
found = {}

def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value

def call(name, data, **options):
    found[name] = plain(mlflow.pyfunc.load_model(name).predict(data, **options))

for name in ("logistic", "probabilities", "pipeline", "forest", "pickled", "clouded"):
    call(name, X[["c", "a", "b"]])
    found["raw " + name] = plain(mlflow.sklearn.load_model(name).predict(X))
call("plain", pd.DataFrame({"x": [1, 2]}), params={"k": 2})
call("items", [{"size": 3, "label": "a"}, {"size": 4}])
call("streams", ["a", "b"])
found["stream"] = list(mlflow.pyfunc.load_model("streams").predict_stream(["ab"]))
call("function", pd.DataFrame({"n": [1, 2]}))
call("untyped", [1, 2])
call("script", [1, 2])
found["configured"] = mlflow.pyfunc.load_model("script", model_config={"factor": 5}).predict([1])
call("loader", [1, 2])
try:
    mlflow.pyfunc.load_model("items").predict([{"label": "a"}])
except mlflow.exceptions.MlflowException as exc:
    found["refused"] = exc.error_code
print(json.dumps(found))
"""


def run_here(program: str, capsys: pytest.CaptureFixture[str]) -> str:
    with warnings.catch_warnings(action="ignore"):
        exec(compile(program, "program", "exec", dont_inherit=True), {"__name__": "__main__"})
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def quiet() -> Any:
    """The programs silence logging."""
    import logging

    yield
    logging.disable(logging.NOTSET)


def check(found: dict[str, Any]) -> None:
    assert found["plain"] == ["hello", {"t": 0.5}, {"k": 2}, ["x"]]
    assert (found["items"], found["function"], found["untyped"]) == ([3, 4], [2, 4], [2, 3])
    assert (found["streams"], found["stream"]) == (2, ["a", "b"])
    assert (found["script"], found["configured"]) == ([3, 6], [5])
    assert (found["loader"], found["refused"]) == ("hellohello", "INVALID_PARAMETER_VALUE")
    for name in ("logistic", "pipeline", "forest", "pickled", "clouded"):
        assert found[name] == found[f"raw {name}"]
    assert np.array(found["probabilities"]).shape == (5, 2)


def test_models_of_the_published_package_load_and_predict_here(
    run_published: Program, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run_published(SAVE, seconds=300)
    there = json.loads(run_published(CALL, seconds=300).splitlines()[-1])
    here = json.loads(run_here(CALL, capsys).splitlines()[-1])
    assert here == there
    check(here)
    assert FileDigests.read(tmp_path / "logistic") is None


def test_our_models_load_and_predict_in_the_published_package(
    run_published: Program, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run_here(SAVE, capsys)
    here = json.loads(run_here(CALL, capsys).splitlines()[-1])
    there = json.loads(run_published(CALL, seconds=300).splitlines()[-1])
    assert there == here
    check(here)
    saved = FileDigests.read(tmp_path / "logistic")
    assert saved is not None
    saved.check(tmp_path / "logistic")


PROGRAM = """
import mlflow, pandas as pd, numpy as np, json, sys, warnings, logging
warnings.simplefilter("ignore"); logging.disable(logging.WARNING)
from sklearn.linear_model import LogisticRegression
mlflow.set_tracking_uri({uri!r})
mlflow.set_experiment({experiment!r})
X = pd.DataFrame({{"x": [0.0, 1.0, 2.0, 3.0]}})
with mlflow.start_run() as run:
    mlflow.log_param("depth", 3)
    info = mlflow.sklearn.log_model(
        LogisticRegression().fit(X, [0, 0, 1, 1]), name="model", registered_model_name={experiment!r},
        pip_requirements=["scikit-learn"], params={{"kind": "small"}},
    )
for uri in (info.model_uri, f"runs:/{{run.info.run_id}}/model", "models:/{experiment}/1"):
    print(mlflow.pyfunc.load_model(uri).predict(X).tolist())
logged = mlflow.get_logged_model(info.model_id)
print(json.dumps([info.model_id, info.registered_model_version, str(logged.status), logged.params]))
"""


def test_program_of_the_published_package_logs_and_loads_through_our_server(
    run_published: Program, server: str, request: pytest.FixtureRequest
) -> None:
    name = f"published-{id(request)}"
    lines = run_published(PROGRAM.format(uri=server, experiment=name), seconds=300).splitlines()
    assert lines[-4:-1] == ["[0, 0, 1, 1]"] * 3
    model_id, version, status, params = json.loads(lines[-1])
    assert (int(version), status, params) == (1, "READY", {"kind": "small", "depth": "3"})
    loaded = mlflow.pyfunc.load_model(f"models:/{name}/1")
    assert loaded.predict(pd.DataFrame({"x": [0.0, 3.0]})).tolist() == [0, 1]
    assert loaded.model_id == model_id
