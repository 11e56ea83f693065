"""The scalar types of columns and parameters."""

from __future__ import annotations

import datetime as dt
import enum
from importlib import import_module
from typing import Any

from mlflow.types.exceptions import SchemaError

__all__ = ["DataType"]


class DataType(enum.Enum):
    """A scalar type; its name is what signatures store.

    `integer` and `float` are 32 bits wide, `long` and `double` 64; `datetime` counts nanoseconds.
    """

    boolean = 1
    integer = 2
    long = 3
    float = 4
    double = 5
    string = 6
    binary = 7
    datetime = 8

    def __repr__(self) -> str:
        return self.name

    def to_numpy(self) -> Any:
        """The `numpy.dtype` that holds values of this type in an array."""
        import numpy as np

        return np.dtype(_NUMPY[self.name])

    def to_pandas(self) -> Any:
        """The dtype of a DataFrame's column: as `to_numpy`, but `object` for text and bytes."""
        import numpy as np

        return np.dtype(object) if self in {DataType.string, DataType.binary} else self.to_numpy()

    def to_python(self) -> type:
        """The Python type of one value."""
        return _PYTHON[self.name]

    def to_spark(self) -> Any:
        """The PySpark type of a column."""
        return getattr(import_module("pyspark.sql.types"), _SPARK[self.name])()

    @classmethod
    def of(cls, given: DataType | str) -> DataType:
        """The type of this name; a `DataType` is returned as it is."""
        if isinstance(given, cls):
            return given
        try:
            return cls[str(given)]
        except KeyError:
            raise SchemaError(f"Unsupported type '{given}'. Use a type object or one of {_NAMES}.") from None

    @classmethod
    def check_type(cls, data_type: DataType, value: object) -> bool:
        """Whether a value is of this type exactly, as Python or numpy scalar; nothing is converted."""
        dtype = getattr(value, "dtype", None)
        if dtype is not None and not isinstance(value, (str, bytes)):
            return getattr(value, "ndim", None) == 0 and cls._name_of_numpy(dtype) == data_type.name
        if data_type in _INSTANCES:
            return isinstance(value, _INSTANCES[data_type])
        return type(value) is data_type.to_python()

    @classmethod
    def all_types(cls) -> list[DataType]:
        """Every scalar type, in order of its number."""
        return list(cls)

    @classmethod
    def get_spark_types(cls) -> list[Any]:
        """The PySpark types of all scalar types."""
        return [member.to_spark() for member in cls]

    @classmethod
    def from_numpy_type(cls, np_type: Any) -> DataType | None:
        """The type whose numpy dtype is exactly this one; None when there is none."""
        import numpy as np

        dtype = np.dtype(np_type)
        return next((member for member in cls if member.to_numpy() == dtype), None)

    @staticmethod
    def _name_of_numpy(dtype: Any) -> str | None:
        if dtype.kind == "M":
            return "datetime"
        return next((name for name, numpy_name in _NUMPY.items() if numpy_name == dtype.name), None)


_NAMES = [member.name for member in DataType]
_NUMPY = {
    "boolean": "bool",
    "integer": "int32",
    "long": "int64",
    "float": "float32",
    "double": "float64",
    "string": "str",
    "binary": "bytes",
    "datetime": "datetime64[ns]",
}
_PYTHON: dict[str, type] = {
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "string": str,
    "binary": bytes,
    "datetime": dt.date,
}
_SPARK = {
    "boolean": "BooleanType",
    "integer": "IntegerType",
    "long": "LongType",
    "float": "FloatType",
    "double": "DoubleType",
    "string": "StringType",
    "binary": "BinaryType",
    "datetime": "TimestampType",
}
_INSTANCES: dict[DataType, tuple[type, ...]] = {
    DataType.string: (str,),
    DataType.binary: (bytes, bytearray),
    DataType.datetime: (dt.date,),
}
