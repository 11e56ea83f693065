"""What is read the short way is what the long way makes of it, and all else is left to that."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlflow.exceptions import MlflowException
from mlflow.models.enforcement import enforce_schema
from mlflow.models.serving_input import parse_serving_input
from mlflow.serving.frames import FrameReader
from mlflow.types import ColSpec, DataType, Schema, TensorSpec

NAMES = ["a", "b"]
KINDS = [DataType.double, DataType.float, DataType.long]
VALUES = st.integers(-(2**70), 2**70) | st.floats() | st.none() | st.booleans() | st.sampled_from(["1", "x", "", [1]])
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(-1e30, 1e30) | st.integers(-9, 9)


def schema(kind: DataType, names: list[str] = NAMES) -> Schema:
    return Schema([ColSpec(kind, name) for name in names])


def long_way(body: bytes, inputs: Schema) -> pd.DataFrame | None:
    try:
        return enforce_schema(parse_serving_input(body, inputs).data, inputs)
    except MlflowException:
        return None


def short_way(body: bytes, inputs: Schema) -> pd.DataFrame | None:
    reader = FrameReader.of(inputs)
    assert reader is not None
    rows = reader.read(body)
    return None if rows is None else reader.frame(rows)


def check(body: bytes, kind: DataType) -> bool:
    """Whether it was read the short way; then as the long way reads it, down to the order of bytes in memory."""
    short = short_way(body, schema(kind))
    if short is None:
        return False
    long = long_way(body, schema(kind))
    assert long is not None
    pd.testing.assert_frame_equal(short, long, check_exact=True, check_column_type=False)
    assert str(short.columns.dtype) == str(long.columns.dtype)  # stored by Arrow or not
    assert short.to_numpy().strides == long.to_numpy().strides
    return True


def test_more_than_a_float_holds_is_left_to_the_long_way() -> None:
    assert not check(b'{"dataframe_split": {"columns": ["a", "b"], "data": [[1, 1e300]]}}', DataType.float)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.lists(NUMBERS, min_size=2, max_size=2), min_size=1, max_size=4), kind=st.sampled_from(KINDS))
def test_numbers_are_the_same_whichever_way_they_are_read(rows: list[Any], kind: DataType) -> None:
    check(json.dumps({"dataframe_split": {"columns": NAMES, "data": rows}}).encode(), kind)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.lists(VALUES, max_size=3), max_size=3), kind=st.sampled_from(KINDS))
def test_nothing_is_read_that_the_long_way_refuses(rows: list[Any], kind: DataType) -> None:
    check(json.dumps({"dataframe_split": {"columns": NAMES, "data": rows}}).encode(), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_what_nearly_every_request_is_goes_the_short_way(kind: DataType) -> None:
    assert check(b'{"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2], [3, 4]]}}', kind)
    assert check(b'{"dataframe_split":{"data":[[1,2]],"columns":["a","b"]}}', kind)


@pytest.mark.parametrize(
    "body",
    [
        b'{"dataframe_split": {"columns": ["b", "a"], "data": [[1, 2]]}}',
        b'{"dataframe_split": {"columns": ["a", "b", "c"], "data": [[1, 2, 3]]}}',
        b'{"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2]], "index": [7]}}',
        b'{"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2]]}, "params": {}}',
        b'{"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2]]}, "messages": []}',
        b'{"dataframe_split": {"columns": ["a", "b"], "data": [[1, null]]}}',
        b'{"dataframe_split": {"columns": ["a", "b"], "data": [[1, NaN]]}}',
        b'{"dataframe_split": {"columns": ["a", "b"], "data": [[1, "2"]]}}',
        b'{"dataframe_split": {"columns": ["a", "b"], "data": [[1, true]]}}',
        b'{"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2], [3]]}}',
        b'{"dataframe_split": {"columns": ["a", "b"], "data": []}}',
        b'{"dataframe_split": {"data": [[1, 2]]}}',
        b'{"dataframe_records": [{"a": 1, "b": 2}]}',
        b"{",
        b"",
    ],
)
def test_anything_else_is_left_to_the_long_way(body: bytes) -> None:
    assert short_way(body, schema(DataType.double)) is None


@pytest.mark.parametrize(
    "inputs",
    [
        None,
        Schema([ColSpec("string", "a")]),
        Schema([ColSpec("double", "a"), ColSpec("long", "b")]),
        Schema([ColSpec("double")]),
        Schema([ColSpec("double", "a"), ColSpec("double", "a")]),
        Schema([TensorSpec(np.dtype("float64"), (-1, 2))]),
    ],
    ids=["none", "texts", "mixed", "unnamed", "twice", "tensor"],
)
def test_other_schemas_have_no_short_way(inputs: Schema | None) -> None:
    assert FrameReader.of(inputs) is None
