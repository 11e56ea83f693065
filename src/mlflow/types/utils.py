"""The path under which inference of schemas is known to foreign code."""

from __future__ import annotations

from mlflow.types.exceptions import InvalidDataForSignatureInferenceError, TensorsNotSupportedException
from mlflow.types.inference import infer_param_schema as _infer_param_schema
from mlflow.types.inference import infer_schema as _infer_schema
from mlflow.types.inference import tensor_shape as _get_tensor_shape
from mlflow.types.tensor import clean_tensor_type
from mlflow.types.values import MULTIPLE_TYPES_ERROR_MSG

__all__ = [
    "MULTIPLE_TYPES_ERROR_MSG",
    "InvalidDataForSignatureInferenceError",
    "TensorsNotSupportedException",
    "_get_tensor_shape",
    "_infer_param_schema",
    "_infer_schema",
    "clean_tensor_type",
]
