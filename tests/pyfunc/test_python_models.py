"""Classes, functions, scripts and loader modules as models: saved, loaded and called."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pydantic
import pytest
import yaml

import mlflow
from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceAlreadyExists, ResourceDoesNotExist
from mlflow.models import Model
from mlflow.models.enforcement import SchemaEnforcementFailed
from mlflow.models.flavor import UnpicklableModel
from mlflow.pyfunc import PyFuncModel, PythonModel
from mlflow.pyfunc.context import Context, get_prediction_context
from mlflow.pyfunc.elsewhere import NotHere

PINS = ["numpy"]
FRAME = pd.DataFrame({"x": [1.0, 2.0]})


class Item(pydantic.BaseModel):
    size: int
    label: str | None = None


class AddN(PythonModel):
    """As in MLflow's overview."""

    def __init__(self, n: int) -> None:
        self.n = n

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        return model_input.apply(lambda column: column + self.n) * (params or {}).get("scale", 1)


class WithWords(PythonModel):
    def load_context(self, context: Any) -> None:
        self.words = Path(context.artifacts["words"]).read_text().split()

    def predict(self, context: Any, model_input: list[str]) -> list[bool]:
        return [word in self.words for word in model_input]


class Sizes(PythonModel):
    def predict(self, model_input: list[Item]) -> list[int]:
        return [item.size for item in model_input]


class Streams(PythonModel):
    def predict(self, context: Any, model_input: Any) -> str:
        return "".join(model_input)

    def predict_stream(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Iterator[str]:
        yield from model_input


def saved(model: Any, **options: Any) -> PyFuncModel:
    """A model after a way through a folder."""
    mlflow.pyfunc.save_model("model", python_model=model, pip_requirements=PINS, **options)
    return mlflow.pyfunc.load_model("model")


def entry(folder: str = "model") -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(folder, "MLmodel").read_text())["flavors"]["python_function"]
    return found


def test_class_is_called_with_what_its_signature_declares() -> None:
    loaded = saved(AddN(5), input_example=(FRAME, {"scale": 2}))
    assert loaded.predict(pd.DataFrame({"y": [0], "x": [1.0]}))["x"].tolist() == [12.0]
    assert loaded.predict(FRAME, params={"scale": 1})["x"].tolist() == [6.0, 7.0]
    with pytest.raises(SchemaEnforcementFailed, match=r"missing inputs \['x'\]"):
        loaded.predict(pd.DataFrame({"z": [1.0]}))
    assert str(loaded.metadata.get_output_schema()) == "['x': double (required)]"
    assert (loaded.loader_module, loaded.model_id) == ("mlflow.pyfunc.model", None)
    assert loaded.unwrap_python_model().n == 5
    assert "flavor: mlflow.pyfunc.model" in repr(loaded)


def test_class_without_signature_gets_the_data_as_it_is() -> None:
    loaded = saved(Streams())
    assert loaded.predict(["a", "b"]) == "ab"
    assert loaded.predict(("c",)) == "c"
    assert list(loaded.predict_stream(["ab"])) == list(loaded.predict_stream("ab")) == ["a", "b"]
    with pytest.raises(InvalidParameterValue, match="single input, but it got a list of 2"):
        loaded.predict_stream(["a", "b"])
    assert entry()["streamable"] is True


def test_loaded_model_shows_the_example_it_was_saved_with() -> None:
    pd.testing.assert_frame_equal(saved(AddN(5), input_example=(FRAME, {"scale": 2})).input_example, FRAME)
    assert Path("model").rename("before").exists()
    assert saved(AddN(5)).input_example is None


def test_artifacts_are_kept_with_the_model(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("a b")
    loaded = saved(WithWords(), artifacts={"words": str(tmp_path / "words.txt")})
    (tmp_path / "words.txt").unlink()
    assert loaded.predict(["a", "z"]) == [True, False]
    assert entry()["artifacts"] == {"words": {"path": "artifacts/words.txt", "uri": str(tmp_path / "words.txt")}}


def test_artifacts_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "f.txt").write_text(folder)

    class Both(PythonModel):
        def predict(self, context: Any, model_input: Any) -> list[str]:
            return [Path(path).read_text() for path in context.artifacts.values()]

    assert saved(Both(), artifacts={"a": "one/f.txt", "b": "two/f.txt"}).predict(None) == ["one", "two"]


