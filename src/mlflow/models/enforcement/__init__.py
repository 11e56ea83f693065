"""Data checked against a model's signature before the model sees it, and converted where nothing is lost.

    >>> import pandas as pd
    >>> from mlflow.types import ColSpec, Schema
    >>> enforce_schema(pd.DataFrame({"b": [0], "a": [1]}), Schema([ColSpec("long", "a")]))
       a
    0  1

Columns come out in the schema's order; surplus ones are dropped with a warning.
"""

from __future__ import annotations

from typing import Any

from mlflow.models.enforcement.failures import SchemaEnforcementFailed
from mlflow.models.enforcement.params import enforce_params
from mlflow.models.enforcement.tables import enforce_columns
from mlflow.models.enforcement.tensors import enforce_tensors
from mlflow.types import Schema

__all__ = ["SchemaEnforcementFailed", "enforce_params", "enforce_schema"]


def enforce_schema(data: Any, schema: Schema) -> Any:
    """The data as the schema declares it; the given object itself is never changed.

    Args:
        data: a DataFrame, Series, array, sparse matrix, scalar, list or dictionary.
        schema: the inputs of a model.

    Returns:
        A DataFrame for columns; for tensors an array or sparse matrix, or a dictionary of arrays when they have names.

    Raises:
        SchemaEnforcementFailed: an input is missing, or has values that cannot be converted without loss.
    """
    return enforce_tensors(data, schema) if schema.is_tensor_spec() else enforce_columns(data, schema)
