"""Requests and answers of the open inference protocol as bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from mlflow.exceptions import BadRequest
from mlflow.serving.inference.tensors import Tensor, datatype_of, pack, read_binary, read_json
from mlflow.serving.requests import UNREADABLE

__all__ = [
    "HEADER_LENGTH",
    "InferenceRequest",
    "WantedOutput",
    "json_length",
    "read_answer",
    "read_inference",
    "write_inference",
]

HEADER_LENGTH = b"inference-header-content-length"
"""The HTTP header that says how many bytes are JSON, where bytes of tensors follow."""

_BINARY, _SIZE = "binary_data", "binary_data_size"
_HEAD = json.JSONDecoder()


class WantedOutput(msgspec.Struct, frozen=True):
    """An output that the caller names."""

    name: str
    parameters: dict[str, Any] = {}


class _Input(msgspec.Struct, frozen=True):
    name: str
    shape: list[int]
    datatype: str
    parameters: dict[str, Any] = {}
    data: Any = msgspec.UNSET


class _Body(msgspec.Struct, frozen=True):
    inputs: list[_Input]
    id: str = ""
    parameters: dict[str, Any] = {}
    outputs: list[WantedOutput] | None = None


class InferenceRequest(msgspec.Struct, frozen=True, eq=False):
    """A request, read.

    Attributes:
        inputs: at least one.
        id: the caller's, given back.
        parameters: of the request.
        outputs: those that are wanted; None for all.
    """

    inputs: list[Tensor]
    id: str = ""
    parameters: dict[str, Any] = {}
    outputs: list[WantedOutput] | None = None

    def wants_bytes(self, output: str) -> bool:
        """Whether an output is wanted as bytes."""
        named = next((wanted for wanted in self.outputs or () if wanted.name == output), None)
        everywhere = bool(self.parameters.get("binary_data_output", False))
        return bool(named.parameters.get(_BINARY, everywhere)) if named is not None else everywhere


def read_inference(body: bytes, header_length: bytes | None) -> InferenceRequest:
    """Read a request.

    Args:
        body: JSON, and the bytes of tensors behind it.
        header_length: the value of the header HEADER_LENGTH; None for JSON alone.

    Raises:
        BadRequest: it is no request, or a tensor does not fit its type or shape.
    """
    end = _length(header_length, len(body))
    found, position = _decode(body[:end]), end
    inputs = []
    for given in found.inputs:
        size = given.parameters.get(_SIZE)
        if size is None:
            if given.data is msgspec.UNSET:
                raise BadRequest(f"Input '{given.name}' has no 'data'.")
            values = read_json(given.name, given.datatype, given.shape, given.data)
        else:
            if not isinstance(size, int) or size < 0 or position + size > len(body):
                raise BadRequest(f"Input '{given.name}' has {_SIZE} '{size}', but the body ends before that.")
            values = read_binary(given.name, given.datatype, given.shape, body[position : position + size])
            position += size
        inputs.append(Tensor(given.name, values, given.parameters))
    if position != len(body):
        raise BadRequest(f"{len(body) - position} bytes behind the JSON belong to no input; say so by '{_SIZE}'.")
    if not inputs:
        raise BadRequest("The request has no inputs. Give at least one.")
    return InferenceRequest(inputs, found.id, found.parameters, found.outputs)


def write_inference(request: InferenceRequest, outputs: Sequence[Tensor], model_name: str, model_version: str) -> bytes:
    """The body of an answer: JSON in ASCII, and the bytes of tensors that are wanted so behind it.

    Raises:
        BadRequest: the caller wants an output that there is not.
    """
    heads, tails = [], []
    for tensor in _wanted(request, outputs):
        values = tensor.values
        head: dict[str, Any] = {"name": tensor.name, "shape": list(values.shape), "datatype": datatype_of(values.dtype)}
        parameters = dict(tensor.parameters)
        if request.wants_bytes(tensor.name):
            tails.append(pack(values))
            parameters[_SIZE] = len(tails[-1])
        else:
            head["data"] = values.ravel().tolist()
        heads.append(head | ({"parameters": parameters} if parameters else {}))
    answer: dict[str, Any] = {"model_name": model_name, "model_version": model_version, "outputs": heads}
    if request.id:
        answer["id"] = request.id
    return b"".join([json.dumps(answer, default=_text).encode(), *tails])


def json_length(answer: bytes) -> int | None:
    """How many bytes of an answer are JSON; None where all are."""
    if _SIZE.encode() not in answer:
        return None
    _, length = _HEAD.raw_decode(answer.decode("latin-1"))
    return length if length < len(answer) else None


def read_answer(answer: bytes) -> list[Tensor]:
    """The outputs in what `write_inference` returned."""
    content, position = _HEAD.raw_decode(answer.decode("latin-1"))
    outputs = []
    for head in content["outputs"]:
        named, parameters = (head["name"], head["datatype"], head["shape"]), head.get("parameters", {})
        size = parameters.get(_SIZE)
        if size is None:
            values = read_json(*named, head["data"])
        else:
            values = read_binary(*named, answer[position : position + size])
            position += size
        outputs.append(Tensor(head["name"], values, parameters))
    return outputs


def _wanted(request: InferenceRequest, outputs: Sequence[Tensor]) -> list[Tensor]:
    if request.outputs is None:
        return list(outputs)
    named = {tensor.name: tensor for tensor in outputs}
    for wanted in request.outputs:
        if wanted.name not in named:
            raise BadRequest(f"The model has no output '{wanted.name}'; it has {', '.join(named)}.")
    return [named[wanted.name] for wanted in request.outputs]


def _length(header: bytes | None, size: int) -> int:
    if header is None:
        return size
    text = header.decode("latin-1")
    if not text.isascii() or not text.isdigit() or len(text) > 18 or int(text) > size:
        raise BadRequest(f"{HEADER_LENGTH.decode()} is '{text[:100]}', but the body has {size} bytes.")
    return int(text)


def _decode(text: bytes) -> _Body:
    try:
        return msgspec.json.decode(text, type=_Body)
    except msgspec.ValidationError as exc:
        raise BadRequest(f"The body is no inference request: {exc}.") from exc
    except UNREADABLE:
        pass
    try:  # Python's writers give NaN and the infinities as bare words
        return msgspec.convert(json.loads(text), type=_Body)
    except (ValueError, RecursionError) as exc:
        raise BadRequest(f"The body is no inference request in JSON: {exc}.") from exc


def _text(value: Any) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
