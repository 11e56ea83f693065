"""Columns of Spark's as inputs of a model, and predictions as columns of Spark's types; runs in executors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.types import Schema

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["to_column", "to_frame"]

_KINDS = {
    "boolean": "b",
    "byte": "iu",
    "short": "iu",
    "integer": "iu",
    "long": "iu",
    "float": "fiu",
    "double": "fiu",
    "timestamp": "M",
    "timestamp_ntz": "M",
    "date": "M",
}
_TYPES = {
    "boolean": "bool",
    "byte": "int8",
    "short": "int16",
    "integer": "int32",
    "long": "int64",
    "float": "float32",
    "double": "float64",
}


def to_frame(part: tuple[Any, ...], inputs: Schema | None) -> Any:
    """What the model is called with: a struct's fields, or columns by the signature's names, else by their numbers."""
    import numpy as np
    import pandas as pd

    if len(part) == 1 and isinstance(part[0], pd.DataFrame):
        return part[0]
    if inputs is not None and inputs.is_tensor_spec() and not inputs.has_input_names() and len(part) == 1:
        return np.stack([np.asarray(value, inputs.inputs[0].type) for value in part[0]]) if len(part[0]) else part[0]
    names = list(map(str, inputs.input_names())) if inputs is not None and inputs.has_input_names() else []
    chosen = names[: len(part)] if len(part) <= len(names) else [str(position) for position in range(len(part))]
    return pd.DataFrame(dict(zip(chosen, part, strict=True)))


def to_column(table: pd.DataFrame, returned: Any, rows: int) -> Any:
    """Predictions as Spark wants them.

    Raises:
        InvalidParameterValue: the model returned no column of the type.
    """
    import pandas as pd

    if len(table) != rows:
        raise InvalidParameterValue(
            f"The model returned {len(table)} predictions for {rows} rows; it must be one a row."
        )
    kind = returned.typeName()
    if kind == "struct":
        return pd.DataFrame({field.name: _field(table, field, at) for at, field in enumerate(returned.fields)})
    if kind == "array" and not (len(table.columns) == 1 and table.iloc[:, 0].map(_is_list).all()):
        return pd.Series(table.to_numpy().tolist())
    if kind in {"array", "map", "binary"}:
        return table.iloc[:, 0].map(_plain)
    if kind == "string":
        return table.iloc[:, 0].map(lambda value: None if value is None else str(value))
    return _cast(_first(table, kind), kind)


def _field(table: pd.DataFrame, field: Any, position: int) -> Any:
    names = list(table.columns)
    if field.name not in names and names != [str(number) for number in range(len(names))]:
        raise InvalidParameterValue(f"The model returned no column '{field.name}'; it returned {', '.join(names)}.")
    if field.name not in names and position >= len(names):
        raise InvalidParameterValue(f"The model returned {len(names)} columns; '{field.name}' is beyond them.")
    column = table[[field.name]] if field.name in names else table.iloc[:, [position]]
    return to_column(column, field.dataType, len(table))


def _first(table: pd.DataFrame, kind: str) -> pd.Series[Any]:
    """The first column whose values are of a type."""
    for position in range(len(table.columns)):
        column = table.iloc[:, position]
        if column.dtype.kind in _KINDS.get(kind, "") or (column.dtype.kind == "O" and kind not in _KINDS):
            return column
    types = ", ".join(f"'{name}' of {dtype}" for name, dtype in table.dtypes.items())
    raise InvalidParameterValue(f"The model returned {types}, but no column that is {kind}. Give another result_type.")


def _cast(column: pd.Series[Any], kind: str) -> Any:
    import numpy as np

    if kind not in _TYPES:
        return column.dt.date if kind == "date" else column
    target = np.dtype(_TYPES[kind])
    if target.kind == "i" and len(column):
        limits = np.iinfo(target)
        if int(column.min()) < limits.min or int(column.max()) > limits.max:
            raise InvalidParameterValue(
                f"The model returned {column.min()} to {column.max()}, which {kind} does not hold. Give a larger "
                "result_type."
            )
    return column.astype(target)


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple)) or hasattr(value, "tolist")


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value
