"""Columns of arrays, objects and maps, checked value by value; what fits exactly is passed on as it is.

Python's numbers have no width, so inside nested values an int fits every number type that holds it, and a float both
float and double. Numpy's fit as columns do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from mlflow.models.enforcement.columns import fits_dtype
from mlflow.models.enforcement.failures import SchemaEnforcementFailed
from mlflow.types import DataType
from mlflow.types.nested import AnyType, Array, ColType, Map, Object

__all__ = ["enforce_nested"]

_EXACT: dict[DataType, frozenset[type]] = {
    DataType.boolean: frozenset({bool, np.bool_}),
    DataType.integer: frozenset({np.int8, np.int16, np.int32, np.uint8, np.uint16}),
    DataType.long: frozenset({np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32}),
    DataType.float: frozenset({float, np.float16, np.float32}),
    DataType.double: frozenset({float, np.float16, np.float32, np.float64}),
    DataType.string: frozenset({str, np.str_, bytes}),
    DataType.binary: frozenset({bytes, bytearray, str, np.str_}),
    DataType.datetime: frozenset({dt.datetime, dt.date, pd.Timestamp, np.datetime64}),
}
_LIMITS = {
    DataType.integer: 2**31 - 1,
    DataType.long: 2**63 - 1,
    DataType.float: 2**24,
    DataType.double: 2**53,
}
_TO_FLOAT = frozenset({DataType.float, DataType.double})
# what may be missing inside an array of these: as None, or as NaN among floats
_NULLABLE_ITEMS = frozenset({*_TO_FLOAT, DataType.boolean, DataType.string, DataType.binary, DataType.datetime})

Enforce = Callable[[Any, str], Any]


def enforce_nested(values: pd.Series[Any], dtype: ColType, name: object, *, required: bool) -> pd.Series[Any]:
    """The column, each value checked against an array, object or map type.

    Args:
        values: the column.
        dtype: an `Array`, `Object` or `Map`.
        name: what errors call the column.
        required: whether None is refused.

    Raises:
        SchemaEnforcementFailed: a value does not fit; the message names its place, as `a[0].x`.
    """
    items = values.tolist()
    if isinstance(dtype, Array) and isinstance(dtype.dtype, DataType) and _all_exact(items, dtype.dtype):
        return values
    enforce = _enforcer(dtype)
    found = [
        item if item is None and not required else enforce(item, f"{name}[{row}]") for row, item in enumerate(items)
    ]
    if all(new is old for new, old in zip(found, items, strict=True)):
        return values
    return pd.Series(found, index=values.index, name=values.name, dtype=object)


def _all_exact(rows: list[Any], kind: DataType) -> bool:
    """Whether no row needs conversion; decided without a Python loop over values."""
    kinds = set(map(type, rows))
    if kinds == {np.ndarray}:
        return {(row.dtype, row.ndim) for row in rows} == {(kind.to_numpy(), 1)}
    if not kinds <= {list}:
        return False
    found = set(map(type, chain.from_iterable(rows)))
    if found == {int} and kind is DataType.long:
        filled = [row for row in rows if row]
        return bool(min(map(min, filled)) >= -(2**63) and max(map(max, filled)) < 2**63)
    return found <= _EXACT[kind]


def _enforcer(dtype: ColType) -> Enforce:
    match dtype:
        case DataType():
            return lambda value, place: _scalar(value, dtype, place)
        case Array():
            return lambda value, place: _array(value, dtype.dtype, place)
        case Object():
            return lambda value, place: _object(value, dtype, place)
        case Map():
            return lambda value, place: _map(value, dtype, place)
    return lambda value, place: value


def _scalar(value: Any, kind: DataType, place: str) -> Any:
    if type(value) in _EXACT[kind]:
        return value
    if type(value) is int and kind in _LIMITS and -_LIMITS[kind] - 1 <= value <= _LIMITS[kind]:
        return float(value) if kind in _TO_FLOAT else value
    if isinstance(value, np.generic) and fits_dtype(value.dtype, kind):
        return value.astype(kind.to_numpy())
    if isinstance(value, np.int64) and kind in _TO_FLOAT and value in (0, 1):
        return value.astype(kind.to_numpy())
    raise _refusal(value, kind, place)


def _array(value: Any, item_type: ColType, place: str) -> Any:
    if isinstance(value, np.ndarray):
        return _ndarray(value, item_type, place)
    if value is None and isinstance(item_type, AnyType):
        return None
    if not isinstance(value, list):
        raise _refusal(value, Array(item_type), place, "a list or array")
    enforce = _enforcer(item_type)
    nullable = not isinstance(item_type, DataType) or item_type in _NULLABLE_ITEMS
    found = [
        _missing_item(item_type)
        if nullable and (item is None or item is pd.NA)
        else enforce(item, f"{place}[{position}]")
        for position, item in enumerate(value)
    ]
    return value if all(new is old for new, old in zip(found, value, strict=True)) else found


def _missing_item(item_type: ColType) -> float | None:
    return float("nan") if isinstance(item_type, DataType) and item_type in _TO_FLOAT else None


def _ndarray(value: np.ndarray[Any, Any], item_type: ColType, place: str) -> Any:
    if not isinstance(item_type, DataType):
        found = [_enforcer(item_type)(item, f"{place}[{position}]") for position, item in enumerate(value)]
        return value if all(_same(new, old) for new, old in zip(found, value, strict=True)) else found
    if value.ndim != 1:
        raise _refusal(value, Array(item_type), place, f"one dimension, not {value.ndim}")
    if value.dtype.kind in "OUSM":
        found = _array(list(value), item_type, place)
        return found if value.dtype == object else value
    if fits_dtype(value.dtype, item_type) or _is_one_hot(value, item_type):
        return value.astype(item_type.to_numpy(), copy=False)
    raise _refusal(value, Array(item_type), place, f"an array of {item_type.to_numpy()}, not {value.dtype}")


def _is_one_hot(value: np.ndarray[Any, Any], kind: DataType) -> bool:
    return value.dtype == np.int64 and kind in _TO_FLOAT and bool(((value == 0) | (value == 1)).all())


def _same(new: Any, old: Any) -> bool:
    return new is old or (isinstance(new, np.ndarray) and isinstance(old, np.ndarray) and new.dtype == old.dtype)


def _object(value: Any, dtype: Object, place: str) -> Any:
    if not isinstance(value, Mapping):
        raise _refusal(value, dtype, place, "a dictionary")
    declared = {member.name: member for member in dtype.properties}
    _check_keys(value, declared, place)
    found = {
        name: item
        if item is None and not declared[name].required
        else _enforcer(declared[name].dtype)(item, f"{place}.{name}")
        for name, item in value.items()
    }
    return value if all(found[name] is item for name, item in value.items()) else found


def _check_keys(value: Mapping[Any, Any], declared: Mapping[str, Any], place: str) -> None:
    if missing := sorted(name for name, member in declared.items() if member.required and name not in value):
        raise SchemaEnforcementFailed(f"Value {place} lacks the required keys {missing}. Add them.")
    if extra := sorted(map(str, value.keys() - declared.keys())):
        raise SchemaEnforcementFailed(f"Value {place} has keys {extra} that the schema does not declare. Remove them.")


def _map(value: Any, dtype: Map, place: str) -> Any:
    if not isinstance(value, Mapping):
        raise _refusal(value, dtype, place, "a dictionary")
    if wrong := [key for key in value if not isinstance(key, str)]:
        raise SchemaEnforcementFailed(f"Value {place} has keys {wrong} that are not texts. Use texts as keys.")
    enforce = _enforcer(dtype.value_type)
    found = {key: enforce(item, f"{place}.{key}") for key, item in value.items()}
    return value if all(found[key] is item for key, item in value.items()) else found


def _refusal(value: Any, dtype: ColType, place: str, expected: str = "") -> SchemaEnforcementFailed:
    return SchemaEnforcementFailed(
        f"Value {place} is '{_short(value)}' ({type(value).__name__}), where {expected or _text(dtype)} is expected "
        f"for type {dtype!r}."
    )


def _text(dtype: ColType) -> str:
    return f"{dtype.name} ({dtype.to_numpy()})" if isinstance(dtype, DataType) else repr(dtype)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
