"""Values between JSON and the types of a schema: JSON has neither bytes, dates nor widths of numbers."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime as dt
import json
import math
from typing import Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.types import ColSpec, DataType, Schema

__all__ = ["NotConvertible", "cast_column", "cast_frame", "dump_json", "to_plain"]

_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
_NUMBERS = {DataType.integer, DataType.long, DataType.float, DataType.double}
_WHOLE = {DataType.integer: 31, DataType.long: 63}


class NotConvertible(InvalidParameterValue):
    """A value from JSON or CSV is not one of the declared type."""


def dump_json(value: Any, *, indent: int | None = None) -> str:
    """JSON text of any example: arrays as lists, bytes as base64, dates as ISO 8601.

    Raises:
        InvalidParameterValue: a value has no counterpart in JSON.
    """
    return json.dumps(value, indent=indent, default=to_plain)


def to_plain(value: Any) -> Any:
    """The JSON counterpart of a value that the json module does not know.

    Raises:
        InvalidParameterValue: there is none.
    """
    if isinstance(value, (bytes, bytearray)):
        return base64.encodebytes(bytes(value)).decode("ascii")
    if type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    if hasattr(value, "tolist"):  # arrays and scalars of numpy
        return _isoformat(value) if getattr(value.dtype, "kind", "") == "M" else value.tolist()
    if hasattr(value, "model_dump"):
        return value.model_dump()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise InvalidParameterValue(
        f"Value '{value}' of type '{type(value).__name__}' has no counterpart in JSON. Use numbers, texts, lists, "
        "dictionaries, arrays or tables."
    )


def _isoformat(value: Any) -> Any:
    from numpy import datetime_as_string

    return datetime_as_string(value).tolist()


def cast_frame(frame: Any, schema: Schema | None) -> Any:
    """A table read from JSON or CSV, its scalar columns as the schema declares them.

    Raises:
        NotConvertible: a value is not one of its column's type.
    """
    if schema is None or not frame.columns.is_unique:
        return frame
    if schema.is_tensor_spec():
        return frame if schema.has_input_names() else _cast_all(frame, schema.inputs[0].type)
    specs = schema.input_dict() if schema.has_input_names() else dict(zip(frame.columns, schema, strict=False))
    cast: dict[Any, Any] = {}
    for name, spec in specs.items():
        if name in frame.columns and isinstance(spec, ColSpec) and isinstance(spec.type, DataType):
            cast[name] = cast_column(frame[name], spec.type)
    frame = frame.copy(deep=False)
    for name, values in cast.items():
        frame[name] = values
    return frame


def _cast_all(frame: Any, dtype: Any) -> Any:
    scalar = [name for name in frame.columns if not frame[name].map(lambda item: isinstance(item, list)).any()]
    try:
        return frame.astype(dict.fromkeys(scalar, "object" if dtype.kind in "USO" else dtype))
    except (ValueError, TypeError) as exc:
        raise NotConvertible(f"The table's values are not all of type '{dtype}': {exc}.") from exc


def cast_column(values: Any, kind: DataType) -> Any:
    """A column as JSON or CSV gives it, converted to the declared type where its values stay what they are.

    Whole numbers may be written as floats, and any number or boolean as text; what is missing stays so.

    Raises:
        NotConvertible: a value is not one of that type.
    """
    try:
        if kind in _NUMBERS:
            return _numbers(values, kind)
        if kind is DataType.boolean:
            return _booleans(values)
        if kind is DataType.binary:
            return values.map(_bytes).astype(object)
        return _dates(values) if kind is DataType.datetime else _texts(values)
    except (ValueError, TypeError, binascii.Error) as exc:
        raise NotConvertible(
            f"Column '{values.name}' has values that are not of type {kind.name}: {exc}. Correct the values."
        ) from exc


def _numbers(values: Any, kind: DataType) -> Any:
    import pandas as pd

    found = pd.to_numeric(values.infer_objects())
    if kind not in _WHOLE or found.isna().any():
        return found.astype("float32" if kind is DataType.float else "float64")
    if found.dtype.kind == "f" and not (found % 1 == 0).all():
        raise ValueError("a number with a fraction where a whole one is expected")
    limit = 2 ** _WHOLE[kind]
    if len(found) and not -limit <= int(found.min()) <= int(found.max()) < limit:
        raise ValueError(f"a number beyond {_WHOLE[kind] + 1} bits")
    return found.astype(kind.to_numpy())


def _booleans(values: Any) -> Any:
    found = values.map(_boolean)
    return found if found.isna().any() else found.astype(bool)


def _boolean(value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    text = str(int(value) if isinstance(value, (bool, float)) and value in (0, 1) else value).lower()
    if text not in _BOOLEANS:
        raise ValueError(f"'{value}' is neither true nor false")
    return _BOOLEANS[text]


def _bytes(value: Any) -> Any:
    if value is None or isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise TypeError(f"'{value}' is not base64 text")
    return base64.decodebytes(value.encode("ascii"))


def _texts(values: Any) -> Any:
    """Texts as they are; numbers, for a text column, as objects."""
    return values if values.dtype.kind == "O" else values.astype(object)


def _dates(values: Any) -> Any:
    import pandas as pd

    is_text = values.map(lambda item: isinstance(item, str)).any()
    found: Any = pd.to_datetime(values, format="ISO8601" if is_text else None)
    return found if getattr(found.dtype, "tz", None) is not None else found.astype("datetime64[ns]")