def test_type_hint_becomes_the_signature_and_data_is_converted_to_it() -> None:
    loaded = saved(Sizes())
    signature = loaded.metadata.signature
    assert signature is not None
    assert str(signature.inputs) == "[{label: string (optional), size: long (required)} (required)]"
    assert str(signature.outputs) == "[long (required)]"
    assert loaded.predict([{"size": 3}, Item(size=4)]) == [3, 4]
    assert loaded.predict(pd.DataFrame({"size": [1, 2], "label": ["a", None]})) == [1, 2]
    with pytest.raises(InvalidParameterValue, match=r"(?s)element 1.*Field required"):
        loaded.predict([{"size": 3}, {"label": "a"}])
    with pytest.raises(InvalidParameterValue, match="Expected list, but got dict"):
        loaded.predict({"size": 3})


POSTPONED = """
from __future__ import annotations
import mlflow, pydantic

class Item(pydantic.BaseModel):
    size: int

class Sizes(mlflow.pyfunc.PythonModel):
    def predict(self, model_input: list[Item]) -> list[int]:
        return [item.size for item in model_input]

mlflow.pyfunc.save_model("model", python_model=Sizes(), pip_requirements=["numpy"])
"""


def test_type_hints_that_are_texts_are_kept_as_types() -> None:
    exec(compile(POSTPONED, "program", "exec"), {"__name__": "__main__"})
    assert mlflow.pyfunc.load_model("model").predict([{"size": 3}]) == [3]


def test_example_that_does_not_fit_the_type_hint_is_refused() -> None:
    with pytest.raises(InvalidParameterValue, match="Expected type str, but got int"):
        saved(WithWords(), artifacts={"words": __file__}, input_example=[1])
    assert not Path("model").exists()


@pytest.mark.parametrize(
    ("function", "data", "expected"),
    [(lambda rows: len(rows), [1, 2], 2), (lambda frame: frame["x"].sum(), FRAME, 3.0), (len, "abc", 3)],
    ids=["list", "frame", "built-in"],
)
def test_function_of_one_argument_is_a_model(function: Any, data: Any, expected: Any) -> None:
    assert saved(function).predict(data) == expected


def test_function_with_a_type_hint_checks_its_data() -> None:
    def double(numbers: list[int]) -> list[int]:
        return [2 * number for number in numbers]

    loaded = saved(double)
    assert loaded.predict([1, 2]) == [2, 4]
    assert loaded.predict(pd.DataFrame({"n": np.array([3], dtype=np.int32)})) == [6]
    with pytest.raises(InvalidParameterValue, match="Expected type int, but got str"):
        loaded.predict(["a"])


SCRIPT = """
from mlflow.models import ModelConfig, set_model
from mlflow.pyfunc import PythonModel

config = ModelConfig(development_config={"factor": 1})

class Times(PythonModel):
    def predict(self, context, model_input):
        return [config.get("factor") * row for row in model_input], context.model_config

set_model(Times())
"""


def test_script_is_a_model_and_takes_another_configuration_when_it_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "times.py").write_text(SCRIPT)
    loaded = saved("times.py", model_config={"factor": 3, "other": "a"})
    (tmp_path / "times.py").unlink()
    assert loaded.predict([1]) == ([3], {"factor": 3, "other": "a"})
    assert entry()["model_code_path"] == "times.py"
    (tmp_path / "given.yaml").write_text("factor: 5")
    changed = mlflow.pyfunc.load_model("model", model_config="given.yaml")
    assert changed.predict([1]) == ([5], {"factor": 5, "other": "a"})
    assert changed.model_config == {"factor": 5, "other": "a"}


