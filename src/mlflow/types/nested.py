"""Types made of other types: arrays, objects, maps, and the type of anything."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlflow.types.data_type import DataType
from mlflow.types.exceptions import SchemaError, SchemaTypeError

__all__ = [
    "ANY_TYPE",
    "ARRAY_TYPE",
    "EXPECTED_TYPE_MESSAGE",
    "MAP_TYPE",
    "OBJECT_TYPE",
    "SPARKML_VECTOR_TYPE",
    "AnyType",
    "Array",
    "BaseType",
    "ColType",
    "Map",
    "Object",
    "Property",
    "SparkMLVector",
    "parse_type",
    "type_from_json",
    "type_to_json",
]

ARRAY_TYPE = "array"
OBJECT_TYPE = "object"
MAP_TYPE = "map"
ANY_TYPE = "any"
SPARKML_VECTOR_TYPE = "sparkml_vector"
EXPECTED_TYPE_MESSAGE = (
    "Argument '{arg_name}' is {passed_type}. Pass a DataType, Array, Object, Map or AnyType, or the name of a DataType."
)


class BaseType(ABC):
    """A type made of other types."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """The JSON form of this type."""


ColType = DataType | BaseType


def parse_type(given: object, arg_name: str) -> ColType:
    """The type that a caller named by object or by the name of a scalar type.

    Raises:
        SchemaError: no scalar type has that name.
        SchemaTypeError: the argument is neither a type nor a name.
    """
    if isinstance(given, str):
        return DataType.of(given)
    if isinstance(given, (DataType, BaseType)) and not isinstance(given, Property):
        return given
    raise SchemaTypeError(EXPECTED_TYPE_MESSAGE.format(arg_name=arg_name, passed_type=repr(given)))


def type_to_json(given: ColType) -> dict[str, Any]:
    """The JSON form of any type."""
    return {"type": given.name} if isinstance(given, DataType) else given.to_dict()


def type_from_json(spec: Mapping[str, Any]) -> ColType:
    """The type that a JSON form describes; keys that belong to a column (`name`, `required`) are ignored."""
    match spec.get("type"):
        case "array":
            return Array.from_json_dict(**spec)
        case "object":
            return Object.from_json_dict(**spec)
        case "map":
            return Map.from_json_dict(**spec)
        case "sparkml_vector":
            return SparkMLVector()
        case "any":
            return AnyType()
        case str() as name:
            return DataType.of(name)
    raise SchemaError(f"Type description '{dict(spec)}' has no key 'type'. Add it.")


def _member(spec: Mapping[str, Any], kind: str, key: str) -> Mapping[str, Any]:
    if spec.get("type") != kind:
        raise SchemaError(f"Type is '{spec.get('type')}' where '{kind}' is expected.")
    if not isinstance(spec.get(key), Mapping):
        raise SchemaError(f"Type description '{dict(spec)}' has no object '{key}'. Describe the {kind}'s {key} there.")
    member: Mapping[str, Any] = spec[key]
    return member


@dataclass(repr=False)
class Property(BaseType):
    """A named member of an `Object`; properties sort by name."""

    name: str
    dtype: Any
    required: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise SchemaTypeError(f"Property name is {self.name!r}. Use a string.")
        self.dtype = parse_type(self.dtype, "dtype")

    def __lt__(self, other: Property) -> bool:
        return self.name < other.name

    def __repr__(self) -> str:
        return f"{self.name}: {self.dtype!r} ({'required' if self.required else 'optional'})"

    def to_dict(self) -> dict[str, Any]:
        return {self.name: type_to_json(self.dtype) | {"required": self.required}}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> Property:
        """The property of a JSON form with one key, its name."""
        if len(kwargs) != 1:
            raise SchemaError(f"Property description has the keys {sorted(kwargs)}. Give one key, the property's name.")
        ((name, spec),) = kwargs.items()
        return cls(name=name, dtype=type_from_json(spec), required=spec.get("required", True))


@dataclass(repr=False)
class Object(BaseType):
    """A dictionary with declared keys, kept in order of their names."""

    properties: list[Property]

    def __post_init__(self) -> None:
        given: Any = self.properties
        if not isinstance(given, list) or not all(isinstance(p, Property) for p in given):
            raise SchemaTypeError(f"Object properties are {given!r}. Pass a list of Property.")
        if not self.properties:
            raise SchemaError("An Object needs at least one property; use AnyType for free dictionaries.")
        names = [p.name for p in self.properties]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise SchemaError(f"Object properties {twice} are declared more than once. Give each name once.")
        self.properties = sorted(self.properties)

    def __repr__(self) -> str:
        return "{" + ", ".join(map(repr, self.properties)) + "}"

    def to_dict(self) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for prop in self.properties:
            members |= prop.to_dict()
        return {"type": OBJECT_TYPE, "properties": members}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> Object:
        """The object type of a JSON form."""
        members = _member(kwargs, OBJECT_TYPE, "properties")
        return cls([Property.from_json_dict(**{name: spec}) for name, spec in members.items()])


@dataclass(repr=False)
class Array(BaseType):
    """A list whose items have one type."""

    dtype: Any

    def __post_init__(self) -> None:
        self.dtype = parse_type(self.dtype, "dtype")

    def __repr__(self) -> str:
        return f"Array({self.dtype!r})"

    def to_dict(self) -> dict[str, Any]:
        return {"type": ARRAY_TYPE, "items": type_to_json(self.dtype)}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> Array:
        """The array type of a JSON form."""
        return cls(type_from_json(_member(kwargs, ARRAY_TYPE, "items")))


@dataclass(repr=False)
class SparkMLVector(Array):
    """The vector column of Spark ML: an array of doubles."""

    dtype: Any = DataType.double

    def __repr__(self) -> str:
        return "SparkML vector"

    def to_dict(self) -> dict[str, Any]:
        return {"type": SPARKML_VECTOR_TYPE}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> SparkMLVector:
        """The vector type of a JSON form."""
        if kwargs.get("type") != SPARKML_VECTOR_TYPE:
            raise SchemaError(f"Type is '{kwargs.get('type')}' where '{SPARKML_VECTOR_TYPE}' is expected.")
        return cls()


@dataclass(repr=False)
class Map(BaseType):
    """A dictionary of free string keys whose values have one type."""

    value_type: Any

    def __post_init__(self) -> None:
        self.value_type = parse_type(self.value_type, "value_type")

    def __repr__(self) -> str:
        return f"Map(str -> {self.value_type})"

    def to_dict(self) -> dict[str, Any]:
        return {"type": MAP_TYPE, "values": type_to_json(self.value_type)}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> Map:
        """The map type of a JSON form."""
        return cls(type_from_json(_member(kwargs, MAP_TYPE, "values")))


@dataclass(repr=False)
class AnyType(BaseType):
    """Any value, None included; nothing is checked."""

    def __repr__(self) -> str:
        return "Any"

    def to_dict(self) -> dict[str, Any]:
        return {"type": ANY_TYPE}
