"""Byte planes: the first bytes of all words, then the second bytes, and so on, each stored the cheapest way.

    offset  size  what
    0       4     the kind of each of eight planes, four bits each, lowest byte of the word first:
                  0 all zero, 1 one byte throughout, 2 raw, 3 a Zstandard frame, 4 bits
    4       …     per plane: nothing; the byte; n bytes; a length (uint32) and a frame; or a byte that tells which bits
                  are ever set, and for each of them, lowest first, n bits in whole bytes

Noise fills the lower planes of a double with bytes that no coder shortens; raw, they cost nothing to read.
"""

from __future__ import annotations

import struct
from typing import TypeAlias

from mlflow._numpy import np, npt
from mlflow.sql.series import zstd
from mlflow.sql.series.cursor import Cursor

Words: TypeAlias = "npt.NDArray[np.uint64]"

ZERO, CONSTANT, RAW, FRAME, BITS = range(5)

_KINDS = struct.Struct("<I")
_LENGTH = struct.Struct("<I")
_WORTH_A_FRAME = 64
"""Bytes from which a frame may pay: Huffman coding needs a table first."""


def encode_planes(words: Words) -> bytes:
    """The planes of at least one 64-bit word."""
    planes = np.ascontiguousarray(words.view(np.uint8).reshape(-1, 8).T)
    ever, always = np.bitwise_or.reduce(words), np.bitwise_and.reduce(words)
    kinds, parts = 0, [b""]
    for index, plane in enumerate(planes):
        used, constant = int(ever) >> 8 * index & 255, int(ever ^ always) >> 8 * index & 255 == 0
        kind, data = _constant(used) if constant else _varied(plane, used)
        kinds |= kind << 4 * index
        parts.append(data)
    parts[0] = _KINDS.pack(kinds)
    return b"".join(parts)


def decode_planes(cursor: Cursor, n: int) -> Words:
    """The n words whose planes start at the cursor, which moves past them.

    Raises:
        ValueError: the bytes are damaged.
        struct.error: they end early.
    """
    (kinds,) = cursor.unpack(_KINDS)
    planes = np.zeros((n, 8), np.uint8)
    for index in range(8):
        kind = kinds >> 4 * index & 15
        if kind != ZERO:
            planes[:, index] = _plane(cursor, kind, n)
    return planes.view("<u8").reshape(n)


def _constant(byte: int) -> tuple[int, bytes]:
    return (CONSTANT, bytes((byte,))) if byte else (ZERO, b"")


def _varied(plane: npt.NDArray[np.uint8], used: int) -> tuple[int, bytes]:
    n = len(plane)
    sizes = {RAW: n, BITS: 1 + used.bit_count() * ((n + 7) // 8)}
    frame = zstd.compress(plane.tobytes()) if n >= _WORTH_A_FRAME else b""
    if frame:
        sizes[FRAME] = _LENGTH.size + len(frame)
    kind = min(sizes, key=sizes.__getitem__)
    if kind == FRAME:
        return FRAME, _LENGTH.pack(len(frame)) + frame
    return kind, plane.tobytes() if kind == RAW else _bits(plane, used)


def _bits(plane: npt.NDArray[np.uint8], used: int) -> bytes:
    parts = [np.packbits(plane >> bit & 1).tobytes() for bit in range(8) if used >> bit & 1]
    return bytes((used,)) + b"".join(parts)


def _plane(cursor: Cursor, kind: int, n: int) -> npt.NDArray[np.uint8] | int:
    if kind == CONSTANT:
        return cursor.take(1)[0]
    if kind == RAW:
        return np.frombuffer(cursor.take(n), np.uint8)
    if kind == FRAME:
        (length,) = cursor.unpack(_LENGTH)
        return np.frombuffer(zstd.decompress(bytes(cursor.take(length)), n), np.uint8)
    if kind == BITS:
        return _from_bits(cursor, n)
    raise ValueError(f"a plane has the unknown kind {kind}")


def _from_bits(cursor: Cursor, n: int) -> npt.NDArray[np.uint8]:
    plane = np.zeros(n, np.uint8)
    used = cursor.take(1)[0]
    for bit in range(8):
        if used >> bit & 1:
            packed = np.frombuffer(cursor.take((n + 7) // 8), np.uint8)
            plane |= np.unpackbits(packed, count=n) << np.uint8(bit)
    return plane
