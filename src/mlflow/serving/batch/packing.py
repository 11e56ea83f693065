"""Files that are packed by gzip or zstd, as the end of their names says."""

from __future__ import annotations

import contextlib
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

__all__ = ["PACKINGS", "packed", "unpacked"]

PACKINGS = ("", ".gz", ".zst")
"""What the names of texts may end with."""


def unpacked(stream: IO[bytes]) -> IO[bytes]:
    """What a stream holds; one without a name, as stdin, is not packed."""
    match Path(str(getattr(stream, "name", ""))).suffix.lower():
        case ".gz":
            return cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
        case ".zst":
            import zstandard

            source = zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True, closefd=False)
            return io.BufferedReader(source)
    return stream


@contextlib.contextmanager
def packed(stream: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """What packs as it writes to a stream, which stays open."""
    match Path(name).suffix.lower():
        case ".gz":
            with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=stream, mtime=0) as file:
                yield cast("IO[bytes]", file)
        case ".zst":
            import zstandard

            with zstandard.ZstdCompressor().stream_writer(stream, closefd=False) as writer:
                yield cast("IO[bytes]", writer)
        case _:
            yield stream
