"""Bodies of scoring requests, read for a schema and then enforced, as the published server reads them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlflow.exceptions import BadRequest
from mlflow.models.enforcement import enforce_schema
from mlflow.models.serving_input import parse_serving_input
from mlflow.types import ColSpec, Schema
from mlflow.types.nested import AnyType, Array
from tests.models.outcomes import outcome, plain

AB = [{"type": "long", "name": "a"}, {"type": "double", "name": "b"}]
TENSOR = [{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}]
NAMED = [
    {"name": "x", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}},
    {"name": "y", "type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}},
]
TWO = [["a", "int64", [1, 3]], ["b", "float64", [2.0, 4.5]]]
ONE = [["a", "int64", [1]], ["b", "float64", [2.0]]]

# schema, body, what the model gets; observed of MLflow 3.17.2's scoring server
FACTS: dict[str, tuple[Any, str, Any]] = {
    "split": (AB, '{"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2], [3, 4.5]]}}', TWO),
    "split, index": (AB, '{"dataframe_split": {"columns": ["a", "b"], "index": ["r"], "data": [[1, 2]]}}', ONE),
    "split, texts": (AB, '{"dataframe_split": {"columns": ["a", "b"], "data": [["1", "2"]]}}', ONE),
    "split, booleans": (AB, '{"dataframe_split": {"columns": ["a", "b"], "data": [[true, 2]]}}', ONE),
    "split, surplus": (AB, '{"dataframe_split": {"columns": ["c", "b", "a"], "data": [[0, 2, 1]]}}', ONE),
    "split, wrong": (AB, '{"dataframe_split": {"columns": ["a", "b"], "data": [["x", 2]]}}', None),
    "split, missing": (AB, '{"dataframe_split": {"columns": ["a", "b"], "data": [[null, 2]]}}', None),
    "split, ragged": (AB, '{"dataframe_split": {"columns": ["a"], "data": [[1, 2]]}}', None),
    "split, list": (AB, '{"dataframe_split": [1]}', None),
    "records": (AB, '{"dataframe_records": [{"a": 1, "b": 2}, {"b": 4.5, "a": 3}]}', TWO),
    "records, object": (AB, '{"dataframe_records": {"a": 1}}', None),
    "instances": (AB, '{"instances": [{"a": 1, "b": 2}, {"a": 3, "b": 4.5}]}', TWO),
    "inputs, columns": (AB, '{"inputs": {"a": [1, 3], "b": [2, 4.5]}}', TWO),
    "inputs, row": (AB, '{"inputs": {"a": 1, "b": 2}}', ONE),
    "inputs, rows": (AB, '{"inputs": [{"a": 1, "b": 2}]}', ONE),
    "inputs, surplus key": (AB, '{"inputs": {"a": 1, "b": 2}, "signature_name": "x"}', ONE),
    "two keys": (AB, '{"inputs": [1], "instances": [1]}', None),
    "no key": (AB, '{"x": 1}', None),
    "list": (AB, "[1]", None),
    "broken": (AB, '{"inputs":', None),
    "texts": ([{"type": "string", "name": "a"}], '{"inputs": {"a": ["x", "y"]}}', [["a", "str", ["x", "y"]]]),
    "base64": ([{"type": "binary", "name": "a"}], '{"inputs": {"a": ["YWJj"]}}', [["a", "object", ["b'abc'"]]]),
    "date": (
        [{"type": "datetime", "name": "a"}],
        '{"dataframe_split": {"columns": ["a"], "data": [["2020-01-01T01:02:03"]]}}',
        [["a", "datetime64[ns]", ["Timestamp('2020-01-01 01:02:03')"]]],
    ),
    "date with zone": (
        [{"type": "datetime", "name": "a"}],
        '{"dataframe_split": {"columns": ["a"], "data": [["2020-01-01T01:02:03Z"]]}}',
        None,
    ),
    "single precision": ([{"type": "float", "name": "a"}], '{"inputs": {"a": [1]}}', [["a", "float32", [1.0]]]),
    "unnamed": ([{"type": "long"}], '{"inputs": [1, 2]}', [["0", "int64", [1, 2]]]),
    "unnamed, scalar": ([{"type": "double"}], '{"inputs": 5}', [["0", "float64", [5.0]]]),
    "tensor": (TENSOR, '{"instances": [[1, 2], [3, 4]]}', ["ndarray", "float32", [[1.0, 2.0], [3.0, 4.0]]]),
    "tensor, ragged": (TENSOR, '{"inputs": [[1], [2, 3]]}', None),
    "tensor, shape": (TENSOR, '{"inputs": [1, 2]}', None),
    "tensor, object": (TENSOR, '{"inputs": {"a": 1}}', None),
    "tensor, table": (
        TENSOR,
        '{"dataframe_split": {"columns": ["a", "b"], "data": [["1", 2]]}}',
        ["ndarray", "float32", [[1.0, 2.0]]],
    ),
    "named tensors": (
        NAMED,
        '{"inputs": {"x": [[1, 2]], "y": [3]}}',
        {"x": ["ndarray", "float32", [[1.0, 2.0]]], "y": ["ndarray", "int64", [3]]},
    ),
    "named tensors, instances": (
        NAMED,
        '{"instances": [{"x": [1, 2], "y": 3}]}',
        {"x": ["ndarray", "float32", [[1.0, 2.0]]], "y": ["ndarray", "int64", [3]]},
    ),
    "named tensors, list": (NAMED, '{"inputs": [1, 2]}', None),
}


@pytest.mark.parametrize("name", FACTS)
def test_body_is_read_as_the_published_server_reads_it(name: str) -> None:
    specs, body, expected = FACTS[name]
    schema = Schema.from_json(json.dumps(specs))
    if expected is None:
        with pytest.raises((BadRequest, Exception)) as caught:
            enforce_schema(parse_serving_input(body, schema).data, schema)
        assert getattr(caught.value, "error_code", "") in {"BAD_REQUEST", "INVALID_PARAMETER_VALUE"}
    else:
        assert outcome(enforce_schema(parse_serving_input(body, schema).data, schema)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"inputs": [1, 2]}', ["ndarray", "int64", [1, 2]]),
        ('{"inputs": {"a": [1]}}', {"a": ["ndarray", "int64", [1]]}),
        ('{"instances": [{"a": 1}, {"a": 2}]}', {"a": ["ndarray", "int64", [1, 2]]}),
        ('{"dataframe_records": [{"a": 1}]}', [["a", "int64", [1]]]),
    ],
    ids=["list", "columns", "instances", "records"],
)
def test_without_a_schema_arrays_are_made(body: str, expected: Any) -> None:
    assert outcome(parse_serving_input(body, None).data) == expected


def test_list_of_objects_without_a_schema_stays_one() -> None:
    assert parse_serving_input(b'{"inputs": [{"a": 1}]}', None).data == [{"a": 1}]


@pytest.mark.parametrize("key", ["messages", "prompt", "input"])
def test_chat_request_is_passed_on_as_it_is(key: str) -> None:
    found = parse_serving_input({key: "x", "inputs": [1]}, None)
    assert found.is_chat
    assert found.data == {key: "x", "inputs": [1]}


def test_parameters_come_with_the_body() -> None:
    assert parse_serving_input('{"inputs": "x", "params": {"p": 1}}', None).params == {"p": 1}
    assert parse_serving_input('{"inputs": "x"}', None).params is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [("long", 1.5), ("integer", 5_000_000_000), ("boolean", "x"), ("boolean", 2), ("binary", 5), ("double", [1])],
    ids=["fraction", "33 bits", "text", "number", "number for bytes", "list"],
)
def test_value_that_would_be_changed_is_refused(kind: str, value: Any) -> None:
    schema = Schema([ColSpec(kind, "a")])
    with pytest.raises(BadRequest, match="Column 'a'"):
        parse_serving_input({"dataframe_records": [{"a": value}]}, schema)


def test_columns_of_lists_and_of_anything_are_left_alone() -> None:
    schema = Schema([ColSpec(Array("double"), "a"), ColSpec(AnyType(), "b")])
    data = parse_serving_input({"inputs": {"a": [1, 2], "b": {"q": 1}}}, schema).data
    assert plain(enforce_schema(data, schema).to_dict("records")) == [{"a": [1.0, 2.0], "b": {"q": 1}}]
