"""Models that compute on arrays, called with frames, arrays, or dictionaries of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["call_with_array"]


def call_with_array(call: Callable[[Any], Any], data: Any, dtype: Any = None) -> Any:
    """Call a model of arrays; rows of a frame become an array, and the answer a frame with the same index.

    Args:
        call: takes an array, or a dictionary of arrays, and returns an array.
        data: a frame, or what `call` takes.
        dtype: the type of a frame's numbers; their own common one when omitted.
    """
    import numpy as np
    import pandas as pd

    if not isinstance(data, pd.DataFrame):
        return call(data)
    found = np.asarray(call(data.to_numpy(dtype=dtype)))
    return pd.DataFrame(found.reshape(len(data), -1) if found.ndim != 2 else found, index=data.index)
