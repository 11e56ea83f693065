"""Models of every kind of signature, called with data that fits and data that does not; runs under either mlflow."""

import json
import logging
import re
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pandas as pd
import pydantic

import mlflow
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema, TensorSpec
from mlflow.types.schema import AnyType, Array, Map, Object, Property

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def plain(value: Any) -> Any:
    if isinstance(value, pd.DataFrame):
        return {"columns": plain(value.to_dict("list")), "types": [str(kind) for kind in value.dtypes]}
    if isinstance(value, (np.ndarray, pd.Series)):
        return [type(value).__name__, str(value.dtype), plain(value.tolist())]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if value is None or (isinstance(value, (bool, int, float, str)) and value == value):
        return value
    return re.sub("0x[0-9a-f]+", "0x", repr(value))


def outcome(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return plain(call(*args, **kwargs))
    except Exception as exc:  # noqa: BLE001 - what fails there must fail here
        return ["fails", getattr(exc, "error_code", type(exc).__name__)]


class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]
        return model_input if params is None else [type(model_input).__name__, params]


def stored(model: Any, **options: Any) -> Any:
    folder = f"{tempfile.mkdtemp()}/model"
    mlflow.pyfunc.save_model(folder, python_model=model, pip_requirements=["numpy"], **options)
    return mlflow.pyfunc.load_model(folder)


single = np.zeros((1, 2), "float32")
date = pd.to_datetime(["2024-01-01"])
SIGNATURES: dict[str, tuple[list[Any], list[Any]]] = {
    "columns": (
        [ColSpec("long", "a"), ColSpec("string", "b"), ColSpec("double", "c", required=False)],
        [
            {"a": 1, "b": "x"},
            {"a": [1, 2], "b": ["x", "y"]},
            {"a": "x", "b": "x"},
            [{"a": 1, "b": "x"}],
            pd.DataFrame({"a": [1], "b": ["x"], "c": [0.5]}),
            pd.DataFrame({"a": [1]}),
            pd.DataFrame({"a": ["q"], "b": ["x"]}),
            pd.DataFrame({"a": [1.5], "b": ["x"]}),
            pd.DataFrame({"a": [1], "b": [2]}),
            pd.DataFrame({"a": [1], "b": ["x"], "c": ["no"]}),
            np.array([[1, 2]]),
            [1, 2],
            pd.Series([1, 2]),
            "text",
            5,
            None,
        ],
    ),
    "columns without names": (
        [ColSpec("double"), ColSpec("double")],
        [
            np.array([[1.0, 2.0]]),
            pd.DataFrame([[1.0, 2.0]]),
            pd.DataFrame([[1.0]]),
            pd.DataFrame([["a", "b"]]),
            [[1.0, 2.0]],
            [1.0, 2.0],
        ],
    ),
    "tensor": (
        [TensorSpec(np.dtype("float32"), (-1, 2))],
        [
            single,
            np.zeros((1, 3), "float32"),
            single.astype("float64"),
            single[0],
            pd.DataFrame([[1.0, 2.0]]),
            [[1.0, 2.0]],
            {"a": single},
            "x",
        ],
    ),
    "tensors": (
        [TensorSpec(np.dtype("float32"), (-1, 2), "x"), TensorSpec(np.dtype("int64"), (-1,), "y")],
        [
            {"x": single, "y": np.array([1])},
            {"x": single},
            {"x": single, "y": np.array([1.5])},
            {"x": single, "y": np.array([1]), "z": np.array([1])},
            single,
        ],
    ),
    "array": (
        [ColSpec(Array(DataType.long), "a")],
        [
            {"a": [1, 2]},
            [{"a": [1, 2]}],
            pd.DataFrame({"a": [[1, 2], [3]]}),
            pd.DataFrame({"a": [np.array([1, 2])]}),
            pd.DataFrame({"a": [["x"]]}),
            pd.DataFrame({"a": [1]}),
            {"a": "x"},
        ],
    ),
    "object": (
        [ColSpec(Object([Property("p", DataType.string), Property("q", DataType.long, required=False)]), "o")],
        [
            {"o": {"p": "x"}},
            [{"o": {"p": "x", "q": 1}}],
            pd.DataFrame({"o": [{"p": "x"}]}),
            [{"o": {"q": 1}}],
            [{"o": {"p": 1}}],
            [{"o": {"p": "x", "z": 1}}],
            [{"o": 5}],
        ],
    ),
    "map": (
        [ColSpec(Map(DataType.double), "m")],
        [
            [{"m": {"k": 1.0}}],
            pd.DataFrame({"m": [{"k": 1.0}]}),
            [{"m": {"k": "x"}}],
            [{"m": {1: 1.0}}],
            [{"m": [1]}],
        ],
    ),
    "anything": ([ColSpec(AnyType(), "a", required=False)], [[{"a": 1}], [{"a": None}], [{}]]),
    "dates, flags and bytes": (
        [ColSpec("datetime", "t"), ColSpec("boolean", "b"), ColSpec("binary", "n")],
        [
            pd.DataFrame({"t": date, "b": [True], "n": [b"x"]}),
            pd.DataFrame({"t": ["2024-01-01"], "b": [True], "n": [b"x"]}),
            pd.DataFrame({"t": date, "b": [1], "n": [b"x"]}),
            pd.DataFrame({"t": date, "b": [True], "n": ["x"]}),
        ],
    ),
}
PARAMETERS = ParamSchema(
    [
        ParamSpec("t", "float", 0.5),
        ParamSpec("n", "long", 3),
        ParamSpec("s", "string", "x"),
        ParamSpec("l", "long", [1, 2], shape=(-1,)),
        ParamSpec("none", "string", None),
        ParamSpec("when", "datetime", "2024-01-01"),
    ]
)
GIVEN: list[Any] = [
    None,
    {},
    {"t": 1},
    {"t": "x"},
    {"n": 1.5},
    {"n": "1"},
    {"s": 1},
    {"l": [3]},
    {"l": 3},
    {"l": ["x"]},
]
GIVEN += [{"unknown": 1}, {"none": "y"}, {"none": None}, {"when": "2024-05-05"}, {"when": "no"}, 5, [1], {1: 2}]

