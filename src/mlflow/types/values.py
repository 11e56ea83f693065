"""The type of a Python value, and the type that several values have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from mlflow.types.data_type import DataType
from mlflow.types.exceptions import InvalidDataForSignatureInferenceError, SchemaError
from mlflow.types.nested import AnyType, Array, ColType, Object, Property

__all__ = ["MULTIPLE_TYPES_ERROR_MSG", "common_type", "has_missing", "is_missing", "type_of", "type_of_numpy"]

MULTIPLE_TYPES_ERROR_MSG = (
    "Values of one list or column have several types. Give them one type, or declare the schema with Array(AnyType())."
)

_PYTHON = {
    bool: DataType.boolean,
    int: DataType.long,
    float: DataType.double,
    str: DataType.string,
    bytes: DataType.binary,
    bytearray: DataType.binary,
}
# numpy kind -> the widest item in bytes of each type that holds it
_NUMPY: dict[str, list[tuple[int, DataType]]] = {
    "b": [(1, DataType.boolean)],
    "i": [(4, DataType.integer), (8, DataType.long)],
    "u": [(2, DataType.integer), (4, DataType.long)],
    "f": [(4, DataType.float), (8, DataType.double)],
}
_KINDS = {"U": DataType.string, "S": DataType.binary, "O": DataType.string, "M": DataType.datetime}


def type_of_numpy(dtype: Any) -> DataType:
    """The scalar type that holds a numpy dtype without loss; `object` counts as text.

    Raises:
        SchemaError: there is none, as for uint64, complex numbers and time differences.
    """
    if dtype.kind in _KINDS:
        return _KINDS[dtype.kind]
    for size, data_type in _NUMPY.get(dtype.kind, []):
        if dtype.itemsize <= size:
            return data_type
    raise SchemaError(f"Type '{dtype}' has no counterpart in schemas. Convert the data to a type that has.")


def is_missing(value: object) -> bool:
    """Whether a value stands for none: None, NaN, NaT or pandas' NA."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float) and value != value


def has_missing(value: object) -> bool:
    """Whether a value is missing, or is a list with a missing item."""
    return any(map(is_missing, value)) if isinstance(value, list) else is_missing(value)


def type_of(value: Any) -> ColType:
    """The type of one value: scalar, list, 1-d or deeper array, or dictionary with string keys.

    What is missing, and empty lists and dictionaries, have `AnyType`.

    Raises:
        SchemaError: the value has no type, or a list holds several.
    """
    if is_missing(value):
        return AnyType()
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, list) or (hasattr(value, "tolist") and getattr(value, "ndim", 0) > 0):
        return Array(common_type(value)) if len(value) else AnyType()
    return _scalar(value)


def _object(value: Mapping[Any, Any]) -> ColType:
    types = {name: type_of(member) for name, member in value.items()}
    return Object([Property(name, t, t != AnyType()) for name, t in types.items()]) if types else AnyType()


def _scalar(value: Any) -> DataType:
    if isinstance(value, dt.date):
        return DataType.datetime
    dtype = getattr(value, "dtype", None)
    if dtype is not None and getattr(value, "ndim", None) == 0:
        return type_of_numpy(dtype)
    if type(value) in _PYTHON:
        return _PYTHON[type(value)]
    if hasattr(value, "model_dump"):
        raise InvalidDataForSignatureInferenceError(
            f"No schema can be inferred from the pydantic object '{value}'. Use its class as a type hint instead."
        )
    raise SchemaError(f"Value '{value}' of type '{type(value).__name__}' has no counterpart in schemas. Convert it.")


def common_type(values: Iterable[Any]) -> ColType:
    """The type that all values have; at least one value is needed.

    Objects are united: a key that some lack is optional. What is missing, or empty, fits everything.

    Raises:
        SchemaError: the values have several types.
    """
    return reduce(_merge, map(type_of, values))


def _merge(left: ColType, right: ColType) -> ColType:
    if isinstance(left, AnyType):
        left, right = right, left
    match left, right:
        case Object(), AnyType():
            return Object([Property(p.name, p.dtype, required=False) for p in left.properties])
        case _, AnyType():
            return left
        case Object(), Object():
            return _union(left, right)
        case Array(), Array():
            return Array(_merge(left.dtype, right.dtype))
    if left != right:
        raise SchemaError(f"{MULTIPLE_TYPES_ERROR_MSG} Found {left!r} and {right!r}.")
    return left


def _union(left: Object, right: Object) -> Object:
    mine, other = ({p.name: p for p in each.properties} for each in (left, right))
    return Object([_member(mine.get(name), other.get(name)) for name in {**mine, **other}])


def _member(left: Property | None, right: Property | None) -> Property:
    if left and right:
        return Property(left.name, _merge(left.dtype, right.dtype), left.required and right.required)
    present = left or right
    assert present is not None, "a name comes from one of the two"
    return Property(present.name, present.dtype, required=False)
