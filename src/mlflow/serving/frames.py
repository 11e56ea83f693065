"""Small tables of numbers in JSON, read straight into arrays.

What `models/serving_input.py` and `models/enforcement` make of such a body takes a millisecond, most of it in pandas
whatever the number of rows. Here it takes microseconds for what nearly every request is: `dataframe_split` alone, with
exactly the schema's columns in their order, all of one numeric type and none missing. Anything else is left to them,
so that there is one place which says what is wrong with a body. The values that a model gets are the same, bit by bit.
"""

from __future__ import annotations

from typing import Any, Self

import msgspec

from mlflow.types import DataType, Schema

__all__ = ["FrameReader"]

_Floats = msgspec.defstruct(
    "_Floats", [("columns", list[str]), ("data", list[list[float]])], forbid_unknown_fields=True
)
_Wholes = msgspec.defstruct("_Wholes", [("columns", list[str]), ("data", list[list[int]])], forbid_unknown_fields=True)
_FORMS = {DataType.double: _Floats, DataType.float: _Floats, DataType.long: _Wholes}


class FrameReader:
    """Reads bodies for one schema; `of` tells whether it can.

    Args:
        names: of the columns.
        kind: their type.

    Attributes:
        names: of the columns.
    """

    def __init__(self, names: list[str], kind: DataType) -> None:
        import pandas as pd

        self.names, self._dtype = names, kind.to_numpy()
        self._columns = _quick_to_read(pd.Index(names))
        body = msgspec.defstruct("_Body", [("dataframe_split", _FORMS[kind])], forbid_unknown_fields=True)
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(body)

    @classmethod
    def of(cls, schema: Schema | None) -> Self | None:
        """A reader for a schema whose columns are named numbers of one type; None for others."""
        if schema is None or schema.is_tensor_spec() or not schema.has_input_names():
            return None
        specs = schema.inputs
        names = [spec.name for spec in specs if isinstance(spec.name, str)]
        kind = specs[0].type if specs else None
        if not isinstance(kind, DataType) or kind not in _FORMS or len(set(names)) != len(specs):
            return None
        return cls(names, kind) if all(spec.type is kind for spec in specs) else None

    def read(self, body: bytes) -> Any:
        """The rows as an array; None for a body that is not of this kind."""
        import numpy as np

        try:
            given = self._decoder.decode(body).dataframe_split
            if given.columns != self.names:
                return None
            with np.errstate(over="raise"):  # what a float does not hold would become infinite
                found = np.array(given.data, self._dtype)
        except (msgspec.DecodeError, ValueError, ArithmeticError, RecursionError):
            return None
        return found if found.ndim == 2 and found.shape[1] == len(self.names) and len(found) else None

    def columnar(self, rows: Any) -> Any:
        """The array in the table that a model is called with: column after column in memory."""
        return rows.T.copy().T

    def frame(self, rows: Any) -> Any:
        """The table that a model is called with, as enforcing the schema makes it."""
        import pandas as pd

        return pd.DataFrame(self.columnar(rows), columns=self._columns, copy=False)


def _quick_to_read(columns: Any) -> Any:
    """The same names, stored as Python's strings: frameworks read them at each call, which takes 60 µs with Arrow's."""
    import pandas as pd

    if not isinstance(columns.dtype, pd.StringDtype):  # pandas 2 has objects
        return columns
    return columns.astype(pd.StringDtype("python", na_value=columns.dtype.na_value))
