"""A column of a table: its type, its name, and whether it must be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mlflow.types.data_type import DataType
from mlflow.types.exceptions import SchemaError
from mlflow.types.nested import parse_type, type_from_json, type_to_json

__all__ = ["ColSpec"]

_KEYS = {"type", "name", "required", "items", "properties", "values"}


@dataclass(repr=False)
class ColSpec:
    """One column.

    Args:
        type: a `DataType`, `Array`, `Object`, `Map` or `AnyType`, or the name of a `DataType`.
        name: the column's name; columns of a schema have all a name or none.
        required: whether inputs without this column are refused.
    """

    type: Any
    name: str | None = None
    required: bool = True

    def __post_init__(self) -> None:
        self.type = parse_type(self.type, "type")

    def __repr__(self) -> str:
        named = "" if self.name is None else f"{self.name!r}: "
        return f"{named}{self.type!r} ({'required' if self.required else 'optional'})"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: `type` (and what a nested type adds), `name` when there is one, `required`."""
        named = {} if self.name is None else {"name": self.name}
        return type_to_json(self.type) | named | {"required": self.required}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> ColSpec:
        """The column of a JSON form.

        Where `required` is absent, scalar columns are required and nested ones are not, as MLflow reads them.
        """
        if unknown := kwargs.keys() - _KEYS:
            raise SchemaError(f"Column description has unknown keys {sorted(unknown)}. Use {sorted(_KEYS)} only.")
        dtype = type_from_json(kwargs)
        return cls(dtype, kwargs.get("name"), kwargs.get("required", isinstance(dtype, DataType)))
