"""Tensors as the open inference protocol writes them: in JSON, or as bytes behind it.

https://github.com/kserve/open-inference-protocol has the data types; the binary form is that of its extension
`binary_tensor_data`: little-endian values in row order, each text or bytes behind its length in 4 bytes.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Iterator, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from mlflow.exceptions import BadRequest

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BYTES", "DATATYPES", "Tensor", "datatype_of", "pack", "read_binary", "read_json"]

BYTES = "BYTES"
DATATYPES = {
    "BOOL": np.dtype("?"),
    **{
        f"{sign}INT{8 * size}": np.dtype(f"<{letter}{size}")
        for sign, letter in (("", "i"), ("U", "u"))
        for size in (1, 2, 4, 8)
    },
    **{f"FP{8 * size}": np.dtype(f"<f{size}") for size in (2, 4, 8)},
    BYTES: np.dtype("O"),
}
"""The protocol's types, and numpy's."""

_NAMES = {dtype.newbyteorder("="): name for name, dtype in DATATYPES.items() if name != BYTES}
_LENGTH = struct.Struct("<I")
_LARGEST = sys.float_info.max


class Tensor(msgspec.Struct, frozen=True, eq=False):
    """A tensor with its name.

    Attributes:
        name: of the input or output.
        values: the elements; texts or bytes where its type is BYTES.
        parameters: what else is said of it.
    """

    name: str
    values: NDArray[Any]
    parameters: dict[str, Any] = {}


def datatype_of(dtype: np.dtype[Any]) -> str | None:
    """The protocol's name of a type; None for one that it lacks."""
    return BYTES if dtype.kind in "OSUM" else _NAMES.get(dtype.newbyteorder("="))


def read_json(name: str, datatype: str, shape: Sequence[int], data: Any) -> NDArray[Any]:
    """A tensor whose elements are a list, nested as its shape or flat.

    Raises:
        BadRequest: an element is not of the type, or there are more or fewer than the shape has.
    """
    dtype, elements = _known(name, datatype), list(_flat(data))
    _check_count(name, shape, len(elements))
    if datatype == BYTES:
        wrong = next((element for element in elements if not isinstance(element, (str, type(None)))), None)
        found = np.empty(len(elements), dtype=object)
        found[:] = elements
    else:
        wrong = _misfit(elements, dtype)
        if wrong is None:
            found, wrong = _numbers(elements, dtype)
    if wrong is not None:
        raise BadRequest(f"Input '{name}' has the element '{str(wrong)[:100]}', which is no {datatype}.")
    return _shaped(name, found, shape)


def read_binary(name: str, datatype: str, shape: Sequence[int], content: bytes) -> NDArray[Any]:
    """A tensor from its bytes; texts stay bytes.

    Raises:
        BadRequest: there are more or fewer than the shape has.
    """
    dtype = _known(name, datatype)
    if datatype == BYTES:
        parts = list(_parts(name, content))
        _check_count(name, shape, len(parts))
        found = np.empty(len(parts), dtype=object)
        found[:] = parts
        return _shaped(name, found, shape)
    if len(content) != prod(shape) * dtype.itemsize:
        raise BadRequest(
            f"Input '{name}' has {len(content)} bytes, but {datatype} in shape {list(shape)} takes "
            f"{prod(shape) * dtype.itemsize}."
        )
    return _shaped(name, np.frombuffer(content, dtype=dtype), shape)


def pack(values: NDArray[Any]) -> bytes:
    """The bytes of a tensor, texts in UTF-8."""
    if values.dtype.kind != "O":
        return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).tobytes()
    raw = [value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass") for value in values.flat]
    return b"".join(_LENGTH.pack(len(value)) + value for value in raw)


def _known(name: str, datatype: str) -> np.dtype[Any]:
    found = DATATYPES.get(datatype)
    if found is None:
        raise BadRequest(f"Input '{name}' is of the type '{datatype}'. Choose one of {', '.join(DATATYPES)}.")
    return found


def _flat(data: Any) -> Iterator[Any]:
    if not isinstance(data, list):
        yield data
        return
    for element in data:
        if isinstance(element, list):
            yield from _flat(element)
        else:
            yield element


def _misfit(elements: list[Any], dtype: np.dtype[Any]) -> Any:
    """The first element that a type does not have; None if there is none. JSON's null is NaN where there is one."""
    if dtype.kind == "b":
        return next((element for element in elements if not isinstance(element, bool)), None)
    if dtype.kind == "f":
        fits = (int, float, type(None))
        return next(
            (element for element in elements if isinstance(element, bool) or not isinstance(element, fits)), None
        )
    limits = np.iinfo(dtype)
    for element in elements:
        if isinstance(element, bool) or not isinstance(element, int) or not limits.min <= element <= limits.max:
            return "null" if element is None else element
    return None


def _numbers(elements: list[Any], dtype: np.dtype[Any]) -> tuple[NDArray[Any], Any]:
    """The elements as an array, and the first one that is beyond the type's range; None if there is none."""
    try:
        with np.errstate(over="ignore"):
            found = np.asarray(elements, dtype=dtype)
    except OverflowError:
        return np.empty(0), next(element for element in elements if element is not None and abs(element) > _LARGEST)
    if dtype.kind != "f" or not np.isinf(found).any():
        return found, None
    pairs = zip(elements, found.tolist(), strict=True)
    return found, next((element for element, made in pairs if math.isinf(made) and not math.isinf(element)), None)


def _check_count(name: str, shape: Sequence[int], count: int) -> None:
    if any(size < 0 for size in shape) or prod(shape) != count:
        raise BadRequest(f"Input '{name}' has {count} elements, which do not make the shape {list(shape)}.")


def _shaped(name: str, values: NDArray[Any], shape: Sequence[int]) -> NDArray[Any]:
    try:
        return values.reshape(shape)
    except (ValueError, OverflowError) as exc:
        raise BadRequest(f"Input '{name}' has a shape that arrays cannot have: {exc}. Give fewer dimensions.") from exc


def _parts(name: str, content: bytes) -> Iterator[bytes]:
    position = 0
    while position < len(content):
        if position + _LENGTH.size > len(content):
            break
        (length,) = _LENGTH.unpack_from(content, position)
        begin = position + _LENGTH.size
        position = begin + length
        if position > len(content):
            break
        yield content[begin:position]
    if position != len(content):
        raise BadRequest(f"The bytes of input '{name}' end within an element.")
