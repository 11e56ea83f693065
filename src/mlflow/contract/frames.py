"""The frames of a client's journal: their bytes, how to write them, how to walk over them.

A frame is a little-endian `u32 length · u32 crc32 · u8 kind · payload`; length and checksum cover kind and payload. A
zero length is the end of the log, since a journal lies in a file preallocated with zeros. The **sequence number** of a
frame is its end offset in the journal's byte stream.

    RUN       u32 index, run id in UTF-8
    KEYS      u32 index, msgpack array of metric keys
    METRICS   u32 run, u32 keys, i64 step, i64 timestamp, f64 value per key         one log_metrics call
    SERIES    msgpack of run_id, key and three packed little-endian columns         a piece of log_metric_history
    others    msgpack of the record of that kind in frames_operations, without `end`

RUN and KEYS define the indices that METRICS use; a definition holds for the rest of its file and is never changed.
"""

from __future__ import annotations

import array
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from mlflow.contract.frames_operations import Kind, Operation
from mlflow.exceptions import InvalidParameterValue

__all__ = [
    "HEAD",
    "MAX_FRAME",
    "Frame",
    "Ingested",
    "PackedSeries",
    "Rejected",
    "decode",
    "encode",
    "frame",
    "keys_frame",
    "metrics_body",
    "prefix",
    "run_frame",
    "series_frames",
    "walk",
]

MAX_FRAME = 2**24 - 1
"""Bytes of the longest kind and payload: the high byte of a length is zero, which recovery leans on."""

HEAD = struct.Struct("<IIB")
SERIES_POINTS = 40_000
prefix = struct.Struct("<II").pack
_INDEX = struct.Struct("<BI")
_packer = msgspec.msgpack.Encoder()


class Rejected(msgspec.Struct, frozen=True):
    """A frame the store refused for good: its sequence number, and why."""

    offset: int
    error_code: str
    message: str


class Ingested(msgspec.Struct, frozen=True):
    """What became of a slice of frames: the highest sequence number applied, and those set aside on the way there."""

    applied: int
    rejected: list[Rejected] = []


class PackedSeries(msgspec.Struct, frozen=True):
    """The payload of a SERIES frame: int64, int64 and float64 columns of equal length."""

    run_id: str
    key: str
    steps: bytes
    timestamps: bytes
    values: bytes


class Frame(NamedTuple):
    """Where a frame lies in the bytes walked over: its head at `start`, its payload from `start + 9` to `end`."""

    kind: int
    start: int
    end: int


def frame(kind: int, payload: bytes) -> bytes:
    """The bytes of one frame.

    Raises:
        InvalidParameterValue: the payload is longer than a frame can be.
    """
    body = bytes((kind,)) + payload
    if len(body) > MAX_FRAME:
        raise InvalidParameterValue(
            f"A record of {len(body)} bytes is longer than the {MAX_FRAME} of a journal frame. Log it in parts."
        )
    return prefix(len(body), zlib.crc32(body)) + body


def encode(operation: Operation) -> bytes:
    """The frame of any record but METRICS and SERIES, which have encoders of their own."""
    kind: Kind = operation.kind  # type: ignore[attr-defined]  # every record written here has one
    return frame(kind, _packed(operation))


def run_frame(index: int, run_id: str) -> bytes:
    """Define `index` as a run's id."""
    return _definition(Kind.RUN, index, _text(run_id))


def keys_frame(index: int, keys: tuple[str, ...]) -> bytes:
    """Define `index` as the metric keys of a call, in their order."""
    return _definition(Kind.KEYS, index, _packed(keys))


def metrics_body(keys: int) -> struct.Struct:
    """The packer of a METRICS body: kind, run index, keys index, step, timestamp, then a value per key."""
    return struct.Struct(f"<BIIqq{keys}d")


