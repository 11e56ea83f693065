"""From tensors to what a model is called with, and from what it returns to tensors."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mlflow.exceptions import BadRequest
from mlflow.models.json_values import NotConvertible, cast_frame, to_plain
from mlflow.models.serving_input import ServingInput
from mlflow.serving.answers import AnswerNotEncodable
from mlflow.serving.inference.messages import InferenceRequest
from mlflow.serving.inference.tensors import BYTES, Tensor, datatype_of
from mlflow.types import ColSpec, DataType, ParamSchema, Schema, TensorSpec

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["PREDICTIONS", "describe_schema", "to_model_input", "to_plain_values", "to_tensors"]

PREDICTIONS = "predictions"
"""The name of an output that has none."""

_TYPES = {
    DataType.boolean: "BOOL",
    DataType.integer: "INT32",
    DataType.long: "INT64",
    DataType.float: "FP32",
    DataType.double: "FP64",
}
_FRAME, _ARRAYS = {"pd"}, {"np"}


def to_model_input(request: InferenceRequest, inputs: Schema | None, params: ParamSchema | None) -> ServingInput:
    """What the model is called with.

    A table where the request's `content_type` is `pd` or the signature has columns; one array where there is one input;
    else arrays by name, or columns where all have one value a row.

    Raises:
        BadRequest: the tensors cannot be the columns of a table.
    """
    known = {param.name for param in params.params} if params is not None else set()
    given = {name: value for name, value in request.parameters.items() if name in known} or None
    kind = request.parameters.get("content_type")
    if kind in _FRAME or (kind not in _ARRAYS and inputs is not None and not inputs.is_tensor_spec()):
        return ServingInput(_frame(request.inputs, inputs), given)
    if len(request.inputs) == 1 and not (inputs is not None and inputs.has_input_names()):
        return ServingInput(_readable(request.inputs[0]), given)
    if inputs is None and kind is None and all(_is_column(tensor.values) for tensor in request.inputs):
        return ServingInput(_frame(request.inputs, None), given)
    return ServingInput({tensor.name: _readable(tensor) for tensor in request.inputs}, given)


def to_tensors(predictions: Any, outputs: Schema | None) -> list[Tensor]:
    """The outputs: a table's columns, a dictionary's values, or one that is called as the signature has it.

    Raises:
        AnswerNotEncodable: what the model returned is none of these.
    """
    kind = type(predictions).__name__
    if kind == "DataFrame":
        return [_tensor(str(name), predictions[name].to_numpy()) for name in predictions.columns]
    if isinstance(predictions, Mapping):
        return [_tensor(str(name), value) for name, value in predictions.items()]
    names = outputs.input_names() if outputs is not None and outputs.has_input_names() else []
    name = str(names[0]) if len(names) == 1 else PREDICTIONS
    if kind == "Series":
        return [_tensor(name, predictions.to_numpy())]
    return [_tensor(name, predictions.toarray() if hasattr(predictions, "toarray") else predictions)]


def to_plain_values(outputs: list[Tensor]) -> Any:
    """Outputs as an answer of MLflow's protocol has them.

    The values of the only one; a record for each row where all have as many; else the values of each by name.
    """
    values = {tensor.name: _readable(tensor).tolist() for tensor in outputs}
    if len(outputs) == 1:
        return next(iter(values.values()))
    rows = {tensor.values.shape[0] if tensor.values.ndim else -1 for tensor in outputs}
    if len(rows) != 1 or rows == {-1}:
        return values
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


def describe_schema(schema: Schema | None) -> list[dict[str, Any]]:
    """The inputs or outputs of a signature, as metadata of a model has them."""
    return [_described(spec) for spec in schema] if schema is not None else []


def _described(spec: ColSpec | TensorSpec) -> dict[str, Any]:
    name = PREDICTIONS if spec.name is None else str(spec.name)
    if isinstance(spec, TensorSpec):
        return {"name": name, "datatype": datatype_of(spec.type) or BYTES, "shape": [int(size) for size in spec.shape]}
    datatype = _TYPES.get(spec.type, BYTES) if isinstance(spec.type, DataType) else BYTES
    return {"name": name, "datatype": datatype, "shape": [-1, 1]}


def _frame(tensors: list[Tensor], schema: Schema | None) -> pd.DataFrame:
    import pandas as pd

    names = schema.input_names() if schema is not None else []
    first = tensors[0]
    if len(tensors) == 1 and first.values.ndim == 2 and first.name not in names and first.values.shape[1] == len(names):
        frame = pd.DataFrame(_readable(first), columns=names)  # rows without names of columns, as in KServe's examples
    else:
        rows = {tensor.values.shape[0] if tensor.values.ndim else 1 for tensor in tensors}
        if len(rows) > 1:
            shapes = ", ".join(f"'{tensor.name}' {list(tensor.values.shape)}" for tensor in tensors)
            raise BadRequest(f"The inputs are columns of one table, but have different numbers of rows: {shapes}.")
        frame = pd.DataFrame({tensor.name: _column(tensor, schema) for tensor in tensors})
    try:
        found: pd.DataFrame = cast_frame(frame, schema)
    except NotConvertible as exc:
        raise BadRequest(f"Invalid input. {exc.message}") from exc
    return found


def _column(tensor: Tensor, schema: Schema | None) -> Any:
    spec = schema.input_dict().get(tensor.name) if schema is not None and schema.has_input_names() else None
    values = tensor.values if tensor.values.ndim else tensor.values.reshape(1)
    if getattr(spec, "type", None) == DataType.binary and tensor.parameters.get("content_type") != "base64":
        values = np.vectorize(_base64, otypes=[object])(values)
    else:
        values = _readable(Tensor(tensor.name, values, tensor.parameters))
    return values.reshape(-1) if _is_column(values) else list(values)


def _base64(value: Any) -> Any:
    """Bytes as the text that stands for them in JSON; texts stand for themselves already."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _is_column(values: NDArray[Any]) -> bool:
    return values.ndim == 1 or (values.ndim == 2 and values.shape[1] == 1)


