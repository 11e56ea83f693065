"""Values of numpy and others as what JSON can hold."""

from __future__ import annotations

import base64
from typing import Any

__all__ = ["plain"]


def plain(value: Any) -> Any:
    """What `json.dumps` should write for an object that it does not know: numpy scalars and arrays, dates, bytes.

    Raises:
        TypeError: there is no such thing.
    """
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    for convert in ("tolist", "isoformat"):
        if hasattr(value, convert):
            return getattr(value, convert)()
    raise TypeError(f"'{type(value).__name__}' cannot be written as JSON. Give numbers, texts, lists or dictionaries.")
