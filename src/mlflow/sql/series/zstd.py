"""Zstandard frames without magic number and sizes, which the surrounding formats already know."""

from __future__ import annotations

import threading

import zstandard

LEVEL = 1


class _Contexts(threading.local):
    """A compressor and a decompressor for each thread: neither may be used by two at once."""

    def __init__(self) -> None:
        form = zstandard.FORMAT_ZSTD1_MAGICLESS
        parameters = zstandard.ZstdCompressionParameters.from_level(
            LEVEL, format=form, write_content_size=False, write_checksum=False
        )
        self.compressor = zstandard.ZstdCompressor(compression_params=parameters)
        self.decompressor = zstandard.ZstdDecompressor(format=form)


_contexts = _Contexts()


def compress(data: bytes) -> bytes:
    """One frame; longer than the data by a few bytes when they are random."""
    return _contexts.compressor.compress(data)


def decompress(frame: bytes, size: int) -> bytes:
    """The `size` bytes that a frame holds.

    Raises:
        ValueError: the frame is damaged or holds another number of bytes.
    """
    try:
        data = _contexts.decompressor.decompress(frame, max_output_size=size)
    except zstandard.ZstdError as exc:
        raise ValueError(str(exc)) from exc
    if len(data) != size:
        raise ValueError(f"a frame holds {len(data)} bytes instead of {size}")
    return data
