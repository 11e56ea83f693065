"""Parameters of inference: their types, defaults and shapes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from mlflow.types.data_type import DataType
from mlflow.types.exceptions import SchemaError, SchemaTypeError
from mlflow.types.nested import AnyType, Array, Map, Object, type_from_json, type_to_json

__all__ = ["ParamSchema", "ParamSpec"]

_INTEGERS = {"int", "int8", "int16", "int32", "uint8", "uint16"}
_SINGLES = {*_INTEGERS, "int64", "float", "float16", "float32"}
# type -> the Python and numpy scalars that become it without loss that matters to a model
_SAFE = {
    DataType.boolean: {"bool", "bool_"},
    DataType.integer: _INTEGERS,
    DataType.long: {*_INTEGERS, "int64", "uint32"},
    DataType.float: _SINGLES,
    DataType.double: {*_SINGLES, "float64"},
    DataType.string: {"str", "str_"},
}


class ParamSpec:
    """One parameter.

    Args:
        name: the parameter's name.
        dtype: a `DataType` (not binary), an `Object`, or the name of a `DataType`.
        default: the value used when a caller gives none; it fits `dtype` and `shape`, or is None for a scalar.
        shape: None for a scalar or an object, `(-1,)` for a list.

    Raises:
        SchemaError: the default or the shape does not fit.
    """

    def __init__(
        self, name: str, dtype: DataType | Object | str, default: Any, shape: tuple[int, ...] | None = None
    ) -> None:
        self._name = str(name)
        self._shape = tuple(shape) if shape is not None else None
        self._dtype = self._parse(dtype)
        self._default = self.validate_type_and_shape(f"parameter '{self._name}'", default, self._dtype, self._shape)

    def _parse(self, dtype: object) -> DataType | Object:
        if isinstance(dtype, str):
            dtype = DataType.of(dtype)
        if not isinstance(dtype, (DataType, Object)):
            raise SchemaTypeError(
                f"Type of parameter '{self._name}' is {dtype!r}. Pass a DataType, an Object or the name of a DataType."
            )
        if dtype is DataType.binary:
            raise SchemaError(
                f"Type of parameter '{self._name}' is 'binary', which parameters cannot have. Use string."
            )
        return dtype

    @property
    def name(self) -> str:
        """The parameter's name."""
        return self._name

    @property
    def dtype(self) -> DataType | Object:
        """The type of the value, or of each item of a list."""
        return self._dtype

    @property
    def default(self) -> Any:
        """The value used when a caller gives none."""
        return self._default

    @property
    def shape(self) -> tuple[int, ...] | None:
        """None for a scalar or an object, `(-1,)` for a list."""
        return self._shape

    @classmethod
    def validate_param_spec(cls, value: Any, param_spec: ParamSpec) -> Any:
        """The value as the parameter's Python type.

        Raises:
            SchemaError: it cannot be converted safely.
        """
        spec = f"parameter '{param_spec.name}'"
        return cls.validate_type_and_shape(spec, value, param_spec.dtype, param_spec.shape)

    @classmethod
    def validate_type_and_shape(
        cls, spec: str, value: Any, value_type: DataType | Object, shape: tuple[int, ...] | None
    ) -> Any:
        """The value converted to `value_type`, item by item where `shape` is `(-1,)`; `spec` names it in errors.

        Raises:
            SchemaError: the shape is neither of the two, or the value does not fit.
        """
        if shape not in ({None} if isinstance(value_type, Object) else {None, (-1,)}):
            raise SchemaError(f"Shape of {spec} is {shape}. Use None for a scalar or an object, (-1,) for a list.")
        if shape is None:
            return _convert(spec, value, value_type)
        if getattr(value, "ndim", None) == 1:
            value = value.tolist()
        if not isinstance(value, list):
            raise SchemaError(f"Value of {spec} is '{value}', which is not a list. Pass a list or a 1-d array.")
        return [_convert(spec, item, value_type) for item in value]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; dates are ISO texts, an object adds `properties`."""
        default = self._default
        plain = [_plain(item) for item in default] if isinstance(default, list) else _plain(default)
        return {"name": self._name, "default": plain, "shape": self._shape, **type_to_json(self._dtype)}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> ParamSpec:
        """The parameter of a JSON form; the type may be called `dtype`."""
        if "dtype" in kwargs:
            kwargs.setdefault("type", kwargs["dtype"])
        if not {"name", "type", "default"} <= kwargs.keys():
            raise SchemaError(
                f"Parameter description has the keys {sorted(kwargs)}. Give 'name', 'type' and 'default'."
            )
        dtype: Any = type_from_json(kwargs)
        return cls(kwargs["name"], dtype, kwargs["default"], kwargs.get("shape"))

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == other.to_dict() if isinstance(other, ParamSpec) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # defaults may be lists

    def __repr__(self) -> str:
        shape = "" if self._shape is None else f" (shape: {self._shape})"
        return f"{self._name!r}: {self._dtype!r} (default: {self._default}){shape}"


class ParamSchema:
    """The parameters that a model takes beside its data; no name appears twice."""

    def __init__(self, params: list[ParamSpec]) -> None:
        if not all(isinstance(param, ParamSpec) for param in params):
            raise SchemaTypeError(f"Parameters are {params!r}. Pass a list of ParamSpec.")
        names = [param.name for param in params]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise SchemaError(f"Parameters {twice} are declared more than once. Give each name once.")
        self._params = list(params)

    @property
    def params(self) -> list[ParamSpec]:
        """The parameters, in order."""
        return self._params

    def to_dict(self) -> list[dict[str, Any]]:
        """The JSON form of each parameter."""
        return [param.to_dict() for param in self._params]

    def to_json(self) -> str:
        """The JSON text that signatures store."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, json_str: str) -> ParamSchema:
        """The parameters of a JSON text.

        Raises:
            SchemaError: the text is no JSON list of parameters.
        """
        try:
            specs = json.loads(json_str)
        except ValueError as exc:
            raise SchemaError(f"Parameters '{json_str}' are not JSON: {exc}.") from exc
        if not isinstance(specs, list) or not all(isinstance(spec, dict) for spec in specs):
            raise SchemaError(f"Parameters '{json_str}' are not a JSON list of objects.")
        return cls([ParamSpec.from_json_dict(**spec) for spec in specs])

    def __len__(self) -> int:
        return len(self._params)

    def __iter__(self) -> Iterator[ParamSpec]:
        return iter(self._params)

    def __eq__(self, other: object) -> bool:
        return self._params == other._params if isinstance(other, ParamSchema) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # as its parameters

    def __repr__(self) -> str:
        return repr(self._params)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _convert(spec: str, value: Any, dtype: DataType | Object) -> Any:
    if isinstance(dtype, Object):
        _check_member(spec, value, dtype)
        return value
    if value is None:
        return None
    if dtype is DataType.datetime:
        return _date(spec, value)
    if type(value).__name__ not in _SAFE[dtype]:
        raise SchemaError(f"Value of {spec} is '{value}' ({type(value).__name__}). Pass a {dtype!r}.")
    return dtype.to_python()(value)


