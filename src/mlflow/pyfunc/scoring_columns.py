"""Columns between two Pythons whose pandas and numpy may be of different versions.

Numbers, booleans and times go as the bytes of their array, anything else as values of Python's own types. A message is
its length in eight bytes, then msgpack.
"""

from __future__ import annotations

import pickle
from typing import IO, TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Answer", "Asked", "Column", "Table", "from_columns", "receive", "send", "to_columns"]

_PLAIN = "biufM"


class Column(msgspec.Struct, frozen=True, array_like=True):
    """One column.

    Attributes:
        name: of the column.
        kind: the type of the array that the data are the bytes of; empty for a pickled list of plain values.
        data: the values.
    """

    name: str
    kind: str
    data: bytes


class Table(msgspec.Struct, frozen=True, array_like=True):
    """Columns of the same length; a Series is one of one column that says so."""

    columns: list[Column]
    is_series: bool = False


class Asked(msgspec.Struct, frozen=True):
    """What the model is called with: what a call of the function gets from Spark."""

    part: list[Table]
    params: bytes


class Answer(msgspec.Struct, frozen=True):
    """What it returned, as a table; or the failure."""

    table: Table | None = None
    error_code: str = ""
    message: str = ""


def to_columns(data: Any) -> Table:
    """A DataFrame or Series for another Python."""
    import pandas as pd

    if isinstance(data, pd.Series):
        return Table([_column("", data)], is_series=True)
    return Table([_column(str(name), data.iloc[:, at]) for at, name in enumerate(data.columns)])


def from_columns(table: Table) -> Any:
    """The DataFrame or Series that another Python sent."""
    import pandas as pd

    found = {column.name: _values(column) for column in table.columns}
    return found[""] if table.is_series else pd.DataFrame(found)


def send(stream: IO[bytes], message: msgspec.Struct) -> None:
    """Write a message."""
    content = msgspec.msgpack.encode(message)
    stream.write(len(content).to_bytes(8, "big") + content)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read a message, to be decoded; None at the end."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    size = int.from_bytes(head, "big")
    content = stream.read(size)
    return content if len(content) == size else None


def _column(name: str, values: pd.Series[Any]) -> Column:
    dtype = values.dtype
    if getattr(dtype, "kind", "O") in _PLAIN and hasattr(dtype, "str"):  # numpy's own, not an extension
        return Column(name, dtype.str, values.to_numpy().tobytes())
    there = values.notna()
    plain = [_plain(value) if known else None for value, known in zip(values.tolist(), there, strict=True)]
    return Column(name, "", pickle.dumps(plain))


def _values(column: Column) -> Any:
    import numpy as np
    import pandas as pd

    if column.kind:
        return pd.Series(np.frombuffer(column.data, dtype=column.kind).copy())
    values = pickle.loads(column.data)  # noqa: S301 - from the process that this one started, or was started by
    return pd.Series(values, dtype=object)


def _plain(value: Any) -> Any:
    """A value without types of pandas or numpy, which other versions may not read."""
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime()
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if hasattr(value, "asDict"):  # a row of Spark's
        return _plain(value.asDict())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
