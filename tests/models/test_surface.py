"""The public functions of a flavor, derived from its description."""

from __future__ import annotations

import importlib
import inspect
import json
import pickle
from pathlib import Path

import pandas as pd
import pytest

import mlflow
from mlflow._names import NAMES
from mlflow.models import Model
from mlflow.models.surface import LOG, SAVE, Surface, declared
from tests.models.flavors import LINE, Line

FRAME = pd.DataFrame({"x": [1.0]})
LINES = Surface(LINE, model="line", save=f"{SAVE} digits=3 **", defaults="wide=False", meanings={"digits": "how many."})


def test_words_become_a_signature() -> None:
    assert str(declared("path name! conda_env digits=3 await_registration_for **")) == (
        "(path, name, conda_env=None, digits=3, await_registration_for=300, **kwargs)"
    )


def test_functions_have_names_texts_and_signatures_of_their_own() -> None:
    assert str(inspect.signature(LINES.save_model)).startswith("(line, path, conda_env=None, code_paths=None,")
    assert LINES.save_model.__name__ == "save_model"  # type: ignore[attr-defined]
    assert LINES.save_model.__module__ == "line_loader"
    assert "digits: how many." in str(LINES.save_model.__doc__)
    assert list(inspect.signature(LINES.log_model).parameters) == ["line", *LOG.replace("**", "kwargs").split()]


def test_options_of_the_flavor_reach_it() -> None:
    LINES.save_model(Line(2.0), "model", input_example=FRAME)
    assert Model.load("model").flavors["line"]["digits"] == 3
    assert LINES.load_model("model").slope == 2.0


def test_wrong_arguments_name_the_function() -> None:
    with pytest.raises(TypeError, match=r"save_model\(\) missing a required argument: 'path'"):
        LINES.save_model(Line(2.0))
    with pytest.raises(TypeError, match=r"load_model\(\) got an unexpected keyword argument 'speed'"):
        LINES.load_model("model", speed=1)


def test_loaded_function_calls_the_model_with_both_entries_and_what_was_given() -> None:
    LINES.save_model(Line(2.0), "model")
    function = LINES.load_pyfunc("model/data/line.json", {"given": 1})
    assert function.predict(FRAME, {"scale": 2.0}).tolist() == [4.0]
    assert (function._config["given"], function._config["digits"]) == (1, 3)
    assert function.get_raw_model().slope == 2.0


PUBLISHED: dict[str, dict[str, list[list[str | None]]]] = json.loads(
    (Path(__file__).parent / "published_signatures.json").read_text()
)


DIFFERENT = {
    ("mlflow.h2o", "log_model"): "it takes `settings` as save_model does",
    ("mlflow.spacy", "log_model"): "it takes `await_registration_for` as the others do",
    ("mlflow.spark", "log_model"): "it takes `name` as the others do",
}


@pytest.mark.parametrize("module", sorted(name for name in PUBLISHED if name.partition(".")[2] in NAMES))
@pytest.mark.parametrize("name", ["save_model", "log_model", "load_model", "get_default_pip_requirements"])
def test_signatures_are_those_of_the_published_package(module: str, name: str) -> None:
    expected = PUBLISHED[module].get(name)
    if expected is None:
        pytest.skip("the published module has no such function")
    if (module, name) in DIFFERENT:
        pytest.skip(DIFFERENT[module, name])
    parameters = inspect.signature(getattr(importlib.import_module(module), name)).parameters.values()
    found = [[one.name, None if one.default is one.empty else repr(one.default)] for one in parameters]
    assert found == expected


def test_functions_can_be_pickled_by_their_names() -> None:
    assert pickle.loads(pickle.dumps(mlflow.sklearn.save_model)) is mlflow.sklearn.save_model
