"""Input examples: the files as MLflow 3.17.2 writes them, and what is read from them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csc_matrix, csr_matrix

from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.models import Model, ModelSignature, infer_signature
from mlflow.models.input_example import InputExample
from mlflow.models.inspection import convert_input_example_to_serving_input, load_serving_example
from mlflow.types import ColSpec, Schema, TensorSpec
from tests.fixtures.foreign import Program

NAN = float("nan")
SPARSE = [[0, 1.5], [2, 0]]

# example, type in the manifest, input_example.json, the body in serving_input_example.json
FACTS: dict[str, tuple[Any, str, str, Any]] = {
    "frame": (
        pd.DataFrame({"a": [1, 2], "b": [1.5, NAN], "c": ["x", None]}),
        "dataframe",
        '{"columns": ["a", "b", "c"], "data": [[1, 1.5, "x"], [2, NaN, NaN]]}',
        {"dataframe_split": {"columns": ["a", "b", "c"], "data": [[1, 1.5, "x"], [2, NAN, NAN]]}},
    ),
    "frame without names": (
        pd.DataFrame([[1, 2], [3, 4]]),
        "dataframe",
        '{"data": [[1, 2], [3, 4]]}',
        {"dataframe_split": {"data": [[1, 2], [3, 4]]}},
    ),
    "frame of bytes": (
        pd.DataFrame({"a": [b"abc"]}),
        "dataframe",
        '{"columns": ["a"], "data": [["YWJj\\n"]]}',
        {"dataframe_split": {"columns": ["a"], "data": [["YWJj\n"]]}},
    ),
    "frame of times": (
        pd.DataFrame({"a": pd.to_datetime(["2020-01-01 01:02:03.5"])}),
        "dataframe",
        '{"columns": ["a"], "data": [["2020-01-01T01:02:03.500000"]]}',
        {"dataframe_split": {"columns": ["a"], "data": [["2020-01-01T01:02:03.500000"]]}},
    ),
    "frame of missing integers": (
        pd.DataFrame({"a": pd.array([1, None], dtype="Int64")}),
        "dataframe",
        '{"columns": ["a"], "data": [[1], [null]]}',
        {"dataframe_split": {"columns": ["a"], "data": [[1], [None]]}},
    ),
    "frame of nested values": (
        pd.DataFrame({"a": [[1, 2]], "b": [{"x": 1}], "c": [np.array([1, 2])]}),
        "dataframe",
        '{"columns": ["a", "b", "c"], "data": [[[1, 2], {"x": 1}, [1, 2]]]}',
        {"dataframe_split": {"columns": ["a", "b", "c"], "data": [[[1, 2], {"x": 1}, [1, 2]]]}},
    ),
    "array": (np.array([[1.5, NAN]]), "ndarray", "[[1.5, null]]", {"inputs": [[1.5, None]]}),
    "dictionary of arrays": (
        {"a": np.array([1, 2]), "b": np.array([[1.5], [2.5]])},
        "ndarray",
        '{"a": [1, 2], "b": [[1.5], [2.5]]}',
        {"inputs": {"a": [1, 2], "b": [[1.5], [2.5]]}},
    ),
    "csr": (
        csr_matrix(SPARSE),
        "sparse_matrix_csr",
        '{"data": [1.5, 2.0], "indices": [1, 0], "indptr": [0, 1, 2], "shape": [2, 2]}',
        {"inputs": [[0.0, 1.5], [2.0, 0.0]]},
    ),
    "csc": (
        csc_matrix(SPARSE),
        "sparse_matrix_csc",
        '{"data": [2.0, 1.5], "indices": [1, 0], "indptr": [0, 1, 2], "shape": [2, 2]}',
        {"inputs": [[0.0, 1.5], [2.0, 0.0]]},
    ),
    "dictionary": ({"a": 1, "b": "x"}, "json_object", '{"a": 1, "b": "x"}', {"inputs": {"a": 1, "b": "x"}}),
    "list": ([1, 2, 3], "json_object", "[1, 2, 3]", {"inputs": [1, 2, 3]}),
    "text": ("hello", "json_object", '"hello"', {"inputs": "hello"}),
    "bytes": (b"abc", "json_object", '"YWJj\\n"', {"inputs": "YWJj\n"}),
    "scalar of numpy": (np.float32(1.5), "json_object", "1.5", {"inputs": 1.5}),
    "time": (
        dt.datetime(2020, 1, 1, 2, 3, 4),
        "json_object",
        '"2020-01-01T02:03:04"',
        {"inputs": "2020-01-01T02:03:04"},
    ),
    "chat": ({"messages": []}, "json_object", '{"messages": []}', {"messages": []}),
    "frame with parameters": (
        (pd.DataFrame({"a": [1]}), {"p": 1}),
        "dataframe",
        '{"inputs": {"columns": ["a"], "data": [[1]]}, "params": {"p": 1}}',
        {"dataframe_split": {"columns": ["a"], "data": [[1]]}, "params": {"p": 1}},
    ),
    "chat with parameters": (
        ({"messages": []}, {"p": 1}),
        "json_object",
        '{"inputs": {"messages": []}, "params": {"p": 1}}',
        {"messages": [], "p": 1},
    ),
}


@pytest.mark.parametrize("name", FACTS)
def test_files_are_those_that_the_published_package_writes(name: str, tmp_path: Path) -> None:
    example, kind, stored, body = FACTS[name]
    info = InputExample.of(example).save(tmp_path)
    assert info["type"] == kind
    assert info.get("params") == ("true" if isinstance(example, tuple) else None)
    assert (tmp_path / "input_example.json").read_text() == stored
    assert (tmp_path / "serving_input_example.json").read_text() == json.dumps(body, indent=2)
    assert convert_input_example_to_serving_input(example) == json.dumps(body, indent=2)


@pytest.mark.parametrize("name", [name for name in FACTS if "nested" not in name and "chat" not in name])
@pytest.mark.filterwarnings("ignore:The inferred schema has integer columns")
def test_example_is_read_as_it_was_given(name: str, tmp_path: Path) -> None:
    data = InputExample.of(FACTS[name][0]).data
    info = InputExample.of(FACTS[name][0]).save(tmp_path)
    found = Model(saved_input_example_info=info, signature=infer_signature(data)).load_input_example(tmp_path)
    if isinstance(data, pd.DataFrame):
        pd.testing.assert_frame_equal(found, data, check_dtype=False)
    elif isinstance(data, dict):
        assert all(np.array_equal(found[key], value) for key, value in data.items())
    elif hasattr(data, "toarray"):
        assert type(found) is type(data)
        assert found.toarray().tolist() == data.toarray().tolist()
    elif isinstance(data, np.ndarray):
        np.testing.assert_array_equal(found, data)
    elif isinstance(data, (bytes, dt.datetime)):
        assert isinstance(found, str)  # a scalar of JSON: MLflow too answers the text
    else:
        assert found == data


def test_schema_tells_the_types_that_json_has_not(tmp_path: Path) -> None:
    frame = pd.DataFrame({"b": [b"abc"], "t": pd.to_datetime(["2020-01-01"]), "f": np.array([1], dtype="float32")})
    info = InputExample.of(frame).save(tmp_path)
    schema = Schema([ColSpec("binary", "b"), ColSpec("datetime", "t"), ColSpec("float", "f")])
    found = Model(saved_input_example_info=info, signature=ModelSignature(schema)).load_input_example(tmp_path)
    assert found["b"].tolist() == [b"abc"]
    assert [str(dtype) for dtype in found.dtypes] == ["object", "datetime64[ns]", "float32"]
    info = InputExample.of(np.array([1, 2], dtype="int8")).save(tmp_path)
    tensor = ModelSignature(Schema([TensorSpec(np.dtype("int8"), (-1,))]))
    assert Model(saved_input_example_info=info, signature=tensor).load_input_example(tmp_path).dtype == "int8"


def test_parameters_are_read_apart(tmp_path: Path) -> None:
    info = InputExample.of(("x", {"p": [1, 2]})).save(tmp_path)
    model = Model(saved_input_example_info=info)
    assert (model.load_input_example(tmp_path), model.load_input_example_params(tmp_path)) == ("x", {"p": [1, 2]})
    assert Model().load_input_example(tmp_path) is None
    assert Model().load_input_example_params(tmp_path) is None
    assert Model().get_serving_input(tmp_path) is None


def test_serving_example_is_read_by_uri(tmp_path: Path) -> None:
    info = InputExample.of("x").save(tmp_path)
    Model(saved_input_example_info=info).save(tmp_path / "MLmodel")
    assert json.loads(load_serving_example(f"file://{tmp_path}") or "") == {"inputs": "x"}
    assert convert_input_example_to_serving_input(None) is None


def test_dataclass_is_stored_as_its_fields(tmp_path: Path) -> None:
    @dataclass
    class Request:
        query: str

    InputExample.of(Request("q")).save(tmp_path)
    assert json.loads((tmp_path / "input_example.json").read_text()) == {"query": "q"}


@pytest.mark.parametrize(
    "example",
    [{1, 2}, (1, 2), (1, 2, 3), pd.Series([1]), [np.array([1])], {"a": np.array([1]), "b": 1}],
    ids=["set", "pair", "tuple", "series", "list of arrays", "mixed dictionary"],
)
def test_example_that_cannot_be_stored_is_refused(example: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidParameterValue):
        InputExample.of(example).save(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_value_without_counterpart_in_json_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidParameterValue, match="of type 'object' has no counterpart"):
        InputExample.of({"a": object()}).save(tmp_path)


@pytest.mark.parametrize(
    ("text", "error"),
    [(None, ResourceDoesNotExist), ("{", InvalidParameterValue), ("[1]", InvalidParameterValue)],
    ids=["absent", "broken", "other shape"],
)
def test_file_that_is_not_what_the_manifest_says_is_refused(
    text: str | None, error: type[Exception], tmp_path: Path
) -> None:
    info = {"artifact_path": "input_example.json", "type": "dataframe", "params": "true"}
    if text is not None:
        (tmp_path / "input_example.json").write_text(text)
    with pytest.raises(error, match="example"):
        Model(saved_input_example_info=info).load_input_example(tmp_path)


def test_manifest_cannot_name_a_file_outside_the_model(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text('"secret"')
    (tmp_path / "model").mkdir()
    info = {"artifact_path": "../secret", "serving_input_path": "../secret", "type": "json_object"}
    model = Model(saved_input_example_info=info)
    with pytest.raises(ResourceDoesNotExist):
        model.load_input_example(tmp_path / "model")
    with pytest.raises(ResourceDoesNotExist):
        model.get_serving_input(tmp_path / "model")


@pytest.mark.oracle
def test_published_package_reads_our_example(tmp_path: Path, run_published: Program) -> None:
    frame = pd.DataFrame({"b": [b"abc"], "x": [1.5]})
    info = InputExample.of((frame, {"p": 1})).save(tmp_path)
    model = Model(saved_input_example_info=info, signature=infer_signature(frame))
    model.save(tmp_path / "MLmodel")
    printed = run_published(
        f"from mlflow.models import Model; m = Model.load({str(tmp_path)!r}); p = {str(tmp_path)!r}\n"
        "print(m.load_input_example(p).values.tolist(), m.load_input_example_params(p), m.get_serving_input(p)[:20])"
    )
    assert printed.startswith("[[b'abc', 1.5]] {'p': 1} {\n  \"dataframe_split")