SCRIPTS = {
    "class": """
import mlflow
from mlflow.models import set_model

class Named(mlflow.pyfunc.PythonModel):
    def load_context(self, context):
        self.config = context.model_config or {}

    def predict(self, context, model_input: list[str], params=None) -> list[str]:
        return [f"{text}-{self.config.get('q')}" for text in model_input]

set_model(Named())
""",
    "function": """
from mlflow.models import set_model
from mlflow.pyfunc.utils import pyfunc

@pyfunc
def upper(model_input: list[str]) -> list[str]:
    return [text.upper() for text in model_input]

set_model(upper)
""",
    "broken": "raise ValueError('boom')\n",
    "of another kind": "from mlflow.models import set_model\nset_model(5)\n",
}


def from_code(path: Any, **options: Any) -> Any:
    model = stored(path, **options)
    entry = model.metadata.flavors["python_function"]
    said = [outcome(model.predict, data) for data in (["a"], [1], 5)]
    return said, str(model.metadata.signature), entry["loader_module"], Path(entry["model_code_path"]).name


class Message(pydantic.BaseModel):
    role: str
    n: Optional[int] = None  # noqa: UP045 - as users write it


HINTS = {
    "list[str]": list[str],
    "list[int]": list[int],
    "list[float]": list[float],
    "list[bytes]": list[bytes],
    "list[dict[str, str]]": list[dict[str, str]],
    "list[list[int]]": list[list[int]],
    "list[Message]": list[Message],
    "list[Any]": list[Any],
    "list[int | str]": list[int | str],
    "DataFrame": pd.DataFrame,
    "str": str,
}
HINTED: list[Any] = [
    ["a"],
    [1],
    [1.5],
    [{"k": "v"}],
    [[1]],
    [{"role": "u"}],
    [{"role": "u", "n": 2}],
    [{"n": 2}],
    [None],
]
HINTED += ["x", pd.DataFrame({"a": ["x"]}), pd.DataFrame({"role": ["x"]}), [b"x"], 5, None, []]


def hinted(hint: Any) -> Any:
    class Told(mlflow.pyfunc.PythonModel):
        def predict(self, model_input: hint) -> list[str]:  # type: ignore[override, valid-type]
            return ["frame"] if isinstance(model_input, pd.DataFrame) else [str(one) for one in model_input]

    model = stored(Told())
    return str(model.metadata.signature), [outcome(model.predict, data) for data in HINTED]


answers: dict[str, Any] = {}
for kind, (columns, inputs) in SIGNATURES.items():
    model = stored(Echo(), signature=ModelSignature(inputs=Schema(columns)))
    answers[kind] = [outcome(model.predict, data) for data in inputs]
model = stored(Echo(), signature=ModelSignature(inputs=Schema([ColSpec("long", "a")]), params=PARAMETERS))
answers["parameters"] = [outcome(model.predict, [{"a": 1}], params=params) for params in GIVEN]
for kind, script in SCRIPTS.items():
    Path("model_script.py").write_text(script)
    answers[f"script: {kind}"] = outcome(from_code, "model_script.py")
Path("model_script.py").write_text(SCRIPTS["class"])
answers["script: configured"] = outcome(from_code, Path("model_script.py"), model_config={"q": 1})
answers["script: with an example"] = outcome(from_code, "model_script.py", input_example=["x"])
answers["script: absent"] = outcome(from_code, "absent.py")
for kind, hint in HINTS.items():
    answers[f"hint: {kind}"] = outcome(hinted, hint)
print(json.dumps(answers))
