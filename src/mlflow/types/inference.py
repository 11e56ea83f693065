"""Schemas inferred from examples of data."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from mlflow.types.column import ColSpec
from mlflow.types.data_type import DataType
from mlflow.types.exceptions import SchemaError, TensorsNotSupportedException
from mlflow.types.nested import Object
from mlflow.types.parameter import ParamSchema, ParamSpec
from mlflow.types.schema import Schema
from mlflow.types.spark import columns_of
from mlflow.types.tensor import TensorSpec, clean_tensor_type
from mlflow.types.values import common_type, has_missing, type_of, type_of_numpy

__all__ = ["infer_column", "infer_param_schema", "infer_schema", "schema_of", "tensor_shape"]

_INTEGER_HINT = (
    "The inferred schema has integer columns, which cannot hold missing values: an input with some arrives as floats "
    "and is refused. Infer from data with missing values, or make such columns float64."
)


def infer_schema(data: Any) -> Schema:
    """The schema of an example, with a UserWarning where integer columns may surprise later.

    Args:
        data: a pandas DataFrame or Series, numpy array, dictionary of arrays, scipy CSR or CSC matrix, PySpark
            DataFrame, scalar, list of scalars, or dictionary or list of dictionaries of such values.

    Raises:
        SchemaError: the data has a type, or a mix of types, that schemas cannot express.
    """
    schema = schema_of(data)
    if not schema.is_tensor_spec() and {DataType.integer, DataType.long} & set(_scalars(schema)):
        warnings.warn(_INTEGER_HINT, UserWarning, stacklevel=2)
    return schema


def _scalars(schema: Schema) -> list[DataType]:
    return [t for t in schema.input_types() if isinstance(t, DataType)]


def schema_of(data: Any) -> Schema:
    """As `infer_schema`, without the warning."""
    match _kind(data):
        case "DataFrame":
            return Schema([infer_column(data[name]) for name in data.columns])
        case "Series":
            return Schema([infer_column(data)])
        case "ndarray" | "csr_matrix" | "csc_matrix":
            return Schema([_tensor(data)])
        case "spark":
            return Schema(columns_of(data.schema))
    if isinstance(data, Mapping):
        return Schema(_of_dictionary(data))
    if isinstance(data, list):
        return Schema(_of_list(data))
    return Schema([ColSpec(type_of(data))])


def _kind(data: Any) -> str:
    """The name of a class of pandas, numpy or scipy, without importing any of them; else nothing."""
    for base in type(data).__mro__:
        package, name = base.__module__.partition(".")[0], base.__name__
        if package in {"pandas", "numpy", "scipy"}:
            return name
        if package == "pyspark" and name == "DataFrame":
            return "spark"
    return ""


def _of_dictionary(data: Mapping[Any, Any]) -> list[ColSpec | TensorSpec]:
    if not all(isinstance(name, str) for name in data):
        raise SchemaError(f"Dictionary has the keys {list(data)}, not all strings. Name the inputs by strings.")
    if data and all(_kind(value) == "ndarray" for value in data.values()):
        return [_tensor(value, name) for name, value in data.items()]
    return [ColSpec(type_of(value), name, not has_missing(value)) for name, value in data.items()]


def _of_list(data: list[Any]) -> list[ColSpec | TensorSpec]:
    if not data:
        return [ColSpec(DataType.string)]
    if not all(isinstance(row, Mapping) for row in data):
        return [ColSpec(common_type(data))]
    found = common_type(data)
    members = {p.name: p for p in found.properties} if isinstance(found, Object) else {}
    names = dict.fromkeys(name for row in data for name in row)
    return [ColSpec(members[name].dtype, name, members[name].required) for name in names]


def infer_column(column: Any) -> ColSpec:
    """The column of a pandas Series: named as it is, optional when values are missing.

    Raises:
        SchemaError: the values have a type, or a mix of types, that schemas cannot express.
    """
    if _kind(column) != "Series":
        raise SchemaError("Two columns of the DataFrame have one name. Rename one of them.")
    values = column.infer_objects()
    return ColSpec(_column_type(values), column.name, not values.isna().any())


def _column_type(values: Any) -> Any:
    dtype = values.dtype
    categories = getattr(dtype, "categories", None)
    if categories is not None:
        return type_of_numpy(categories.dtype)
    if dtype.kind == "O" and type(dtype).__name__ != "StringDtype":
        return _object_type(values)
    return type_of_numpy(getattr(dtype, "numpy_dtype", None) or getattr(dtype, "subtype", dtype))


def _object_type(values: Any) -> Any:
    if not len(values):
        return DataType.string
    try:
        return common_type(values)
    except SchemaError as exc:
        raise SchemaError(f"Column '{values.name}' has no type: {exc.message}") from exc


def _tensor(data: Any, name: str | None = None) -> TensorSpec:
    return TensorSpec(clean_tensor_type(data.dtype), tensor_shape(data), name)


def tensor_shape(data: Any, variable_dimension: int | None = 0) -> tuple[int, ...]:
    """The shape of an array or sparse matrix with one dimension, if any, left free as -1.

    Raises:
        SchemaError: the array has no such dimension.
    """
    if variable_dimension is None:
        return tuple(data.shape)
    shape = list(data.shape)
    if variable_dimension >= len(shape):
        raise SchemaError(f"Array of shape {data.shape} has no dimension {variable_dimension}. Use at least 1-d data.")
    shape[variable_dimension] = -1
    return tuple(shape)


def infer_param_schema(parameters: dict[str, Any]) -> ParamSchema:
    """The schema of parameters, each value being a default: scalar, list, 1-d array, or dictionary.

    Raises:
        SchemaError: a value is none of those; the message tells all that are wrong.
    """
    if not isinstance(parameters, dict):
        raise SchemaError(f"Parameters are '{parameters}'. Pass a dictionary from names to default values.")
    specs, wrong = [], []
    for name, value in parameters.items():
        try:
            specs.append(_param(name, value))
        except SchemaError as exc:
            wrong.append(f"'{name}': {exc.message}")
    if wrong:
        raise SchemaError(f"Parameters cannot be typed: {' '.join(wrong)}")
    return ParamSchema(specs)


def _param(name: str, value: Any) -> ParamSpec:
    if value is None or isinstance(value, tuple):
        raise SchemaError(f"Value is '{value}'. Pass a scalar, a list or a dictionary.")
    if getattr(value, "ndim", 0) > 1:
        raise TensorsNotSupportedException(f"the value has {value.ndim} dimensions. Pass a list.")
    if isinstance(value, list) or _kind(value) == "ndarray":
        return ParamSpec(name, _item_type(value), value, (-1,))
    dtype: Any = DataType.double if value != value else type_of(value)
    return ParamSpec(name, dtype, value)


def _item_type(values: Any) -> Any:
    return common_type(values) if len(values) else DataType.string
