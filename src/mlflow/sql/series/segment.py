"""Segments: points of one series in storage order, compressed for keeping.

    offset  size  what
    0       1     form: 1
    1       3     zero
    4       4     n, at least 1
    8       8     first step            (the least)
    16      8     last step             (the greatest)
    24      8     first timestamp       (of the first point)
    32      8     last timestamp        (of the last point)
    40      8     least timestamp
    48      8     greatest timestamp
    56      8     first value
    64      8     last value
    72      4     CRC-32 of the columns
    76      4     CRC-32 of the header so far
    80      …     the columns: steps, timestamps (integers.py), values (reals.py)

Up to 16 points take another form, which is written in a microsecond: form 2, n (one byte), the steps, timestamps and
values as they are, CRC-32 of everything before. All is little-endian.
"""

from __future__ import annotations

import struct
import zlib

from msgspec import Struct

from mlflow._numpy import np
from mlflow.exceptions import DataLoss
from mlflow.sql.series.cursor import Cursor
from mlflow.sql.series.integers import decode_integers, encode_integers
from mlflow.sql.series.points import Points, Position
from mlflow.sql.series.reals import decode_reals, encode_reals

SEALED = 4096
"""Points at which a segment is full."""
MAX_POINTS = 1 << 16
"""Points a segment may hold."""
PACKED, BARE = 1, 2
_BARE_UP_TO = 16
_HEADER = struct.Struct("<B3xI6q2dI")
_CRC = struct.Struct("<I")
_COLUMNS = _HEADER.size + _CRC.size

HEADER_SIZE = 2 + 24 * _BARE_UP_TO + _CRC.size
"""Bytes from the front that `read_header` needs; a segment may be shorter."""


class Header(Struct, frozen=True):
    """What a segment's first bytes tell.

    Attributes:
        count: points.
        first: place of the first point in storage order; its step is the least one.
        last: place of the last point; its step is the greatest one.
        min_timestamp: milliseconds; not always that of the first point.
        max_timestamp: milliseconds; not always that of the last point.
    """

    count: int
    first: Position
    last: Position
    min_timestamp: int
    max_timestamp: int

    @classmethod
    def of(cls, points: Points) -> Header:
        """The header of at least one point in storage order."""
        if not len(points):
            raise ValueError("a segment needs at least one point")
        timestamps = points.timestamps
        return cls(len(points), points.position(0), points.position(-1), int(timestamps.min()), int(timestamps.max()))


def encode_segment(points: Points) -> bytes:
    """A segment of points, which are in storage order and number 1 to `MAX_POINTS`."""
    if not 0 < len(points) <= MAX_POINTS:
        raise ValueError(f"a segment holds 1 to {MAX_POINTS} points, not {len(points)}")
    if len(points) <= _BARE_UP_TO:
        return _encode_bare(points)
    columns = encode_integers(points.steps) + encode_integers(points.timestamps) + encode_reals(points.values)
    header = _pack_header(Header.of(points), zlib.crc32(columns))
    return header + _CRC.pack(zlib.crc32(header)) + columns


def decode_segment(data: bytes) -> Points:
    """The points of a segment in storage order.

    Raises:
        DataLoss: the bytes are not those of a segment.
    """
    try:
        view = memoryview(data)
        return _decode_bare(view) if _form(view) == BARE else _decode_packed(view)
    except (struct.error, ValueError) as exc:
        raise _damaged(exc) from exc


def read_header(data: bytes) -> Header:
    """The header of a segment of which the first `HEADER_SIZE` bytes, or all, are given.

    Raises:
        DataLoss: they are not those of a segment.
    """
    try:
        view = memoryview(data)
        return Header.of(_decode_bare(view)) if _form(view) == BARE else _unpack_header(view)[0]
    except (struct.error, ValueError) as exc:
        raise _damaged(exc) from exc


def _damaged(exc: Exception) -> DataLoss:
    return DataLoss(f"A stored segment of metrics is damaged: {exc}. Restore the database from a backup.")


def _form(view: memoryview) -> int:
    if not len(view) or view[0] not in (PACKED, BARE):
        raise ValueError(f"its form is {view[0] if len(view) else 'missing'}")
    return view[0]


def _pack_header(header: Header, crc: int) -> bytes:
    first, last = header.first, header.last
    steps = first.step, last.step
    timestamps = first.timestamp, last.timestamp, header.min_timestamp, header.max_timestamp
    return _HEADER.pack(PACKED, header.count, *steps, *timestamps, first.value, last.value, crc)


def _unpack_header(view: memoryview) -> tuple[Header, int]:
    _, count, *numbers, first_value, last_value, crc = _HEADER.unpack_from(view)
    first_step, last_step, first_timestamp, last_timestamp, min_timestamp, max_timestamp = numbers
    _check(view[: _HEADER.size], _CRC.unpack_from(view, _HEADER.size)[0])
    if not 0 < count <= MAX_POINTS:
        raise ValueError(f"it claims {count} points")
    first = Position.of(first_step, first_timestamp, first_value)
    last = Position.of(last_step, last_timestamp, last_value)
    return Header(count, first, last, min_timestamp, max_timestamp), crc


def _decode_packed(view: memoryview) -> Points:
    header, crc = _unpack_header(view)
    _check(view[_COLUMNS:], crc)
    cursor = Cursor(view, _COLUMNS)
    steps, timestamps = decode_integers(cursor, header.count), decode_integers(cursor, header.count)
    values = decode_reals(cursor, header.count)
    if cursor.left:
        raise ValueError(f"{cursor.left} bytes follow its columns")
    return Points(steps, timestamps, values)


def _encode_bare(points: Points) -> bytes:
    body = bytes((BARE, len(points))) + points.steps.tobytes() + points.timestamps.tobytes() + points.values.tobytes()
    return body + _CRC.pack(zlib.crc32(body))


def _decode_bare(view: memoryview) -> Points:
    body, n = view[: -_CRC.size], view[1] if len(view) > 1 else 0
    _check(body, *_CRC.unpack(view[-_CRC.size :]))
    if len(body) != 2 + 24 * n or not n:
        raise ValueError(f"it claims {n} points in {len(body)} bytes")
    integers = np.frombuffer(body, "<i8", 2 * n, 2)
    return Points(integers[:n], integers[n:], np.frombuffer(body, "<f8", n, 2 + 16 * n))


def _check(data: memoryview, crc: int) -> None:
    if zlib.crc32(data) != crc:
        raise ValueError("its checksum differs")
