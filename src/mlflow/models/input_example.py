"""An example of a model's input, as files of the model's folder.

| example | type | input_example.json |
|---|---|---|
| DataFrame | dataframe | `{"columns": […], "data": […]}`, without `columns` where they have no names; no index |
| array, or dictionary of arrays | ndarray | nested lists |
| CSR or CSC matrix | sparse_matrix_csr, sparse_matrix_csc | `data`, `indices`, `indptr`, `shape` |
| anything else that JSON has | json_object | the value |

With parameters it is `{"inputs": …, "params": …}`. Bytes are base64, dates ISO 8601.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.models.json_values import cast_frame, dump_json
from mlflow.models.serving_input import to_serving_input
from mlflow.models.yaml_files import write_text
from mlflow.types import Schema
from mlflow.types.exceptions import TensorsNotSupportedException

__all__ = ["EXAMPLE_FILENAME", "SERVING_INPUT_FILENAME", "InputExample", "read_example", "read_example_params"]

EXAMPLE_FILENAME = "input_example.json"
SERVING_INPUT_FILENAME = "serving_input_example.json"
ModelInputExample = Any
"""What an example may be: table, array, dictionary, list, sparse matrix, text, bytes, or a pair with parameters."""

_TENSOR_FRAMEWORKS = frozenset({"jax", "jaxlib", "paddle", "tensorflow", "torch"})
_SPARSE = {"csr_matrix": "sparse_matrix_csr", "csc_matrix": "sparse_matrix_csc"}


class InputExample(msgspec.Struct, frozen=True):
    """An example, and the parameters it comes with.

    Args:
        data: what the model is called with.
        params: its parameters; None when there are none.
    """

    data: Any
    params: dict[str, Any] | None = None

    @classmethod
    def of(cls, given: Any) -> InputExample:
        """The example that a user gave: the data, or a pair of data and parameters.

        Raises:
            InvalidParameterValue: it cannot be stored.
        """
        if isinstance(given, tuple):
            if len(given) != 2 or not isinstance(given[1], dict):
                raise InvalidParameterValue(f"Input example '{given}' is no pair of data and parameters. Pass a list.")
            return cls(_without_tensors(given[0]), given[1])
        return cls(_without_tensors(given))

    def info(self) -> dict[str, Any]:
        """The manifest's `saved_input_example_info`.

        Raises:
            InvalidParameterValue: such data cannot be stored.
        """
        kind = _kind(self.data)
        found: dict[str, Any] = {
            "artifact_path": EXAMPLE_FILENAME,
            "serving_input_path": SERVING_INPUT_FILENAME,
            "type": kind,
        }
        if kind == "dataframe":
            found["pandas_orient"] = "split" if _has_names(self.data) else "values"
        return found | ({"params": "true"} if self.params is not None else {})

    def save(self, folder: Path) -> dict[str, Any]:
        """Write both files, and return the manifest's `saved_input_example_info`."""
        info = self.info()
        content = _content(self.data)
        whole = {"inputs": content, "params": self.params} if self.params is not None else content
        write_text(folder / EXAMPLE_FILENAME, dump_json(whole))
        write_text(folder / SERVING_INPUT_FILENAME, self.serving_input())
        return info

    def serving_input(self) -> str:
        """The JSON body that a scoring server takes for this example."""
        return to_serving_input(self.data, _content(self.data), self.params)


def _without_tensors(data: Any) -> Any:
    """Data whose tensors of a framework are arrays."""
    if isinstance(data, dict):
        return {name: _without_tensors(part) for name, part in data.items()}
    if type(data).__module__.partition(".")[0] not in _TENSOR_FRAMEWORKS or not hasattr(data, "__array__"):
        return data
    import numpy as np

    return np.asarray(data.detach().cpu() if hasattr(data, "detach") else data)


def _kind(data: Any) -> str:
    if _is_frame(data):
        return "dataframe"
    if _is_array(data):
        return "ndarray"
    if type(data).__name__ in _SPARSE:
        return _SPARSE[type(data).__name__]
    if isinstance(data, dict) and data and any(map(_is_array, data.values())):
        if not all(map(_is_array, data.values())):
            raise InvalidParameterValue(
                "Input example is a dictionary of arrays and other values. Use arrays for all values, or for none."
            )
        return "ndarray"
    if isinstance(data, list) and any(map(_is_array, data)):
        raise TensorsNotSupportedException("the input example is a list of arrays. Pass one array, or lists.")
    return _kind_of_value(data)


