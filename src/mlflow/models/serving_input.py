"""The JSON body that a scoring server takes: written for an example, and read into what a model is called with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from mlflow.exceptions import BadRequest, ResourceDoesNotExist
from mlflow.models.json_values import NotConvertible, cast_frame, dump_json
from mlflow.types import ColSpec, DataType, Schema

__all__ = ["CHAT_KEYS", "FORMATS", "ServingInput", "parse_serving_input", "read_serving_input", "to_serving_input"]

FORMATS = ("dataframe_split", "dataframe_records", "instances", "inputs")
"""The keys of which a body has exactly one."""

CHAT_KEYS = frozenset({"messages", "prompt", "input"})
"""Keys of chat and completion requests; a body with one of them is passed to the model as it is."""


class ServingInput(msgspec.Struct, frozen=True):
    """A body, read.

    Args:
        data: a DataFrame, array, dictionary of arrays, or value; not yet checked against the signature.
        params: the parameters in the body; None when there are none.
        is_chat: whether the body was passed on as it is, so that the answer is too.
    """

    data: Any
    params: dict[str, Any] | None = None
    is_chat: bool = False


def to_serving_input(data: Any, content: Any, params: Mapping[str, Any] | None) -> str:
    """The body for an example.

    Args:
        data: the example.
        content: its form in `input_example.json`.
        params: its parameters; None when there are none.
    """
    if isinstance(data, dict) and CHAT_KEYS & data.keys():
        return dump_json({**data, **(params or {})}, indent=2)
    if isinstance(content, dict) and "data" in content and hasattr(data, "iloc"):
        body: dict[str, Any] = {"dataframe_split": content}
    elif hasattr(data, "toarray"):
        body = {"inputs": data.toarray().tolist()}
    else:
        body = {"inputs": content}
    return dump_json(body | ({"params": params} if params is not None else {}), indent=2)


def read_serving_input(folder: Path, info: Mapping[str, Any] | None) -> str | None:
    """The body that was saved with a model's example; None when there is none.

    Raises:
        ResourceDoesNotExist: the manifest names a file that is not there.
    """
    if not info or not info.get("serving_input_path"):
        return None
    path = folder / Path(str(info["serving_input_path"])).name
    try:
        return path.read_text(encoding="utf-8")
    except OSError as exc:
        raise ResourceDoesNotExist(f"No serving input at '{path}', which the manifest names.") from exc


def parse_serving_input(payload: str | bytes | Mapping[str, Any], schema: Schema | None) -> ServingInput:
    """Read a body.

    Values are converted to the types of the schema where JSON has no such type: texts to numbers, bytes and dates.

    Args:
        payload: the JSON text, or what it decodes to.
        schema: the model's inputs; arrays are made where there is none.

    Raises:
        BadRequest: the body is not of the one shape, or a value is not of its declared type.
    """
    body = _decoded(payload)
    if CHAT_KEYS & body.keys():
        return ServingInput(dict(body), {}, is_chat=True)
    found = [name for name in FORMATS if name in body]
    if len(found) != 1:
        raise BadRequest(f"The input has {found or 'none'} of the keys {', '.join(FORMATS)}. Give exactly one of them.")
    try:
        data = _READERS[found[0]](body[found[0]], schema)
    except NotConvertible as exc:
        raise BadRequest(f"Invalid input. {exc.message}") from exc
    except (ValueError, TypeError) as exc:
        raise BadRequest(f"Invalid input. The value of '{found[0]}' cannot be read: {exc}.") from exc
    return ServingInput(data, body.get("params"))


def _decoded(payload: str | bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(payload, Mapping):
        return payload
    body: Any = payload
    try:
        body = json.loads(body) if isinstance(body, (str, bytes, bytearray)) else body
    except ValueError as exc:
        raise BadRequest(f"Invalid input. It is not JSON: {exc}.") from exc
    except RecursionError as exc:
        raise BadRequest("Invalid input. The JSON is nested too deep to be read. Send flatter data.") from exc
    if not isinstance(body, dict):
        raise BadRequest(f"The input is a JSON {type(body).__name__}. Give an object with one of {', '.join(FORMATS)}.")
    return body


def _split(value: Any, schema: Schema | None) -> Any:
    import pandas as pd

    if not isinstance(value, dict):
        raise BadRequest(f"Invalid input. 'dataframe_split' is a {type(value).__name__}. Give an object with 'data'.")
    if "data" not in value:
        raise BadRequest(f"Invalid input. 'dataframe_split' has the keys {sorted(value)}. Give it 'data', the rows.")
    return cast_frame(pd.DataFrame(value["data"], value.get("index"), value.get("columns")), schema)


def _records(value: Any, schema: Schema | None) -> Any:
    import pandas as pd

    if not isinstance(value, list):
        raise BadRequest(f"Invalid input. 'dataframe_records' is a {type(value).__name__}. Give a list of objects.")
    return cast_frame(pd.DataFrame(value), schema)


def _instances(value: Any, schema: Schema | None) -> Any:
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        names = dict.fromkeys(name for row in value for name in row)
        if schema is None or schema.is_tensor_spec():
            value = {name: [row[name] for row in value if name in row] for name in names}
    return _inputs(value, schema)


def _inputs(value: Any, schema: Schema | None) -> Any:
    if schema is None:
        return _untyped(value)
    return _tensors(value, schema) if schema.is_tensor_spec() else _columns(value, schema)


def _untyped(value: Any) -> Any:
    import numpy as np

    if isinstance(value, dict):
        return {name: np.array(item) for name, item in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return value
    return np.array(value)


def _tensors(value: Any, schema: Schema) -> Any:
    import numpy as np

    types = dict(zip(schema.input_names(), schema.input_types(), strict=True))
    if not schema.has_input_names():
        if isinstance(value, dict):
            raise BadRequest("Invalid input. It is an object, and the model takes one tensor without a name.")
        return np.array(value, dtype=types[0])
    if not isinstance(value, dict):
        if len(types) > 1:
            raise BadRequest(f"Invalid input. The model takes the tensors {list(types)}. Give an object with them.")
        value = {next(iter(types)): value}
    return {name: np.array(item, dtype=types.get(name)) for name, item in value.items()}


def _columns(value: Any, schema: Schema) -> Any:
    import numpy as np

    from mlflow.models.enforcement.tables import to_frame

    specs = schema.input_dict() if schema.has_input_names() else {}
    if len(specs) == 1 and isinstance(value, list) and not any(isinstance(row, dict) for row in value):
        value = {next(iter(specs)): value}
    if isinstance(value, dict):
        value = {
            name: np.array([*item, None], dtype=object)[:-1] if _is_column(item, specs.get(name)) else item
            for name, item in value.items()
        }
    return cast_frame(to_frame(value, schema), schema)


def _is_column(item: Any, spec: Any) -> bool:
    """Whether a list holds a column's values, not one value of an array column."""
    return isinstance(item, list) and (spec is None or (isinstance(spec, ColSpec) and isinstance(spec.type, DataType)))


_READERS = {"dataframe_split": _split, "dataframe_records": _records, "instances": _instances, "inputs": _inputs}
