"""Tables in CSV, with the types of a model's schema: in CSV itself everything is text."""

from __future__ import annotations

from typing import Any

from mlflow.models.json_values import cast_frame
from mlflow.types import DataType, Schema

__all__ = ["csv_types", "read_csv"]

_AS_WRITTEN = {DataType.string, DataType.binary, DataType.datetime}


def read_csv(source: Any, schema: Schema | None) -> Any:
    """A whole table, its columns as the schema declares them.

    Raises:
        NotConvertible: a value is not one of its column's type.
    """
    import pandas as pd

    return cast_frame(pd.read_csv(source, dtype=csv_types(schema)), schema)


def csv_types(schema: Schema | None) -> dict[Any, Any]:
    """For pandas: the columns whose text must not be taken for numbers, such as a postcode with a zero in front."""
    if schema is None or schema.is_tensor_spec() or not schema.has_input_names():
        return {}
    return {
        name: object
        for name, spec in schema.input_dict().items()
        if isinstance(spec.type, DataType) and spec.type in _AS_WRITTEN
    }
