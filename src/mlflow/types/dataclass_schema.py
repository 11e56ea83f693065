"""The object type that a dataclass describes."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

from mlflow.types.data_type import DataType
from mlflow.types.exceptions import SchemaError, SchemaTypeError
from mlflow.types.nested import Array, ColType, Object, Property

__all__ = ["convert_dataclass_to_object"]

# float is single precision here, unlike in inference: what dataclasses of published models were stored as
_SCALARS = {
    int: DataType.long,
    str: DataType.string,
    bool: DataType.boolean,
    float: DataType.float,
    bytes: DataType.binary,
}


def convert_dataclass_to_object(dataclass: Any) -> Object:
    """The object type of a dataclass; fields that are Optional become optional properties.

    Raises:
        SchemaTypeError: the argument is no dataclass.
        SchemaError: a field has a type that schemas cannot express.
    """
    if not (isinstance(dataclass, type) and dataclasses.is_dataclass(dataclass)):
        raise SchemaTypeError(f"'{dataclass!r}' is not a dataclass. Pass the class itself.")
    hints = typing.get_type_hints(dataclass)
    fields = dataclasses.fields(dataclass)
    return Object([_property(dataclass.__name__, field.name, hints[field.name]) for field in fields])


def _property(owner: str, name: str, hint: Any) -> Property:
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return Property(name, _type(owner, name, hint))
    members = [member for member in typing.get_args(hint) if member is not type(None)]
    if len(members) != 1:
        raise SchemaError(
            f"Field '{name}' of dataclass {owner} is '{hint}'. Of unions only Optional[...] is supported."
        )
    return Property(name, _type(owner, name, members[0]), required=False)


def _type(owner: str, name: str, hint: Any) -> ColType:
    if hint in _SCALARS:
        return _SCALARS[hint]
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return convert_dataclass_to_object(hint)
    if typing.get_origin(hint) is list:
        return Array(_type(owner, name, typing.get_args(hint)[0]))
    raise SchemaError(
        f"Field '{name}' of dataclass {owner} has the unsupported type '{hint}'. "
        "Use int, str, bool, float, bytes, a dataclass, a list of one, or Optional of one."
    )