LOADER = """
import pathlib
class Loaded:
    def __init__(self, path): self.path = pathlib.Path(path)
    def predict(self, data): return self.path.read_text() * len(data)
def _load_pyfunc(path): return Loaded(path)
"""


def test_loader_module_gets_its_data(tmp_path: Path) -> None:
    (tmp_path / "own_loader.py").write_text(LOADER)
    (tmp_path / "content.txt").write_text("ab")
    mlflow.pyfunc.save_model(
        "model", loader_module="own_loader", data_path="content.txt", code_paths=["own_loader.py"], conda_env=CONDA
    )
    loaded = mlflow.pyfunc.load_model("model")
    assert loaded.predict([1, 2]) == "abab"
    with pytest.raises(MlflowException, match="no PythonModel"):
        loaded.unwrap_python_model()
    assert entry()["data"] == "data/content.txt"
    assert yaml.safe_load(Path("model/conda.yaml").read_text())["name"] == "own"
    sys.modules.pop("own_loader")


CONDA = {"name": "own", "channels": ["defaults"], "dependencies": ["python=3.11", {"pip": ["numpy"]}]}


def test_needed_distributions_are_told_from_the_model_itself() -> None:
    def parse(rows: Any) -> Any:
        import yaml

        return [yaml.safe_load(row) for row in rows]

    mlflow.pyfunc.save_model("model", python_model=parse)
    lines = Path("model/requirements.txt").read_text().splitlines()
    names = [line.split("==")[0] for line in lines]
    assert names[:2] == ["mlflow", "cloudpickle"]
    assert "PyYAML" in names
    assert mlflow.pyfunc.get_model_dependencies("model") == str(Path("model/requirements.txt").absolute())
    with pytest.raises(InvalidParameterValue, match="Illegal format value 'poetry'"):
        mlflow.pyfunc.get_model_dependencies("model", "poetry")


def test_own_modules_are_found_and_travel_with_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_words.py").write_text("def shout(text): return text.upper()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    import own_words  # type: ignore[import-not-found]  # made above

    mlflow.pyfunc.save_model(
        "model", python_model=lambda rows: [own_words.shout(row) for row in rows], infer_code_paths=True
    )
    assert Path("model/code/own_words.py").is_file()
    assert "own" not in Path("model/requirements.txt").read_text()
    sys.modules.pop("own_words")


@pytest.mark.parametrize("kind", ["lzma", "bzip2", "gzip"])
def test_pickled_model_can_be_compressed(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_LOG_MODEL_COMPRESSION", kind)
    assert saved(Streams()).predict(["a"]) == "a"
    assert entry()["python_model_compression"] == kind


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "Either `loader_module` or `python_model`"),
        ({"python_model": AddN(1), "loader_module": "a"}, "cannot be specified together"),
        ({"python_model": 42}, "must be a PythonModel instance"),
        ({"python_model": AddN}, "must be a PythonModel instance"),
        ({"python_model": lambda a, b: a}, "exactly one argument. Found 2"),
        ({"python_model": "absent.py"}, "'absent.py' is not a file"),
        ({"python_model": AddN(1), "artifacts": {"a": "absent"}}, "No such artifact"),
        ({"python_model": AddN(1), "artifacts": {"a": "hf:/org/model"}}, "Hugging Face"),
        ({"python_model": AddN(1), "model_config": "absent.yaml"}, "'absent.yaml' is no dictionary and no file"),
        ({"python_model": AddN(1), "speed": 1}, r"no parameters \['speed'\]"),
        ({"loader_module": "a", "data_path": "absent"}, "'absent' is not there"),
        ({"python_model": AddN(1), "signature": {"inputs": []}}, "Pass a ModelSignature"),
    ],
)
def test_broken_request_says_what_to_do_and_leaves_nothing(options: dict[str, Any], message: str) -> None:
    with pytest.raises(MlflowException, match=message):
        mlflow.pyfunc.save_model("model", **options)
    assert not Path("model").exists()


