"""Tables in CSV, with the types of a model's schema: in CSV itself everything is text."""

from __future__ import annotations

from typing import Any

from mlflow.models.json_values import NotConvertible, cast_frame
from mlflow.types import DataType, Schema

__all__ = ["as_declared", "csv_types", "read_csv"]

_AS_WRITTEN = {DataType.string, DataType.binary, DataType.datetime}


def read_csv(source: Any, schema: Schema | None) -> Any:
    """A whole table, its columns as the schema declares them.

    Raises:
        NotConvertible: a value is not one of its column's type, or has no name.
    """
    import pandas as pd

    return as_declared(pd.read_csv(source, dtype=csv_types(schema)), schema)


def as_declared(frame: Any, schema: Schema | None) -> Any:
    """What pandas has read, its columns as the schema declares them.

    Raises:
        NotConvertible: a value is not one of its column's type; or rows have more values than there are names, of
            which pandas makes an index, so that each value would stand in the column of the one after it.
    """
    if type(frame.index).__name__ != "RangeIndex":
        raise NotConvertible(
            f"Rows have more values than the header has names, which are {len(frame.columns)}. Give each value a name."
        )
    return cast_frame(frame, schema)


def csv_types(schema: Schema | None) -> dict[Any, Any]:
    """For pandas: the columns whose text must not be taken for numbers, such as a postcode with a zero in front."""
    if schema is None or schema.is_tensor_spec() or not schema.has_input_names():
        return {}
    return {
        name: object
        for name, spec in schema.input_dict().items()
        if isinstance(spec.type, DataType) and spec.type in _AS_WRITTEN
    }
