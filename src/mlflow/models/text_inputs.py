"""Texts that a model of language is called with: one, a list, an array, or a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["rows_of", "texts_of"]


def texts_of(data: Any) -> list[str]:
    """The texts of a text, a list or array of them, or the first column of a frame."""
    rows = rows_of(data)
    return [next(iter(row.values())) if isinstance(row, Mapping) else row for row in rows]


def rows_of(data: Any) -> list[Any]:
    """One entry a row: a text, or a dictionary where there are several columns."""
    import numpy as np
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        return data.iloc[:, 0].tolist() if data.shape[1] == 1 else data.to_dict("records")
    if isinstance(data, (np.ndarray, pd.Series)):
        return list(data.tolist())
    return [data] if isinstance(data, (str, bytes, Mapping)) else list(data)
