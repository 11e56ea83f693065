"""Requests and answers of any shape as tables, as far as they are ones."""

from __future__ import annotations

from typing import Any

__all__ = ["PREDICTION", "inputs_frame", "predictions_frame"]

PREDICTION = "prediction"
"""The name of what a model answers, where the model gives it none."""


def inputs_frame(data: Any) -> Any | None:
    """What a model was called with, as a DataFrame; None where it is no table.

    Columns without names are called 0, 1, 2 …; of tensors by name those of one dimension are columns.
    """
    import numpy as np
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        return data.set_axis([str(name) for name in data.columns], axis=1).reset_index(drop=True)
    if isinstance(data, dict):
        arrays = {str(name): np.asarray(value) for name, value in data.items()}
        flat = {name: value for name, value in arrays.items() if value.ndim == 1}
        return pd.DataFrame(flat) if flat and len({len(value) for value in flat.values()}) == 1 else None
    if isinstance(data, np.ndarray) and data.ndim in {1, 2}:
        table = data.reshape(len(data), -1)
        return pd.DataFrame(table, columns=[str(number) for number in range(table.shape[1])])
    return None


def predictions_frame(predictions: Any) -> Any | None:
    """Answers, decoded from JSON, as a DataFrame; None where they are not one for each row."""
    import pandas as pd

    if not isinstance(predictions, list) or not predictions:
        return None
    if all(isinstance(one, dict) for one in predictions):
        return pd.DataFrame(predictions).rename(columns=_named)
    if all(isinstance(one, list) for one in predictions) and len({len(one) for one in predictions}) == 1:
        table = pd.DataFrame(predictions)
        return table.rename(columns=_named) if table.shape[1] != 1 else table.set_axis([PREDICTION], axis=1)
    if any(isinstance(one, (dict, list)) for one in predictions):
        return None
    return pd.DataFrame({PREDICTION: predictions})


def _named(name: Any) -> str:
    return f"{PREDICTION}.{name}"
