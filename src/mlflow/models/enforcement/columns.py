"""One column of a table, converted to a declared scalar type where nothing is lost.

What is converted, and what is refused, is what MLflow 3.17 does under pandas 3, but for the differences that
docs/models.md lists; tests/models holds both side by side.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mlflow.models.enforcement.failures import SchemaEnforcementFailed
from mlflow.types import DataType

# pandas' own types tell columns apart by what they hold, which is not known here
Series = Any

__all__ = ["enforce_column", "fits_dtype", "is_exact", "plain_cast"]

# type -> numpy dtypes of which it holds every value
_SAFE: dict[DataType, frozenset[str]] = {
    DataType.boolean: frozenset({"bool"}),
    DataType.integer: frozenset({"int8", "int16", "int32", "uint8", "uint16"}),
    DataType.long: frozenset({"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32"}),
    DataType.float: frozenset({"float16", "float32"}),
    DataType.double: frozenset(
        {"int8", "int16", "int32", "uint8", "uint16", "uint32", "float16", "float32", "float64"}
    ),
}
_TARGETS: dict[DataType, np.dtype[Any]] = {kind: kind.to_numpy() for kind in _SAFE}
_OBJECT = np.dtype(object)
_NULLABLE = {DataType.boolean: "boolean", DataType.integer: "Int32", DataType.long: "Int64"}
_TEXTUAL = frozenset({DataType.string, DataType.binary})
_NO_DATES = (bool, int, complex, bytes, bytearray)
_MAX_WHOLE = 2.0**53


def is_exact(dtype: Any, kind: DataType) -> bool:
    """Whether a column of this dtype needs no look at its values."""
    if kind in _TEXTUAL:
        return dtype is _OBJECT or isinstance(dtype, pd.StringDtype)
    return dtype is _TARGETS.get(kind)


def plain_cast(dtype: Any, kind: DataType) -> np.dtype[Any] | None:
    """The numpy dtype that a column of this dtype is cast to without a look at its values; None when one is needed."""
    return _TARGETS[kind] if isinstance(dtype, np.dtype) and fits_dtype(dtype, kind) else None


def fits_dtype(dtype: np.dtype[Any], kind: DataType) -> bool:
    """Whether the type holds every value of a numpy dtype."""
    return dtype.name in _SAFE.get(kind, ())


def enforce_column(values: Series, kind: DataType, name: object, *, required: bool) -> Series:
    """The column as the declared type.

    Args:
        values: the column.
        kind: the declared type.
        name: what errors call the column.
        required: whether the schema requires it. An optional integer or boolean column may have missing values; it
            then comes out as pandas' nullable type.

    Raises:
        SchemaEnforcementFailed: values would be lost or changed.
    """
    if values.dtype == object:
        return _objects(values, kind, name, required)
    if kind in _TEXTUAL:
        return _text(values, kind, name)
    if kind is DataType.datetime:
        return _dates(values, name)
    return _numbers(values, kind, name, required)


def _numbers(values: Series, kind: DataType, name: object, required: bool) -> Series:
    dtype = values.dtype
    plain = dtype if isinstance(dtype, np.dtype) else getattr(dtype, "numpy_dtype", None)
    if plain is None or not (fits_dtype(plain, kind) or _is_one_hot(values, kind)):
        if not required and _is_whole(values, kind):
            return values.astype(_NULLABLE[kind])
        raise _refusal(values, kind, name)
    if plain is not dtype and kind in _NULLABLE and values.isna().any():
        if required:
            raise _refusal(values, kind, name, " The column is required, so no value may be missing.")
        return values.astype(_NULLABLE[kind])
    return values.astype(_TARGETS[kind])


def _is_one_hot(values: Series, kind: DataType) -> bool:
    """Whether these are 64-bit integers, all 0 or 1, as one-hot encoders make them: those may become floats."""
    if values.dtype != np.dtype("int64") or kind not in (DataType.float, DataType.double):
        return False
    return bool(values.isin((0, 1)).all())


def _is_whole(values: Series, kind: DataType) -> bool:
    """Whether these are floats only because integers among them are missing."""
    if values.dtype != np.dtype("float64") or kind not in (DataType.integer, DataType.long):
        return False
    present = values.dropna()
    limit = 2.0**31 if kind is DataType.integer else _MAX_WHOLE
    return len(present) < len(values) and bool(((present % 1 == 0) & (present.abs() < limit)).all())


def _text(values: Series, kind: DataType, name: object) -> Series:
    dtype: Any = values.dtype
    if isinstance(dtype, pd.CategoricalDtype) and kind is DataType.string:
        dtype = dtype.categories.dtype
    if dtype == _OBJECT or isinstance(dtype, pd.StringDtype):
        return values
    raise _refusal(values, kind, name)


def _dates(values: Series, name: object) -> Series:
    dtype = values.dtype
    if isinstance(dtype, pd.DatetimeTZDtype):
        raise _refusal(values, DataType.datetime, name, " Remove the time zone: column.dt.tz_convert(None).")
    if isinstance(dtype, pd.StringDtype) or dtype.kind == "M":
        return _parsed(values, name)
    raise _refusal(values, DataType.datetime, name)


def _parsed(values: Series, name: object) -> Series:
    try:
        found: Series = values if values.dtype.kind == "M" else pd.to_datetime(values, format="ISO8601")
        return found.astype("datetime64[ns]")
    except (ValueError, TypeError, AttributeError) as exc:  # not a date, out of range, or with a time zone
        hint = " Give dates, or ISO 8601 texts as 2020-01-31T12:00:00, without time zone."
        raise _refusal(values, DataType.datetime, name, hint) from exc


def _objects(values: Series, kind: DataType, name: object, required: bool) -> Series:
    if kind in _TEXTUAL:
        return values
    inferred = values.infer_objects()
    if inferred.dtype != object:
        return enforce_column(inferred, kind, name, required=required)
    if kind is DataType.boolean:
        return values
    if kind is DataType.double:
        return _floats(values, name)
    if kind is DataType.datetime and not any(isinstance(value, _NO_DATES) for value in values):
        return _parsed(values, name)
    if not required and values.isna().all():
        return values.astype(_NULLABLE.get(kind, "float32"))
    raise _refusal(values, kind, name)


def _floats(values: Series, name: object) -> Series:
    try:
        found: Series = pd.to_numeric(values)
        return found.astype("float64")
    except (ValueError, TypeError) as exc:
        raise _refusal(values, DataType.double, name, f" {exc}.") from exc


def _refusal(values: Series, kind: DataType, name: object, hint: str = "") -> SchemaEnforcementFailed:
    if not hint and kind in (DataType.integer, DataType.long) and values.dtype.kind == "f" and values.isna().any():
        hint = (
            " The values are floats because some are missing, which integers of numpy cannot be. Declare the column "
            "optional or as double, or fill the missing values."
        )
    return SchemaEnforcementFailed(
        f"Column '{name}' holds {values.dtype}, which cannot be converted safely to {kind.name} ({kind.to_numpy()})."
        f"{hint or ' Convert the column, or declare another type.'}"
    )
