"""A column of int64 as the shortest of a few predictions plus what they miss.

    offset  size  what
    0       1     prediction: 0 stride, 1 offset, 2 difference, 3 line
    1       8     the first integer (stride, difference, line) or the least (offset)
    9       8     stride: the step between integers; difference: the least one; line: its slope
    17      8     line: the least residual
    …       …     byte planes of the residuals less the least (absent for stride)

All sums are modulo 2^64, so that any int64 comes back exactly.
"""

from __future__ import annotations

import struct

from mlflow._numpy import np
from mlflow.sql.series.cursor import Cursor
from mlflow.sql.series.planes import Words, decode_planes, encode_planes
from mlflow.sql.series.points import Integers

STRIDE, OFFSET, DIFFERENCE, LINE = range(4)

_OFFSET = struct.Struct("<Bq")
_PAIR = struct.Struct("<Bqq")
_TRIPLE = struct.Struct("<Bqqq")
_KIND = struct.Struct("<B")
_ONE = struct.Struct("<q")
_TWO = struct.Struct("<qq")
_THREE = struct.Struct("<qqq")


def encode_integers(column: Integers) -> bytes:
    """The bytes of at least one integer."""
    first = int(column[0])
    differences = np.diff(column)
    least = int(differences.min()) if len(differences) else 0
    if not len(differences) or least == int(differences.max()):
        return _PAIR.pack(STRIDE, first, least)
    candidates = [_offset(column), _difference(first, least, differences)]
    if least >= 0:
        candidates.append(_line(column))
    return min(candidates, key=len)


def decode_integers(cursor: Cursor, n: int) -> Integers:
    """The n integers that start at the cursor, which moves past them.

    Raises:
        ValueError: the bytes are damaged.
        struct.error: they end early.
    """
    (kind,) = cursor.unpack(_KIND)
    if kind == STRIDE:
        first, stride = cursor.unpack(_TWO)
        return _ramp(n, stride) + np.int64(first)
    if kind == OFFSET:
        (least,) = cursor.unpack(_ONE)
        return decode_planes(cursor, n).view(np.int64) + np.int64(least)
    if kind == DIFFERENCE:
        first, least = cursor.unpack(_TWO)
        return _summed(first, decode_planes(cursor, n - 1).view(np.int64) + np.int64(least))
    if kind == LINE:
        first, slope, least = cursor.unpack(_THREE)
        residuals = decode_planes(cursor, n).view(np.int64) + np.int64(least)
        return residuals + _ramp(n, slope) + np.int64(first)
    raise ValueError(f"a column of integers has the unknown kind {kind}")


def _offset(column: Integers) -> bytes:
    least = int(column.min())
    return _OFFSET.pack(OFFSET, least) + encode_planes(_excess(column, least))


def _difference(first: int, least: int, differences: Integers) -> bytes:
    return _PAIR.pack(DIFFERENCE, first, least) + encode_planes(_excess(differences, least))


def _line(column: Integers) -> bytes:
    first, n = int(column[0]), len(column)
    slope = _wrapped(round((int(column[-1]) - first) / (n - 1)))
    residuals = column - np.int64(first) - _ramp(n, slope)
    least = int(residuals.min())
    return _TRIPLE.pack(LINE, first, slope, least) + encode_planes(_excess(residuals, least))


def _excess(column: Integers, least: int) -> Words:
    return (column - np.int64(least)).view(np.uint64)


def _ramp(n: int, slope: int) -> Integers:
    return np.arange(n, dtype=np.int64) * np.int64(slope)


def _wrapped(number: int) -> int:
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


def _summed(first: int, differences: Integers) -> Integers:
    column = np.empty(len(differences) + 1, np.int64)
    column[0] = first
    column[1:] = differences
    return np.cumsum(column, out=column)
