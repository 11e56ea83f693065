"""Scalar types."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from mlflow.types import DataType

_VALUES = {
    "bool": True,
    "np.bool": np.bool_(1),
    "int": 1,
    "np.int32": np.int32(1),
    "np.int64": np.int64(1),
    "float": 1.0,
    "np.float32": np.float32(1),
    "np.float64": np.float64(1),
    "str": "x",
    "np.str": np.str_("x"),
    "bytes": b"x",
    "bytearray": bytearray(b"x"),
    "date": dt.date(2020, 1, 1),
    "datetime": dt.datetime(2020, 1, 1),
    "np.datetime64": np.datetime64("2020-01-01"),
    "none": None,
    "array": np.array([1]),
}


@pytest.mark.parametrize(
    ("name", "python", "numpy"),
    [
        ("boolean", bool, "bool"),
        ("integer", int, "int32"),
        ("long", int, "int64"),
        ("float", float, "float32"),
        ("double", float, "float64"),
        ("string", str, "str"),
        ("binary", bytes, "bytes"),
        ("datetime", dt.date, "datetime64[ns]"),
    ],
)
def test_each_type_has_its_python_and_numpy_counterpart(name, python, numpy):
    data_type = DataType[name]
    assert data_type.to_python() is python
    assert data_type.to_numpy() == np.dtype(numpy)
    assert data_type.to_pandas() == np.dtype(object if name in {"string", "binary"} else numpy)
    assert DataType.from_numpy_type(np.dtype(numpy)) is data_type
    assert repr(data_type) == name


def test_numbers_of_types_are_the_published_ones():
    assert [(t.name, t.value) for t in DataType.all_types()] == list(
        zip(["boolean", "integer", "long", "float", "double", "string", "binary", "datetime"], range(1, 9), strict=True)
    )


@pytest.mark.parametrize("dtype", ["int8", "O", "M8[s]", "U3"])
def test_numpy_type_without_exact_counterpart_has_none(dtype):
    assert DataType.from_numpy_type(np.dtype(dtype)) is None


@pytest.mark.parametrize(
    ("data_type", "accepted"),
    [
        ("boolean", {"bool", "np.bool"}),
        ("integer", {"int", "np.int32"}),
        ("long", {"int", "np.int64"}),
        ("float", {"float", "np.float32"}),
        ("double", {"float", "np.float64"}),
        ("string", {"str", "np.str"}),
        ("binary", {"bytes", "bytearray"}),
        ("datetime", {"date", "datetime", "np.datetime64"}),
    ],
)
def test_check_accepts_exactly_the_scalars_of_a_type(data_type, accepted):
    found = {name for name, value in _VALUES.items() if DataType.check_type(DataType[data_type], value)}
    assert found == accepted
