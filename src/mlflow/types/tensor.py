"""A tensor: element type, shape and name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlflow.types.exceptions import SchemaError, SchemaTypeError

__all__ = ["TensorInfo", "TensorSpec", "clean_tensor_type"]

_FLEXIBLE = {"U": "str", "S": "bytes"}


def clean_tensor_type(dtype: Any) -> Any:
    """The `numpy.dtype` without the length that text and bytes types carry."""
    import numpy as np

    if not isinstance(dtype, np.dtype):
        raise SchemaTypeError(f"Tensor type is {dtype!r}. Pass a numpy.dtype, for example numpy.dtype('float32').")
    return np.dtype(_FLEXIBLE.get(dtype.kind, dtype))


class TensorInfo:
    """Element type and shape of a tensor; -1 is a free dimension."""

    def __init__(self, dtype: Any, shape: tuple[Any, ...] | list[Any]) -> None:
        if clean_tensor_type(dtype) != dtype:
            name = _FLEXIBLE[dtype.kind]
            raise SchemaError(f"Tensor type is '{dtype}', with a length. Use numpy.dtype('{name}').")
        if not isinstance(shape, (tuple, list)):
            raise SchemaTypeError(f"Tensor shape is {shape!r}. Pass a tuple or list, with -1 for a free dimension.")
        self._dtype = dtype
        self._shape = tuple(shape)

    @property
    def dtype(self) -> Any:
        """The `numpy.dtype` of the elements."""
        return self._dtype

    @property
    def shape(self) -> tuple[Any, ...]:
        """The length of each dimension, -1 where it is free."""
        return self._shape

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TensorInfo):
            return NotImplemented
        return bool(self._dtype == other._dtype) and self._shape == other._shape

    __hash__ = None  # type: ignore[assignment] # as all parts of a schema

    def __repr__(self) -> str:
        return f"Tensor({self._name!r}, {self._shape!r})"

    @property
    def _name(self) -> str:
        return str(_FLEXIBLE.get(self._dtype.kind, self._dtype.name))

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: `dtype` (numpy's name, without byte order) and `shape`."""
        return {"dtype": self._name, "shape": self._shape}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> TensorInfo:
        """The tensor of a JSON form."""
        import numpy as np

        if not {"dtype", "shape"} <= kwargs.keys():
            raise SchemaError(f"Tensor description has the keys {sorted(kwargs)}. Give 'dtype' and 'shape'.")
        try:
            dtype = np.dtype(kwargs["dtype"])
        except TypeError as exc:
            raise SchemaTypeError(f"Tensor type '{kwargs['dtype']}' is unknown. Use the name of a numpy type.") from exc
        return cls(dtype, tuple(kwargs["shape"]))


class TensorSpec:
    """One tensor of a schema; it is always required.

    Args:
        type: the `numpy.dtype` of the elements.
        shape: the length of each dimension, -1 where it is free.
        name: needed where a schema has several tensors.
    """

    def __init__(self, type: Any, shape: tuple[int, ...] | list[int], name: str | None = None) -> None:
        self._name = name
        self._info = TensorInfo(type, shape)

    @property
    def type(self) -> Any:
        """The `numpy.dtype` of the elements."""
        return self._info.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each dimension, -1 where it is free."""
        return self._info.shape

    @property
    def name(self) -> str | None:
        """The tensor's name, if it has one."""
        return self._name

    @property
    def required(self) -> bool:
        """Always true."""
        return True

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TensorSpec):
            return NotImplemented
        return self._name == other._name and self._info == other._info

    __hash__ = None  # type: ignore[assignment] # as all parts of a schema

    def __repr__(self) -> str:
        return repr(self._info) if self._name is None else f"{self._name!r}: {self._info!r}"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: `name` when there is one, `type` "tensor", and `tensor-spec`."""
        named = {} if self._name is None else {"name": self._name}
        return {**named, "type": "tensor", "tensor-spec": self._info.to_dict()}

    @classmethod
    def from_json_dict(cls, **kwargs: Any) -> TensorSpec:
        """The tensor of a JSON form."""
        if kwargs.get("type") != "tensor":
            raise SchemaError(f"Type is '{kwargs.get('type')}' where 'tensor' is expected.")
        spec = kwargs.get("tensor-spec")
        if not isinstance(spec, Mapping):
            raise SchemaError(
                f"Tensor description '{kwargs}' has no object 'tensor-spec'. Give 'dtype' and 'shape' there."
            )
        info = TensorInfo.from_json_dict(**spec)
        return cls(info.dtype, info.shape, kwargs.get("name"))