def _date(spec: str, value: Any) -> dt.date:
    if getattr(getattr(value, "dtype", None), "kind", "") == "M":
        unit = "D" if str(value.dtype) == "datetime64[D]" else "us"
        value = value.astype(f"datetime64[{unit}]").item()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value) if len(value) == 10 else dt.datetime.fromisoformat(value)
    except (TypeError, ValueError) as exc:
        raise SchemaError(f"Value of {spec} is '{value}'. Pass a date, a datetime or an ISO 8601 text.") from exc


def _check_member(spec: str, value: Any, dtype: Any) -> None:
    if isinstance(dtype, AnyType):
        return
    if isinstance(dtype, DataType):
        fits = DataType.check_type(dtype, value)
    else:
        fits = isinstance(value, list if isinstance(dtype, Array) else dict)
    if not fits:
        raise SchemaError(f"Value of {spec} holds '{value}' ({type(value).__name__}) where {dtype!r} is expected.")
    if isinstance(dtype, Object):
        _check_object(spec, value, dtype)
    elif isinstance(dtype, (Array, Map)):
        members, member_type = (value.values(), dtype.value_type) if isinstance(dtype, Map) else (value, dtype.dtype)
        for member in members:
            _check_member(spec, member, member_type)


def _check_object(spec: str, value: dict[str, Any], dtype: Object) -> None:
    declared = {prop.name: prop for prop in dtype.properties}
    if missing := sorted(name for name, prop in declared.items() if prop.required and name not in value):
        raise SchemaError(f"Value of {spec} lacks the required keys {missing}. Add them.")
    if unknown := sorted(str(name) for name in value.keys() - declared.keys()):
        raise SchemaError(f"Value of {spec} has the undeclared keys {unknown}. Remove them or declare them.")
    for name, member in value.items():
        if member is not None or declared[name].required:
            _check_member(spec, member, declared[name].dtype)
