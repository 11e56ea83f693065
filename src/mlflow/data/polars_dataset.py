"""Datasets in polars DataFrames."""

from __future__ import annotations

from typing import Any

from mlflow.data.dataset_source import DatasetSource
from mlflow.data.dataset_source_registry import source_of
from mlflow.data.frame_dataset import FrameDataset
from mlflow.data.pyfunc_dataset_mixin import PyFuncInputsOutputs
from mlflow.types.column import ColSpec
from mlflow.types.data_type import DataType
from mlflow.types.exceptions import SchemaError
from mlflow.types.nested import AnyType, Array, ColType, Object, Property
from mlflow.types.schema import Schema
from mlflow.types.type_hints import ColSpecType

__all__ = ["PolarsDataset", "from_polars", "hash_polars_df", "infer_colspec", "infer_dtype", "infer_schema"]

_SCALARS = {
    "Int8": DataType.integer,
    "Int16": DataType.integer,
    "Int32": DataType.integer,
    "Int64": DataType.long,
    "UInt8": DataType.integer,
    "UInt16": DataType.integer,
    "UInt32": DataType.long,
    "Float32": DataType.float,
    "Float64": DataType.double,
    "Boolean": DataType.boolean,
    "String": DataType.string,
    "Categorical": DataType.string,
    "Enum": DataType.string,
    "Binary": DataType.binary,
    "Date": DataType.datetime,
    "Datetime": DataType.datetime,
}


def hash_polars_df(df: Any) -> str:
    """The digest of a polars DataFrame: the sum of its rows' hashes, which depend on the version of polars."""
    return str(df.hash_rows().sum())


def infer_schema(df: Any) -> Schema:
    """The schema of a polars DataFrame.

    Raises:
        SchemaError: a column has a type that schemas cannot express.
    """
    return Schema([infer_colspec(df[name], allow_unknown=False) for name in df.columns])


def infer_colspec(col: Any, *, allow_unknown: bool = True) -> ColSpec:
    """The column of a polars Series; it is optional when it has no values."""
    found = infer_dtype(col.dtype, col.name, allow_unknown=allow_unknown)
    return ColSpec(found.dtype, col.name, required=col.count() > 0)


def infer_dtype(dtype: Any, col_name: str, *, allow_unknown: bool) -> ColSpecType:
    """The type of a polars dtype; `AnyType` for an unknown one where that is allowed.

    Raises:
        SchemaError: the type is unknown and that is not allowed.
    """
    try:
        return ColSpecType(_type(dtype), required=True)
    except SchemaError as exc:
        if allow_unknown:
            return ColSpecType(AnyType(), required=True)
        raise SchemaError(f"Column '{col_name}' has no type: {exc.message}") from exc


def _type(dtype: Any) -> ColType:
    name = dtype.base_type().__name__
    if name in _SCALARS:
        return _SCALARS[name]
    if name == "List":
        return Array(_type(dtype.inner))
    if name == "Array":
        return _array(dtype.inner, len(dtype.shape))
    if name == "Struct":
        return Object([Property(field.name, _type(field.dtype)) for field in dtype.fields])
    raise SchemaError(f"Type '{dtype}' has no counterpart in schemas. Cast the column.")


def _array(inner: Any, depth: int) -> Array:
    while inner.base_type().__name__ == "Array":
        inner = inner.inner
    nested = Array(_type(inner))
    for _ in range(depth - 1):
        nested = Array(nested)
    return nested


class PolarsDataset(FrameDataset):
    """A polars DataFrame with where it came from; see `from_polars`."""

    def _compute_digest(self) -> str:
        return hash_polars_df(self._df)

    @property
    def profile(self) -> dict[str, int]:
        """`num_rows` and `num_elements`."""
        return {"num_rows": self._df.height, "num_elements": self._df.height * self._df.width}

    def _schema(self) -> Schema:
        return infer_schema(self._df)

    def to_pyfunc(self) -> PyFuncInputsOutputs:
        """One pandas DataFrame in a list, and one Series of targets in a list."""
        if self._targets is None:
            return PyFuncInputsOutputs([self._df.to_pandas()])
        inputs = self._df.drop(self._targets).to_pandas()
        return PyFuncInputsOutputs([inputs], [self._df[self._targets].to_pandas()])


def from_polars(
    df: Any,
    source: str | DatasetSource | None = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> PolarsDataset:
    """The dataset of a polars DataFrame; the arguments are those of `from_pandas`."""
    return PolarsDataset(df, source_of(source), targets, name, digest, predictions)
