"""The schema of a data set: columns, or tensors; the public home of all its parts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mlflow.types.column import ColSpec
from mlflow.types.data_type import DataType
from mlflow.types.dataclass_schema import convert_dataclass_to_object
from mlflow.types.exceptions import SchemaError, SchemaTypeError
from mlflow.types.nested import (
    ANY_TYPE,
    ARRAY_TYPE,
    EXPECTED_TYPE_MESSAGE,
    MAP_TYPE,
    OBJECT_TYPE,
    SPARKML_VECTOR_TYPE,
    AnyType,
    Array,
    BaseType,
    Map,
    Object,
    Property,
    SparkMLVector,
)
from mlflow.types.parameter import ParamSchema, ParamSpec
from mlflow.types.tensor import TensorInfo, TensorSpec

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
    "ColSpec",
    "DataType",
    "Map",
    "Object",
    "ParamSchema",
    "ParamSpec",
    "Property",
    "Schema",
    "SparkMLVector",
    "TensorInfo",
    "TensorSpec",
    "convert_dataclass_to_schema",
]


class Schema:
    """The inputs, or the outputs, of a model or data set.

    Args:
        inputs: columns or tensors, not both; all named or all unnamed; unnamed columns are required, and at most
            one tensor has no name. Two columns may share a name.

    Raises:
        SchemaError: a rule above is broken, or `inputs` is empty.
    """

    def __init__(self, inputs: list[ColSpec] | list[TensorSpec] | list[ColSpec | TensorSpec]) -> None:
        given: Any = inputs
        if not isinstance(given, list) or not all(isinstance(spec, (ColSpec, TensorSpec)) for spec in given):
            raise SchemaTypeError(f"Schema inputs are {given!r}. Pass a list of ColSpec or of TensorSpec.")
        self._inputs: list[ColSpec | TensorSpec] = list(inputs)
        self._check()

    def _check(self) -> None:
        if not self._inputs:
            raise SchemaError("Schema inputs are empty. Declare at least one column or tensor.")
        names = [spec.name for spec in self._inputs]
        unnamed = names.count(None)
        if 0 < unnamed < len(names):
            raise SchemaError(f"Schema inputs are partly named: {names}. Name all of them or none.")
        if len({isinstance(spec, TensorSpec) for spec in self._inputs}) == 2:
            raise SchemaError(f"Schema inputs {self._inputs} mix columns and tensors. Use one kind.")
        if unnamed > 1 and self.is_tensor_spec():
            raise SchemaError(f"Schema has {unnamed} tensors without a name. Name each of them.")
        if unnamed and not all(spec.required for spec in self._inputs):
            raise SchemaError("Schema has optional columns without a name. Name all columns or make them required.")

    @property
    def inputs(self) -> list[ColSpec | TensorSpec]:
        """The columns or tensors, in order."""
        return self._inputs

    def is_tensor_spec(self) -> bool:
        """Whether this schema is one of tensors."""
        return isinstance(self._inputs[0], TensorSpec)

    def has_input_names(self) -> bool:
        """Whether the inputs have names."""
        return self._inputs[0].name is not None

    def input_names(self) -> list[str | int]:
        """The names in order; positions where there are no names."""
        return [position if spec.name is None else spec.name for position, spec in enumerate(self._inputs)]

    def required_input_names(self) -> list[str | int]:
        """The names, or positions, of the inputs that must be there."""
        return [name for name, spec in zip(self.input_names(), self._inputs, strict=True) if spec.required]

    def optional_input_names(self) -> list[str | int]:
        """The names of the inputs that may be absent."""
        return [name for name, spec in zip(self.input_names(), self._inputs, strict=True) if not spec.required]

    def input_types(self) -> list[Any]:
        """The type of each input: a `DataType` or nested type, or the `numpy.dtype` of a tensor."""
        return [spec.type for spec in self._inputs]

    def input_types_dict(self) -> dict[str, Any]:
        """The types by name."""
        return {name: spec.type for name, spec in self.input_dict().items()}

    def input_dict(self) -> dict[str, ColSpec | TensorSpec]:
        """The inputs by name.

        Raises:
            SchemaError: the inputs have no names.
        """
        if not self.has_input_names():
            raise SchemaError("Schema inputs have no names. Use input_types() instead.")
        return {str(spec.name): spec for spec in self._inputs}

    def numpy_types(self) -> list[Any]:
        """The `numpy.dtype` of each input; columns must be scalar."""
        return self.input_types() if self.is_tensor_spec() else [t.to_numpy() for t in self._scalar_types()]

    def pandas_types(self) -> list[Any]:
        """The dtype of each column of a DataFrame; all must be scalar."""
        return [t.to_pandas() for t in self._scalar_types()]

    def _scalar_types(self) -> list[DataType]:
        types = self.input_types()
        if not all(isinstance(t, DataType) for t in types):
            raise SchemaError(f"Schema {self} has inputs that are not scalar columns, so they have no such types.")
        return types

    def as_spark_schema(self) -> Any:
        """The PySpark `StructType` of these columns; a single unnamed column gives its type alone."""
        from mlflow.types.spark import struct_type

        return struct_type(self)

    def to_dict(self) -> list[dict[str, Any]]:
        """The JSON form of each input."""
        return [spec.to_dict() for spec in self._inputs]

    def to_json(self) -> str:
        """The JSON text that signatures store."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, json_str: str) -> Schema:
        """The schema of a JSON text.

        Raises:
            SchemaError: the text is no JSON list of columns or of tensors.
        """
        try:
            specs = json.loads(json_str)
        except ValueError as exc:
            raise SchemaError(f"Schema '{json_str}' is not JSON: {exc}.") from exc
        if not isinstance(specs, list) or not all(isinstance(spec, dict) for spec in specs):
            raise SchemaError(f"Schema '{json_str}' is not a JSON list of objects.")
        return cls([(TensorSpec if s.get("type") == "tensor" else ColSpec).from_json_dict(**s) for s in specs])

    def __len__(self) -> int:
        return len(self._inputs)

    def __iter__(self) -> Iterator[ColSpec | TensorSpec]:
        return iter(self._inputs)

    def __eq__(self, other: object) -> bool:
        return self._inputs == other._inputs if isinstance(other, Schema) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # schemas are mutable through their columns

    def __repr__(self) -> str:
        return repr(self._inputs)


def convert_dataclass_to_schema(dataclass: Any) -> Schema:
    """The schema whose columns are the fields of a dataclass.

    Fields may be int, str, bool, float, bytes, another dataclass, a list of those, or Optional of one; an Optional
    field makes its column optional.
    """
    members = convert_dataclass_to_object(dataclass).properties
    order = list(dataclass.__dataclass_fields__)
    members = sorted(members, key=lambda member: order.index(member.name))
    return Schema([ColSpec(member.dtype, member.name, member.required) for member in members])
