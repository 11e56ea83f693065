"""What every entity shares: it is a frozen value that iterates as (name, value) pairs, as `dict(entity)` needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, Self

import msgspec

DEFAULT_WORKSPACE = "default"


def written(entity: Iterable[tuple[str, Any]]) -> str:
    """An entity with its attributes, in the order of their names."""
    return f"<{type(entity).__name__}: {', '.join(f'{name}={value!r}' for name, value in sorted(entity))}>"


class Message:
    """What may travel as one of MLflow's protobuf messages; `contract.messages` makes them of the wire's form."""

    __slots__ = ()

    def to_proto(self) -> Any:
        """The entity as MLflow's protobuf message, a class made by `mlflow[protobuf]`."""
        return import_module("mlflow.contract.messages").to_message(self)

    @classmethod
    def from_proto(cls, proto: Any) -> Self:
        """The entity that such a message holds."""
        entity: Self = import_module("mlflow.contract.messages").from_message(cls, proto)
        return entity


class Record(Message, msgspec.Struct, frozen=True):
    """An entity whose attributes are exactly the fields that travel."""

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return ((name, getattr(self, name)) for name in self.__struct_fields__)

    def __repr__(self) -> str:
        return written(self)

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> Self:
        """An entity from its attributes by name; unknown names are ignored."""
        return cls(**{name: value for name, value in the_dict.items() if name in cls.__struct_fields__})

    def to_dictionary(self) -> dict[str, Any]:
        """The attributes by name, nested entities included."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain


class Entity(Message):
    """An entity that shows its parts otherwise than they travel; its slots are its attributes."""

    __slots__: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return ((name, getattr(self, name)) for name in self._names())

    @classmethod
    def from_dictionary(cls, the_dict: dict[str, Any]) -> Self:
        """An entity from its attributes by name; unknown names are ignored."""
        return cls(**{name: value for name, value in the_dict.items() if name in cls._names()})

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and dict(self) == dict(other)

    def __hash__(self) -> int:
        return hash((type(self).__name__, repr(self)))

    def __repr__(self) -> str:
        return written(self)

    @classmethod
    def _names(cls) -> tuple[str, ...]:
        return tuple(name for name in cls.__slots__ if not name.startswith("_"))