def series_frames(
    run_id: str, key: str, steps: Iterable[int], timestamps: Iterable[int], values: Iterable[float]
) -> Iterator[bytes]:
    """The SERIES frames of a history, 40,000 points each.

    Args:
        run_id: whose history it is.
        key: the metric.
        steps: n integers; like the others any iterable, fastest as an array of 64-bit numbers.
        timestamps: n integers, UTC milliseconds.
        values: n floats.

    Raises:
        InvalidParameterValue: the columns differ in length, or hold what is not a 64-bit number.
    """
    columns = [_column("q", steps), _column("q", timestamps), _column("d", values)]
    if len({len(column) for column in columns}) != 1:
        lengths = ", ".join(str(len(column) // 8) for column in columns)
        raise InvalidParameterValue(f"Steps, timestamps and values of {key!r} differ in length: {lengths}.")
    width = SERIES_POINTS * 8
    for at in range(0, len(columns[0]), width):
        piece = PackedSeries(run_id, key, *(column[at : at + width] for column in columns))
        yield frame(Kind.SERIES, _packed(piece))


def walk(data: bytes | memoryview, position: int = 0, *, verify: bool = True) -> Iterator[Frame]:
    """Yield the whole frames from `position` on, until the end of the log, of the data, or a frame that is damaged.

    The last `end` tells where it stopped. Without `verify` checksums are taken on trust.
    """
    view, size = memoryview(data), len(data)
    head, crc32 = HEAD.unpack_from, zlib.crc32
    while position + 9 <= size:
        length, checksum, kind = head(view, position)
        end = position + 8 + length
        if not 0 < length <= MAX_FRAME or end > size or (verify and crc32(view[position + 8 : end]) != checksum):
            return
        yield Frame(kind, position, end)
        position = end


def decode(definitions: bytes, frames: bytes | memoryview, start: int) -> Iterator[Operation]:
    """Yield what a slice of a journal says.

    METRICS frames with nothing but METRICS between them come as one `Metrics` per run and keys, in the order of their
    first frames; all but the last of such a block carry the watermark of what was before the block.

    Args:
        definitions: RUN and KEYS frames that stand before the slice in its file; more of them do no harm.
        frames: whole frames.
        start: the offset of the slice in the journal.

    Raises:
        DataLoss: the bytes at an offset are damaged; the operations before it have been yielded.
    """
    from mlflow.contract.frames_decode import decoded  # loads numpy, which writers of frames do without

    return decoded(definitions, frames, start)


def _definition(kind: Kind, index: int, name: bytes) -> bytes:
    body = _INDEX.pack(kind, index) + name
    return prefix(len(body), zlib.crc32(body)) + body


def _packed(value: Any) -> bytes:
    try:
        return _packer.encode(value)
    except (TypeError, ValueError, OverflowError) as exc:
        raise InvalidParameterValue(f"Cannot write {value!r:.200} to the journal: {exc}.") from exc


def _text(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as exc:
        raise InvalidParameterValue(f"Run id {text!r} is not valid Unicode.") from exc


def _column(typecode: str, numbers: Iterable[int] | Iterable[float]) -> bytes:
    try:
        column = _buffer(typecode, numbers) or array.array(typecode, numbers)
    except (TypeError, ValueError, OverflowError) as exc:
        raise InvalidParameterValue(f"A history's column is not made of 64-bit numbers: {exc}.") from exc
    if sys.byteorder == "big":
        column = array.array(typecode, column.tobytes())
        column.byteswap()
    return column.tobytes()


def _buffer(typecode: str, numbers: object) -> memoryview | None:
    """The memory of an array of the right type, so that numpy columns are not walked number by number."""
    try:
        view = memoryview(numbers)  # type: ignore[arg-type]  # whatever is no buffer raises
    except TypeError:
        return None
    formats = {"q": ("q", "l"), "d": ("d",)}[typecode]
    return view if view.format in formats and view.itemsize == 8 and view.ndim == 1 and view.c_contiguous else None
