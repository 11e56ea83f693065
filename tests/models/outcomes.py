"""Runs under either mlflow: what a signature makes of an input, told in plain values."""

import datetime  # noqa: F401 - the inputs are expressions
import decimal  # noqa: F401
from typing import Any

import numpy as np
import pandas as pd


def plain(value: Any) -> Any:
    """A value without numpy's scalar types; NaN and its kin as None."""
    if isinstance(value, np.generic):
        value = value.item() if value.dtype.kind != "M" else pd.Timestamp(value)
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    return value if isinstance(value, (bool, int, float, str)) else repr(value)


def outcome(result: Any) -> Any:
    """What came out: for a table its columns with their types and values, for arrays element type, shape and values."""
    if isinstance(result, pd.DataFrame):
        columns = [result.iloc[:, position] for position in range(result.shape[1])]
        return [[str(column.name), str(column.dtype), plain(column.tolist())] for column in columns]
    if isinstance(result, dict):
        return {name: outcome(value) for name, value in result.items()}
    dense = result if isinstance(result, np.ndarray) else result.toarray()
    return [type(result).__name__, str(result.dtype), plain(dense.tolist())]
