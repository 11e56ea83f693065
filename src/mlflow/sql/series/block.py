"""Blocks: the points of one request as it arrived, in bytes that are quick to write.

    offset  size  what
    0       1     form: 1 plain, 2 packed
    1       3     zero
    4       4     n, the number of points
    8       …     plain:  n steps, n timestamps (int64), n values (float64), n keys (int32)
                  packed: n values, then a frame of the differences of n steps, n timestamps, n keys (all int64)
    -4      4     CRC-32 of everything before

Little-endian. A point alone takes 40 bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from itertools import chain

from mlflow._numpy import np
from mlflow.exceptions import DataLoss, InvalidParameterValue
from mlflow.sql.series import zstd
from mlflow.sql.series.points import LARGEST, Batch, Integers, Points, clamp

PLAIN, PACKED = 1, 2
PACKED_FROM = 32
"""Points from which the packed form is written: below, its fixed costs outweigh what it saves."""
MAX_POINTS = 1 << 20
"""Points a block may hold."""

_HEAD = struct.Struct("<B3xI")
_CRC = struct.Struct("<I")
_ONE = struct.Struct("<B3xIqqdi")


def encode_block(
    keys: Sequence[int], steps: Sequence[int], timestamps: Sequence[int], values: Sequence[float]
) -> bytes:
    """A block of points given as lists of equal length; infinities are clamped.

    Raises:
        InvalidParameterValue: a step or timestamp is no 64-bit integer, or a value no number.
        ValueError: there are more than `MAX_POINTS`.
    """
    if len(keys) > MAX_POINTS:
        raise ValueError(f"a block holds at most {MAX_POINTS} points, not {len(keys)}")
    try:
        body = _body(keys, steps, timestamps, values)
    except (struct.error, TypeError, OverflowError) as exc:
        raise InvalidParameterValue(
            f"A metric is out of range: {exc}. Send steps and timestamps as 64-bit integers and values as numbers."
        ) from exc
    return body + _CRC.pack(zlib.crc32(body))


def encode_batch(batch: Batch) -> bytes:
    """A block of points given as columns; infinities are clamped.

    Raises:
        ValueError: there are none, or more than `MAX_POINTS`.
    """
    n, points = len(batch), batch.points
    if not 0 < n <= MAX_POINTS:
        raise ValueError(f"a block holds 1 to {MAX_POINTS} points, not {n}")
    reals = clamp(points.values).astype("<f8", copy=False).tobytes()
    if n < PACKED_FROM:
        plain = np.concatenate([points.steps, points.timestamps]).astype("<i8", copy=False).tobytes()
        body = _HEAD.pack(PLAIN, n) + plain + reals + batch.keys.astype("<i4", copy=False).tobytes()
    else:
        integers = np.concatenate([points.steps, points.timestamps, batch.keys.astype(np.int64)])
        body = _HEAD.pack(PACKED, n) + reals + _differences(integers)
    return body + _CRC.pack(zlib.crc32(body))


def decode_block(data: bytes) -> Batch:
    """The points of a block, in the order they were given.

    Raises:
        DataLoss: the bytes are not those of a block.
    """
    try:
        return _decode(memoryview(data))
    except (struct.error, ValueError) as exc:
        raise DataLoss(f"A stored block of metrics is damaged: {exc}. Restore the database from a backup.") from exc


def _body(keys: Sequence[int], steps: Sequence[int], timestamps: Sequence[int], values: Sequence[float]) -> bytes:
    n = len(keys)
    if n == 1:
        return _ONE.pack(PLAIN, 1, steps[0], timestamps[0], _clamped(values[0]), keys[0])
    reals = clamp(np.frombuffer(struct.pack(f"<{n}d", *values), "<f8")).tobytes()
    if n < PACKED_FROM:
        integers = struct.pack(f"<{2 * n}q", *steps, *timestamps)
        return _HEAD.pack(PLAIN, n) + integers + reals + struct.pack(f"<{n}i", *keys)
    packed = struct.pack(f"<{3 * n}q", *chain(steps, timestamps, keys))
    return _HEAD.pack(PACKED, n) + reals + _differences(np.frombuffer(packed, "<i8"))


def _differences(integers: Integers) -> bytes:
    return zstd.compress(np.diff(integers, prepend=np.int64(0)).astype("<i8", copy=False).tobytes())


def _clamped(value: float) -> float:
    # NaN fails both comparisons and stays
    return LARGEST if value > LARGEST else max(value, -LARGEST)


def _decode(data: memoryview) -> Batch:
    (expected,) = _CRC.unpack(data[-4:])
    body = data[:-4]
    if zlib.crc32(body) != expected:
        raise ValueError("its checksum differs")
    form, n = _HEAD.unpack_from(body)
    if n > MAX_POINTS:
        raise ValueError(f"it claims {n} points")
    if form == PLAIN:
        return _plain(body[_HEAD.size :], n)
    if form == PACKED:
        return _packed(body[_HEAD.size :], n)
    raise ValueError(f"its form is {form}")


def _plain(body: memoryview, n: int) -> Batch:
    if len(body) != 28 * n:
        raise ValueError(f"it holds {len(body)} bytes for {n} points")
    integers = np.frombuffer(body, "<i8", 2 * n)
    values = np.frombuffer(body, "<f8", n, 16 * n)
    keys = np.frombuffer(body, "<i4", n, 24 * n)
    return Batch(keys, Points(integers[:n], integers[n:], values))


def _packed(body: memoryview, n: int) -> Batch:
    values = np.frombuffer(body, "<f8", n)
    differences = np.frombuffer(zstd.decompress(bytes(body[8 * n :]), 24 * n), "<i8")
    steps, timestamps, keys = np.cumsum(differences).reshape(3, n)
    return Batch(keys.astype(np.int32), Points(steps, timestamps, values))
