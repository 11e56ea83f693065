"""Any input that a schema of tensors takes, as an array, a sparse matrix or a dictionary of arrays."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from mlflow.models.enforcement.failures import SchemaEnforcementFailed
from mlflow.types import Schema, TensorSpec

__all__ = ["enforce_tensors"]

_LOG = logging.getLogger(__name__)
_SPARSE = {"csr_matrix", "csc_matrix", "csr_array", "csc_array"}


def enforce_tensors(data: Any, schema: Schema) -> Any:
    """The input with the shapes and element types that the schema declares; neither is converted.

    Only DataFrames are: a column of scalars, or of lists, becomes an array of the declared type.

    Raises:
        SchemaEnforcementFailed: a tensor is missing, or has another type or shape.
    """
    specs: list[Any] = schema.inputs
    if isinstance(data, pd.Series):
        data = data.to_frame()
    if not schema.has_input_names():
        return _unnamed(data, specs[0])
    if isinstance(data, np.ndarray) and len(specs) == 1:
        data = {specs[0].name: data}
    if not isinstance(data, (pd.DataFrame, Mapping)):
        raise SchemaEnforcementFailed(
            f"The input is '{type(data).__name__}'. The signature names tensors {schema.input_names()}: pass a "
            "dictionary of numpy arrays, or a DataFrame."
        )
    return _named(data, specs)


def _unnamed(data: Any, spec: TensorSpec) -> Any:
    if isinstance(data, pd.DataFrame):
        if data.shape[1] == 1:
            return _checked(_of_column(data.iloc[:, 0], spec), spec)
        data = data.to_numpy()
    elif not (isinstance(data, np.ndarray) or type(data).__name__ in _SPARSE):
        raise SchemaEnforcementFailed(
            f"The input is '{type(data).__name__}'. The signature is one of a tensor: pass a numpy array, a sparse "
            "matrix or a DataFrame."
        )
    return _checked(data, spec)


def _named(data: Any, specs: list[TensorSpec]) -> dict[str, Any]:
    names = [spec.name for spec in specs]
    extra = [name for name in data if name not in names]
    if missing := [name for name in names if name not in data]:
        note = f" Note that there were extra inputs: {extra}." if extra else ""
        raise SchemaEnforcementFailed(f"Model is missing inputs {missing}.{note}")
    if extra:
        _LOG.warning("Inputs %s are ignored: the model's signature does not have them.", extra)
    return {str(spec.name): _member(data[spec.name], spec) for spec in specs}


def _member(value: Any, spec: TensorSpec) -> Any:
    if isinstance(value, pd.Series):
        return _checked(_of_column(value, spec), spec)
    if not isinstance(value, np.ndarray):
        raise SchemaEnforcementFailed(
            f"Tensor '{spec.name}' is '{type(value).__name__}'. Pass a numpy array of {spec.type}."
        )
    return _checked(value, spec)


def _checked(value: Any, spec: TensorSpec) -> Any:
    shape, dtype = tuple(value.shape), value.dtype
    if len(shape) != len(spec.shape) or any(
        have != want for have, want in zip(shape, spec.shape, strict=True) if want != -1
    ):
        raise SchemaEnforcementFailed(f"{_name(spec)} has shape {shape} where {spec.shape} is expected. Reshape it.")
    flexible = spec.type.kind in "US" and dtype.kind == spec.type.kind
    if not flexible and spec.type.kind != "O" and dtype != spec.type:
        raise SchemaEnforcementFailed(
            f"{_name(spec)} holds {dtype} where {spec.type} is expected. Convert it: array.astype('{spec.type}')."
        )
    return value


def _of_column(values: pd.Series[Any], spec: TensorSpec) -> Any:
    first = values.iloc[0] if len(values) else 0
    if isinstance(first, (list, np.ndarray)):
        return _stacked(values, spec)
    if not (np.isscalar(first) or first is None):
        raise SchemaEnforcementFailed(
            f"{_name(spec)} comes as a column of '{type(first).__name__}'. Use scalars, flat lists or arrays."
        )
    if spec.shape not in ((-1,), (-1, 1)):
        raise SchemaEnforcementFailed(
            f"{_name(spec)} comes as a column of scalars, which has shape (-1,) or (-1, 1), but {spec.shape} is "
            "expected. Pass a numpy array, or a column of lists."
        )
    return _converted(values.tolist(), spec).reshape([-1] + [1] * (len(spec.shape) - 1))


def _stacked(values: pd.Series[Any], spec: TensorSpec) -> Any:
    if any(isinstance(item, list) and item and isinstance(item[0], (list, np.ndarray)) for item in values):
        raise SchemaEnforcementFailed(f"{_name(spec)} comes as a column of nested lists. Use flat lists or arrays.")
    try:
        return _converted(values.tolist(), spec).reshape((-1, *spec.shape[1:]))
    except ValueError as exc:
        raise SchemaEnforcementFailed(
            f"{_name(spec)} comes as a column whose values do not have the shape {spec.shape}: {exc}."
        ) from exc


def _converted(rows: list[Any], spec: TensorSpec) -> Any:
    try:
        return np.array(rows, dtype=spec.type)
    except (ValueError, TypeError) as exc:
        raise SchemaEnforcementFailed(f"{_name(spec)} cannot be made of its column: {exc}.") from exc


def _name(spec: TensorSpec) -> str:
    return "The input" if spec.name is None else f"Tensor '{spec.name}'"
