"""A column of float64 in the layout that leaves the fewest bytes.

    offset  size  what
    0       1     layout: 0 window, 1 rotated window, 2 difference, 3 decimal
    1       …     window:     the least word (uint64), a shift (one byte), and byte planes of the doubles' bits less
                              the least, shifted left until the greatest one fills its word
                  rotated:    the same after a rotation by one bit, which moves the sign below the mantissa
                  difference: byte planes of the zigzag differences of the bits, taken as ordered integers
                  decimal:    a byte e, then the integers r whose r / 10^e are the doubles

A window brings everything that is not random into the top plane, where Huffman codes come within a few hundredths of
its entropy; below it noise fills whole planes. Where both signs occur the rotation often pays, for a sign is then as
random as the mantissa. Numbers that were printed with few digits are decimals.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from decimal import Decimal

from mlflow._numpy import np
from mlflow.sql.series.cursor import Cursor
from mlflow.sql.series.integers import decode_integers, encode_integers
from mlflow.sql.series.planes import Words, decode_planes, encode_planes
from mlflow.sql.series.points import Integers, Reals

WINDOW, ROTATED, DIFFERENCE, DECIMAL = range(4)

_LAYOUT = struct.Struct("<B")
_DECIMAL = struct.Struct("<BB")
_WINDOW = struct.Struct("<QB")
_MOST_DIGITS = 14
_EXACT = float(1 << 53)
_SAMPLE = 16


def encode_reals(column: Reals) -> bytes:
    """The bytes of at least one double; NaN keeps its bits."""
    decimal = _decimal(column)
    return decimal if decimal is not None else min(_layouts(column.view(np.uint64)), key=len)


def decode_reals(cursor: Cursor, n: int) -> Reals:
    """The n doubles that start at the cursor, which moves past them.

    Raises:
        ValueError: the bytes are damaged.
        struct.error: they end early.
    """
    (layout,) = cursor.unpack(_LAYOUT)
    if layout == DECIMAL:
        (digits,) = cursor.unpack(_LAYOUT)
        quotients: Reals = decode_integers(cursor, n) / 10.0**digits
        return quotients
    if layout > DECIMAL:
        raise ValueError(f"a column of doubles has the unknown layout {layout}")
    if layout == DIFFERENCE:
        return _unordered(np.cumsum(_unzigzag(decode_planes(cursor, n)))).view(np.float64)
    words = _from_window(cursor, n)
    if layout == ROTATED:
        words = words >> np.uint64(1) | words << np.uint64(63)
    return words.view(np.float64)


def _layouts(bits: Words) -> Iterator[bytes]:
    yield _LAYOUT.pack(WINDOW) + _window(bits)
    signs = bits >> np.uint64(63)
    if (signs != signs[0]).any():
        yield _LAYOUT.pack(ROTATED) + _window(bits << np.uint64(1) | signs)
    yield _LAYOUT.pack(DIFFERENCE) + encode_planes(_zigzag(np.diff(_ordered(bits), prepend=np.int64(0))))


def _window(words: Words) -> bytes:
    least = int(words.min())
    words = words - np.uint64(least)
    shift = min(64 - int(words.max()).bit_length(), 63)
    return _WINDOW.pack(least, shift) + encode_planes(words << np.uint64(shift))


def _from_window(cursor: Cursor, n: int) -> Words:
    least, shift = cursor.unpack(_WINDOW)
    if shift > 63:
        raise ValueError(f"a window of doubles has the shift {shift}")
    return (decode_planes(cursor, n) >> np.uint64(shift)) + np.uint64(least)


def _decimal(column: Reals) -> bytes | None:
    digits = _digits(column[:_SAMPLE].tolist())
    if digits is None or not _is_decimal(column, digits):
        return None
    return _DECIMAL.pack(DECIMAL, digits) + encode_integers(_scaled(column, digits).astype(np.int64))


def _digits(sample: list[float]) -> int | None:
    """The decimal places that write the sample out, or None when they are too many."""
    most = 0
    for number in sample:
        exponent = Decimal(repr(number)).as_tuple().exponent
        if not isinstance(exponent, int) or -exponent > _MOST_DIGITS:
            return None
        most = max(most, -exponent)
    return most


def _is_decimal(column: Reals, digits: int) -> bool:
    scaled = _scaled(column, digits)
    if not (np.abs(scaled) < _EXACT).all():
        return False
    # by bits, for -0.0 equals 0.0
    return np.array_equal((scaled.astype(np.int64) / 10.0**digits).view(np.uint64), column.view(np.uint64))


def _scaled(column: Reals, digits: int) -> Reals:
    with np.errstate(over="ignore"):
        return np.rint(column * 10.0**digits)


def _ordered(bits: Words) -> Integers:
    # integers in the order of the doubles: negative ones have their lower 63 bits inverted
    signed = bits.view(np.int64)
    return signed ^ ((signed >> 63) & np.int64(0x7FFFFFFFFFFFFFFF))


def _unordered(ordered: Integers) -> Words:
    return (ordered ^ ((ordered >> 63) & np.int64(0x7FFFFFFFFFFFFFFF))).view(np.uint64)


def _zigzag(differences: Integers) -> Words:
    return ((differences << 1) ^ (differences >> 63)).view(np.uint64)


def _unzigzag(words: Words) -> Integers:
    return (words >> np.uint64(1)).view(np.int64) ^ -(words & np.uint64(1)).view(np.int64)