def _readable(tensor: Tensor) -> NDArray[Any]:
    """The values; bytes that are texts as texts."""
    if tensor.values.dtype.kind != "O":
        return tensor.values
    try:
        texts = [value.decode() if isinstance(value, bytes) else value for value in tensor.values.flat]
    except UnicodeDecodeError:
        return tensor.values
    found = np.empty(len(texts), dtype=object)
    found[:] = texts
    return found.reshape(tensor.values.shape)


def _tensor(name: str, value: Any) -> Tensor:
    try:
        values = np.asarray(value)
    except ValueError:  # rows of different lengths
        values = np.empty(len(value), dtype=object)
        values[:] = list(value)
    if values.dtype.kind == "M":
        values = np.datetime_as_string(values)
    if values.dtype.kind in "SU":
        values = values.astype(object)
    if values.dtype.kind == "O":
        return _objects(name, values)
    if datatype_of(values.dtype) is None:
        raise AnswerNotEncodable(
            f"The model returned the type '{values.dtype}' as '{name}', which the protocol lacks. Have it return "
            "numbers, booleans or texts."
        )
    return Tensor(name, values)


def _objects(name: str, values: NDArray[Any]) -> Tensor:
    """Texts and bytes as they are; numbers as what they are together; anything else as its JSON."""
    elements = list(values.flat)
    if all(isinstance(element, (str, bytes)) for element in elements):
        return Tensor(name, values)
    if all(isinstance(element, (int, float, np.number, type(None))) for element in elements):
        return Tensor(name, values.astype(float))
    texts = np.empty(len(elements), dtype=object)
    texts[:] = [json.dumps(element, default=to_plain) for element in elements]
    return Tensor(name, texts.reshape(values.shape), {"content_type": "json"})