def test_model_that_cannot_be_pickled_is_told_two_ways_out() -> None:
    model = AddN(1)
    model.n = sys._getframe()  # type: ignore[assignment]  # what makes it so
    with pytest.raises(UnpicklableModel, match=r"load_context, or save the model from code") as caught:
        mlflow.pyfunc.save_model("model", python_model=model)
    assert isinstance(caught.value, TypeError)
    assert not Path("model").exists()


def test_folder_with_something_in_it_is_not_overwritten() -> None:
    saved(AddN(1))
    with pytest.raises(ResourceAlreadyExists):
        mlflow.pyfunc.save_model("model", python_model=AddN(2))


def test_what_is_no_function_and_what_is_no_model_say_so(tmp_path: Path) -> None:
    with pytest.raises(ResourceDoesNotExist, match="'absent'"):
        mlflow.pyfunc.load_model("absent")
    Model(flavors={"spacy": {}}).save(tmp_path / "MLmodel")
    with pytest.raises(ResourceDoesNotExist, match=r'"python_function" flavor. Load it by one of \[\'spacy\'\]'):
        mlflow.pyfunc.load_model(str(tmp_path))
    Model(flavors={"python_function": {"loader_module": "absent_loader"}}).save(tmp_path / "MLmodel")
    with pytest.raises(InvalidParameterValue, match="module 'absent_loader', which cannot be imported"):
        mlflow.pyfunc.load_model(str(tmp_path))
    Model(flavors={"python_function": {"loader_module": "mlflow.pyfunc.loaders.chat_model"}}).save(tmp_path / "MLmodel")
    with pytest.raises(InvalidParameterValue, match="generative applications"):
        mlflow.pyfunc.load_model(str(tmp_path))


def test_other_environment_is_told_in_one_line(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "allow")
    saved(AddN(1))
    Path("model/requirements.txt").write_text("mlflow==1.0\nnumpy==0.1\nno-such-thing==2\npandas>=1")
    caplog.clear()
    with caplog.at_level(logging.WARNING, "mlflow"):
        mlflow.pyfunc.load_model("model")
    (record,) = caplog.records
    assert f"numpy {np.__version__} (wanted numpy==0.1); no-such-thing is missing" in record.getMessage()
    assert "get_model_dependencies('model')" in record.getMessage()
    caplog.clear()
    with caplog.at_level(logging.WARNING, "mlflow"):
        mlflow.pyfunc.load_model("model", suppress_warnings=True)
    assert caplog.records == []


def test_manifest_cannot_name_files_elsewhere() -> None:
    saved(AddN(1))
    manifest = Model.load("model")
    manifest.flavors["python_function"]["python_model"] = "../secret.pkl"
    manifest.save("model/MLmodel")
    with pytest.raises(InvalidParameterValue, match="not inside the model"):
        mlflow.pyfunc.load_model("model")


@pytest.mark.parametrize("name", ["ChatModel", "ChatAgent", "ResponsesAgent"])
def test_agents_say_that_they_are_not_here(name: str) -> None:
    with pytest.raises(NotHere, match=f"'mlflow.pyfunc.{name}' belongs to MLflow's tier"):
        type("Own", (getattr(mlflow.pyfunc, name),), {"__module__": __name__})


def test_prediction_knows_its_context() -> None:
    loaded = saved(lambda rows: get_prediction_context())
    with mlflow.pyfunc.set_prediction_context(Context(request_id="tr-1")):
        found = loaded.predict([1])
    assert (found.request_id, loaded.predict([1])) == ("tr-1", None)
    with pytest.raises(AttributeError, match="no attribute 'speed'"):
        found.update(speed=1)


def test_manifest_can_be_filled_in_by_hand() -> None:
    manifest = mlflow.pyfunc.add_to_model(Model(), "own", data="d", code="code", conda_env="conda.yaml", extra=1)
    function = manifest.flavors["python_function"]
    assert (function["data"], function["code"], function["env"]) == ("d", "code", {"conda": "conda.yaml"})
    assert function["extra"] == 1