def _kind_of_value(data: Any) -> str:
    if isinstance(data, (set, frozenset, tuple)) or type(data).__name__ == "Series":
        raise InvalidParameterValue(
            f"Input example is a '{type(data).__name__}'. Pass a DataFrame, an array, a dictionary of arrays, a CSR or "
            "CSC matrix, a dictionary, a list or a scalar."
        )
    return "json_object"


def _is_frame(data: Any) -> bool:
    return type(data).__name__ == "DataFrame" and hasattr(data, "columns") and hasattr(data, "iloc")


def _is_array(data: Any) -> bool:
    return type(data).__name__ == "ndarray"


def _has_names(frame: Any) -> bool:
    return type(frame.columns).__name__ != "RangeIndex"


def _content(data: Any) -> Any:
    if _is_frame(data):
        named = {"columns": data.columns.tolist()} if _has_names(data) else {}
        return {**named, "data": data.values.tolist() if data.shape[1] == 0 else _rows(data)}
    if _is_array(data):
        return _nulls(data)
    if type(data).__name__ in _SPARSE:
        parts = {name: getattr(data, name).tolist() for name in ("data", "indices", "indptr")}
        return {**parts, "shape": list(data.shape)}
    if isinstance(data, dict):
        return {name: _nulls(value) if _is_array(value) else value for name, value in data.items()}
    return data


def _rows(frame: Any) -> list[list[Any]]:
    columns = (frame.iloc[:, position].tolist() for position in range(frame.shape[1]))
    return [list(row) for row in zip(*columns, strict=True)]


def _nulls(array: Any) -> Any:
    """Nested lists with None for NaN."""
    if array.dtype.kind != "f":
        return array.tolist()
    import numpy as np

    found: Any = np.where(np.isnan(array), None, array.astype(object))
    return found.tolist()


def read_example(folder: Path, info: Mapping[str, Any] | None, schema: Schema | None) -> Any:
    """The example of a model's folder, as the model is called with it; None when there is none.

    Args:
        folder: the model's folder.
        info: the manifest's `saved_input_example_info`.
        schema: the model's inputs, which tell bytes, dates and widths of numbers.

    Raises:
        ResourceDoesNotExist: the manifest names a file that is not there.
        InvalidParameterValue: the file does not hold what the manifest says.
    """
    if not info:
        return None
    content = _read(folder, info)
    value = content["inputs"] if _has_params(info) else content
    match info.get("type"):
        case "dataframe":
            return _frame(value, schema)
        case "ndarray":
            return _arrays(value, schema)
        case "sparse_matrix_csr" | "sparse_matrix_csc":
            return _sparse(value, str(info["type"]))
    return value


def read_example_params(folder: Path, info: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The parameters that come with the example; None when there are none."""
    if not info or not _has_params(info):
        return None
    params: dict[str, Any] = _read(folder, info)["params"]
    return params


def _has_params(info: Mapping[str, Any]) -> bool:
    return str(info.get("params", "")).lower() == "true"


def _read(folder: Path, info: Mapping[str, Any]) -> Any:
    path = folder / Path(str(info.get("artifact_path", EXAMPLE_FILENAME))).name
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise ResourceDoesNotExist(f"No input example at '{path}', which the manifest names.") from exc
    except ValueError as exc:
        raise InvalidParameterValue(f"Input example '{path}' is not JSON: {exc}.") from exc
    if _has_params(info) and not (isinstance(content, dict) and {"inputs", "params"} <= content.keys()):
        raise InvalidParameterValue(f"Input example '{path}' has no 'inputs' and 'params', which the manifest names.")
    return content


def _frame(value: Any, schema: Schema | None) -> Any:
    import pandas as pd

    if not isinstance(value, dict) or "data" not in value:
        raise InvalidParameterValue("Input example is not a table: it has no 'data'.")
    names = value.get("columns")
    if names and any(isinstance(name, list) for name in names):
        names = pd.MultiIndex.from_tuples([tuple(name) for name in names])
    return cast_frame(pd.DataFrame(value["data"], columns=names), schema)


def _arrays(value: Any, schema: Schema | None) -> Any:
    import numpy as np

    types: dict[str | int, Any] = {}
    if schema is not None and schema.is_tensor_spec():
        types = dict(zip(schema.input_names(), schema.input_types(), strict=True))
    if isinstance(value, dict):
        return {name: np.array(item, dtype=types.get(name)) for name, item in value.items()}
    return np.array(value, dtype=types.get(0))


def _sparse(value: Any, kind: str) -> Any:
    from importlib import import_module

    make = getattr(import_module("scipy.sparse"), kind.removeprefix("sparse_matrix_") + "_matrix")
    return make((value["data"], value["indices"], value["indptr"]), shape=tuple(value["shape"]))
