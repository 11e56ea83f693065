"""Schemas from the type hints of a model's `predict`."""

from __future__ import annotations

import datetime as dt
import types
import typing
import warnings
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from mlflow.exceptions import InvalidParameterValue
from mlflow.types.column import ColSpec
from mlflow.types.data_type import DataType
from mlflow.types.nested import AnyType, Array, ColType, Map, Object, Property
from mlflow.types.schema import Schema

__all__ = [
    "OPTIONAL_INPUT_MSG",
    "SUPPORTED_TYPE_HINT_MSG",
    "UNION_TYPES",
    "ColSpecType",
    "InvalidTypeHintException",
    "TypeHints",
    "UnsupportedTypeHintException",
    "ValidationResult",
    "field_required",
    "infer_schema_from_list_type_hint",
    "infer_type",
    "model_fields",
    "model_validate",
    "type_hints_no_signature_inference",
]

UNION_TYPES = (typing.Union, types.UnionType)
OPTIONAL_INPUT_MSG = (
    "An input cannot be Optional as a whole. Remove Optional, or use a pydantic model with optional fields."
)
SUPPORTED_TYPE_HINT_MSG = (
    "Use list[X] where X is int, str, bool, float, bytes, datetime.datetime, a pydantic model, a list or "
    "dict[str, ...] of those, or typing.Any."
)

_SCALARS = {
    int: DataType.long,
    str: DataType.string,
    bool: DataType.boolean,
    float: DataType.double,
    bytes: DataType.binary,
    dt.datetime: DataType.datetime,
}


class ColSpecType(NamedTuple):
    """The type of a hint, and whether a value must be there."""

    dtype: ColType
    required: bool


class TypeHints:
    """The type hints of a model's `predict`, as pickled models keep them.

    Args:
        input: of its data; None when there is none, or it is not usable.
        output: of what it returns.
    """

    def __init__(self, input: Any = None, output: Any = None) -> None:
        self.input = input
        self.output = output


class ValidationResult(NamedTuple):
    """A value that was checked against a hint, or why it does not fit."""

    value: Any | None = None
    error_message: str | None = None


class UnsupportedTypeHintException(InvalidParameterValue):
    """A type hint that no schema can express."""

    def __init__(self, type_hint: Any) -> None:
        super().__init__(f"Type hint '{_text(type_hint)}' is not supported. {SUPPORTED_TYPE_HINT_MSG}")


class InvalidTypeHintException(InvalidParameterValue):
    """A type hint that is incomplete or contradicts itself."""

    def __init__(self, *, message: str) -> None:
        super().__init__(message)


def _text(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint)


@lru_cache(maxsize=1)
def type_hints_no_signature_inference() -> tuple[type, ...]:
    """Hints from which no schema follows: frames, arrays and, where scipy is installed, sparse matrices."""
    import numpy as np
    import pandas as pd

    dense = (pd.DataFrame, pd.Series, np.ndarray)
    try:
        sparse = import_module("scipy.sparse")
    except ImportError:
        return dense
    return (*dense, sparse.csc_matrix, sparse.csr_matrix)


def infer_schema_from_list_type_hint(type_hint: Any) -> Schema:
    """The schema of `list[X]`: one unnamed column of type X.

    Raises:
        InvalidTypeHintException: the hint is no list, has no element type, or its elements are Optional.
        UnsupportedTypeHintException: no schema can express the element type.
    """
    if type_hint is list or type_hint is typing.List:  # noqa: UP006 - what users may have written
        raise InvalidTypeHintException(message=f"Type hint '{_text(type_hint)}' has no element type. Write list[str].")
    if typing.get_origin(type_hint) is not list:
        text = _text(type_hint)
        raise InvalidTypeHintException(
            message=f"Type hint '{text}' is not a list. predict takes many inputs: list[{text}]."
        )
    found = infer_type(typing.get_args(type_hint)[0])
    if not found.required:
        raise InvalidTypeHintException(message=OPTIONAL_INPUT_MSG)
    return Schema([ColSpec(found.dtype)])


def infer_type(type_hint: Any) -> ColSpecType:
    """The column type of a hint; Optional makes it not required, other unions are `AnyType` with a warning."""
    if type_hint in _SCALARS:
        return ColSpecType(_SCALARS[type_hint], required=True)
    if type_hint is Any:
        return ColSpecType(AnyType(), required=True)
    if isinstance(type_hint, type) and hasattr(type_hint, "model_fields"):
        return ColSpecType(_model_type(type_hint), required=True)
    return _generic(type_hint)


def _generic(type_hint: Any) -> ColSpecType:
    origin, args = typing.get_origin(type_hint), typing.get_args(type_hint)
    if type_hint in (list, dict):
        raise InvalidTypeHintException(
            message=f"Type hint '{_text(type_hint)}' has no element type. {SUPPORTED_TYPE_HINT_MSG}"
        )
    if origin is list:
        return ColSpecType(Array(infer_type(args[0]).dtype), required=True)
    if origin is dict:
        return ColSpecType(_map(type_hint, *args), required=True)
    if origin in UNION_TYPES:
        return _union([arg for arg in args if arg is not type(None)], optional=type(None) in args)
    raise UnsupportedTypeHintException(type_hint)


def _map(type_hint: Any, key: Any, value: Any) -> Map:
    if key is not str:
        raise InvalidTypeHintException(
            message=f"Type hint '{type_hint}' has keys of type '{_text(key)}'. Use str keys."
        )
    return Map(infer_type(value).dtype)


def _union(members: list[Any], *, optional: bool) -> ColSpecType:
    if len(members) == 1:
        return ColSpecType(infer_type(members[0]).dtype, required=not optional)
    warnings.warn("A Union in a type hint becomes AnyType: its values are not checked.", UserWarning, stacklevel=2)
    return ColSpecType(AnyType(), required=not optional)


def _model_type(model: Any) -> Object:
    return Object([_property(model, name, field) for name, field in model_fields(model).items()])


def _property(model: Any, name: str, field: Any) -> Property:
    found = infer_type(field.annotation)
    if not found.required and field_required(field):
        raise InvalidTypeHintException(
            message=f"Optional field '{name}' of pydantic model '{model.__name__}' has no default. Set it to None."
        )
    return Property(name, found.dtype, found.required)


def model_fields(model: Any) -> dict[str, Any]:
    """The fields of a pydantic model class, by name."""
    fields: dict[str, Any] = model.model_fields
    return fields


def model_validate(model: Any, values: Any) -> None:
    """Check values against a pydantic model class; pydantic's ValidationError tells what is wrong."""
    model.model_validate(values, strict=True)


def field_required(field: Any) -> bool:
    """Whether a pydantic field has no default."""
    return bool(field.is_required())
