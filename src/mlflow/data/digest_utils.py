"""Digests that tell data sets apart: eight hexadecimal digits, the same that MLflow gives the same data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from mlflow.exceptions import InvalidParameterValue

__all__ = ["MAX_ROWS", "compute_numpy_digest", "compute_pandas_digest", "get_normalized_md5_digest"]

MAX_ROWS = 10_000


def compute_pandas_digest(df: Any) -> str:
    """The digest of a DataFrame.

    It covers the first `MAX_ROWS` values and the index of the columns that hold only text or numbers, the number of
    all rows, and the names of all columns.
    """
    import numpy as np
    import pandas as pd

    head = df.head(MAX_ROWS)
    is_text = head.map(lambda value: type(value) is str).astype(bool)  # of a categorical column it may be one
    texts = head.columns[is_text.all(axis=0)]
    numbers = head.select_dtypes(include=[np.number]).columns
    hashable = head[texts.union(numbers)]
    names = [str(column).encode() for column in df.columns]
    return get_normalized_md5_digest([pd.util.hash_pandas_object(hashable).values, np.int64(len(df)), *names])


def compute_numpy_digest(features: Any, targets: Any = None) -> str:
    """The digest of an array, or of a dictionary of arrays: their first `MAX_ROWS` elements and their shapes."""
    elements = list(_array_elements(features))
    if targets is not None:
        elements += _array_elements(targets)
    return get_normalized_md5_digest(elements)


def _array_elements(data: Any) -> Iterable[Any]:
    import numpy as np

    arrays = [data[name] for name in sorted(data)] if isinstance(data, Mapping) else [data]
    for array in arrays:
        yield _array_hash(array.flatten()[:MAX_ROWS])
        yield from (np.int64(length) for length in array.shape)


def _array_hash(flat: Any) -> Any:
    import numpy as np
    import pandas as pd

    try:
        return pd.util.hash_array(flat)
    except TypeError:  # unhashable objects such as dictionaries
        return np.int64(flat.size)


def get_normalized_md5_digest(elements: list[Any]) -> str:
    """The first eight hexadecimal digits of the MD5 over some byte-like elements.

    Raises:
        InvalidParameterValue: there are no elements.
    """
    if not elements:
        raise InvalidParameterValue("A digest of nothing was asked for. Pass at least one element to hash.")
    md5 = hashlib.md5(usedforsecurity=False)
    for element in elements:
        md5.update(element)
    return md5.hexdigest()[:8]
