"""What errors of enforcement say, what is warned of, and what stays untouched."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlflow.models import validate_schema
from mlflow.models.enforcement import SchemaEnforcementFailed, enforce_params, enforce_schema
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec
from mlflow.types.nested import Array, Map, Object, Property

AB = Schema([ColSpec("long", "a"), ColSpec("double", "b")])
ITEM = Array(Object([Property("x", "long"), Property("y", "string", required=False)]))
TENSOR = Schema([TensorSpec(np.dtype("float32"), (-1, 2), "t")])


@pytest.mark.parametrize(
    ("data", "schema", "message"),
    [
        (
            pd.DataFrame({"a": ["x"], "b": [1.5]}),
            AB,
            r"Column 'a' holds str, which cannot be converted safely to long \(int64\)",
        ),
        (
            pd.DataFrame({"a": [1.0, None], "b": [1.5, 2]}),
            AB,
            "floats because some are missing.*Declare the column optional or as double",
        ),
        (
            pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": [1.5, 2]}),
            AB,
            "required, so no value may be missing",
        ),
        (pd.DataFrame({"c": [1], "b": [1.5]}), AB, r"missing inputs \['a'\].*extra inputs: \['c'\]"),
        (pd.DataFrame([[1, 1, 1.5]], columns=["a", "a", "b"]), AB, r"several columns named \['a'\]"),
        (pd.DataFrame({"q": [1]}), Schema([ColSpec("long")] * 2), "declares 2 columns without names.*has 1"),
        (None, AB, "input is 'NoneType'. Pass a pandas DataFrame"),
        ({"a": [1], "b": [1, 2]}, AB, "no table can be made of the input"),
        (
            pd.DataFrame({"d": pd.to_datetime(["2020-01-01"]).tz_localize("UTC")}),
            Schema([ColSpec("datetime", "d")]),
            r"tz_convert\(None\)",
        ),
        (pd.DataFrame({"d": ["soon"]}), Schema([ColSpec("datetime", "d")]), "ISO 8601"),
        (
            pd.DataFrame({"d": np.array(["2300-01-01"], dtype="datetime64[s]")}),
            Schema([ColSpec("datetime", "d")]),
            "Column 'd' holds datetime64",
        ),
        (
            {"i": [{"x": 1}, {"x": "1"}]},
            Schema([ColSpec(ITEM, "i")]),
            r"Value i\[0\]\[1\]\.x is '1' \(str\), where long \(int64\)",
        ),
        ({"i": [{"y": "s"}]}, Schema([ColSpec(ITEM, "i")]), r"Value i\[0\]\[0\] lacks the required keys \['x'\]"),
        ({"i": [{"x": 1, "z": 1}]}, Schema([ColSpec(ITEM, "i")]), r"has keys \['z'\] that the schema does not declare"),
        ({"m": {1: 1}}, Schema([ColSpec(Map("long"), "m")]), r"Value m\[0\] has keys \[1\] that are not texts"),
        ({"t": np.zeros((1, 3), "float32")}, TENSOR, r"Tensor 't' has shape \(1, 3\) where \(-1, 2\) is expected"),
        ({"t": np.zeros((1, 2))}, TENSOR, r"holds float64 where float32 is expected. Convert it: array.astype"),
        ({"t": [[1, 2]]}, TENSOR, "Tensor 't' is 'list'. Pass a numpy array of float32"),
        ([1], TENSOR, r"names tensors \['t'\]: pass a dictionary of numpy arrays"),
    ],
    ids=[
        "text for long",
        "missing integers",
        "nullable",
        "missing column",
        "name twice",
        "too few columns",
        "none",
        "uneven lists",
        "time zone",
        "no date",
        "far date",
        "leaf",
        "missing key",
        "surplus key",
        "key of a map",
        "shape",
        "element type",
        "list for tensor",
        "list for named tensors",
    ],
)
def test_error_names_the_place_what_is_there_and_what_is_expected(data: Any, schema: Schema, message: str) -> None:
    with pytest.raises(SchemaEnforcementFailed, match=message) as caught:
        validate_schema(data, schema)
    assert (caught.value.sqlstate, caught.value.error_class) == ("KAM01", "SCHEMA_ENFORCEMENT_FAILED")
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_long_values_are_cut_in_errors() -> None:
    schema = Schema([ColSpec(Array("long"), "a")])
    with pytest.raises(SchemaEnforcementFailed) as caught:
        enforce_schema({"a": ["x" * 10_000]}, schema)
    assert len(caught.value.message) < 200


def test_details_can_be_kept_from_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_DISABLE_SCHEMA_DETAILS", "true")
    with pytest.raises(SchemaEnforcementFailed) as caught:
        enforce_schema(pd.DataFrame({"secret": [1]}), AB)
    assert caught.value.message == "The input does not fit the model's schema. Ask the model's owner what it takes."


def test_surplus_columns_and_tensors_are_dropped_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "mlflow"):
        assert list(enforce_schema(pd.DataFrame({"c": [1], "b": [1.5], "a": [1]}), AB).columns) == ["a", "b"]
        assert list(enforce_schema({"t": np.zeros((1, 2), "float32"), "u": np.zeros(1)}, TENSOR)) == ["t"]
    assert [record.getMessage() for record in caplog.records] == [
        "Columns ['c'] are ignored: the model's signature does not have them.",
        "Inputs ['u'] are ignored: the model's signature does not have them.",
    ]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": [1], "b": [1.5]}),
        pd.DataFrame({"b": np.array([1.5], "float32"), "a": np.array([1], "int8")}),
    ],
    ids=["exact", "converted"],
)
def test_table_of_the_caller_is_never_changed(frame: pd.DataFrame) -> None:
    before = frame.copy()
    enforced = enforce_schema(frame, AB)
    enforced["new"] = 1
    enforced.loc[0, "a"] = 9
    pd.testing.assert_frame_equal(frame, before)


def test_index_is_kept() -> None:
    frame = pd.DataFrame({"b": np.array([1.5], "float32"), "a": [1]}, index=["row"])
    assert enforce_schema(frame, AB).index.tolist() == ["row"]


def test_arrays_without_need_of_conversion_are_passed_on_as_they_are() -> None:
    array = np.zeros((2, 2), "float32")
    assert enforce_schema({"t": array}, TENSOR)["t"] is array
    rows = [[1, 2], [3]]
    column = enforce_schema(pd.DataFrame({"a": rows}), Schema([ColSpec(Array("long"), "a")]))["a"]
    assert all(found is given for found, given in zip(column, rows, strict=True))


def test_parameters_are_converted_completed_and_the_unknown_dropped(caplog: pytest.LogCaptureFixture) -> None:
    schema = ParamSchema([ParamSpec("p", "long", 1), ParamSpec("q", "double", [1.0], (-1,))])
    assert enforce_params({"q": [1, 2], "z": 0}, schema) == {"q": [1.0, 2.0], "p": 1}
    assert "Parameters ['z'] are ignored: the model declares ['p', 'q']" in caplog.text
    assert enforce_params(None, schema) == {"p": 1, "q": [1.0]}
    assert enforce_params({"p": 1}, None) == {}


def test_wrong_parameters_are_all_named() -> None:
    schema = ParamSchema([ParamSpec("p", "long", 1), ParamSpec("q", "string", "x")])
    with pytest.raises(SchemaEnforcementFailed, match=r"Invalid parameters found: .*'p'.*'q'"):
        enforce_params({"p": "x", "q": 1}, schema)
    wrong: Any = [1]
    with pytest.raises(SchemaEnforcementFailed, match="Parameters are 'list'"):
        enforce_params(wrong, schema)
