"""Training data as datasets of a run, and as examples and signatures of a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mlflow.data.numpy_dataset import from_numpy
from mlflow.data.pandas_dataset import from_pandas
from mlflow.models.signature import infer_signature
from mlflow.tracking.autologging.guard import guard

__all__ = ["EXAMPLE_ROWS", "dataset_of", "first_rows", "model_options"]

EXAMPLE_ROWS = 5
_MOST_DENSE = 50_000_000  # elements of a sparse matrix that are written out to compute a digest


def dataset_of(features: Any, targets: Any = None, name: str | None = None) -> Any:
    """The dataset of training data; None for data of a kind that datasets do not have."""
    import numpy as np
    import pandas as pd

    if isinstance(features, pd.DataFrame):
        return from_pandas(features, name=name)
    arrays = _array(features), _array(targets)
    if not isinstance(arrays[0], np.ndarray):
        return None
    targets = arrays[1] if isinstance(arrays[1], np.ndarray) else None
    return from_numpy(arrays[0], targets=targets, name=name)


def _array(data: Any) -> Any:
    if hasattr(data, "toarray") and hasattr(data, "nnz"):
        return data.toarray() if data.shape[0] * data.shape[1] <= _MOST_DENSE else None
    return data.to_numpy() if hasattr(data, "to_numpy") and not hasattr(data, "columns") else data


def first_rows(data: Any, count: int = EXAMPLE_ROWS) -> Any:
    """A few rows, copied, so that a training that changes its input does not change them; None if it has no rows."""
    if hasattr(data, "iloc"):
        return data.iloc[:count].copy()
    if isinstance(data, Mapping):
        return {key: first_rows(value, count) for key, value in data.items()}
    if hasattr(data, "shape") and len(data.shape) > 0:
        return data[:count].copy()
    return list(data[:count]) if isinstance(data, (list, tuple)) else None


def model_options(
    integration: str,
    settings: Mapping[str, Any],
    sample: Callable[[], Any],
    predict: Callable[[Any], Any] | None,
) -> dict[str, Any]:
    """`input_example` and `signature` for `log_model`, as `autolog` was told.

    Args:
        integration: whose it is.
        settings: what `autolog` was told.
        sample: a few rows of the training data.
        predict: the model, as a function.
    """
    options: dict[str, Any] = {}
    wanted, described = settings.get("log_input_examples"), settings.get("log_model_signatures", True)
    if not settings.get("log_models", True) or not (wanted or described):
        return options
    with guard(integration, "take an input example"):
        rows = sample()
        if rows is not None and wanted:
            options["input_example"] = rows
        if rows is not None and described:
            options["signature"] = infer_signature(rows, None if predict is None else predict(rows))
    return options
