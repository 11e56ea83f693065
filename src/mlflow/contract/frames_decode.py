"""Reading frames: METRICS by the column, the rest one by one."""

from __future__ import annotations

import array
import struct
from collections.abc import Iterator

import msgspec

from mlflow._numpy import np, npt
from mlflow.contract import frames_operations as operations
from mlflow.contract.frames import HEAD, MAX_FRAME, PackedSeries, walk
from mlflow.contract.frames_checksums import mismatches
from mlflow.contract.frames_operations import Kind, Metrics, Operation, Series, Unreadable
from mlflow.exceptions import DataLoss

__all__ = ["Definitions", "decoded"]

METRICS_BODY = 25
STREAK = 16

_RECORDS: dict[int, msgspec.msgpack.Decoder[Operation]] = {
    record.kind: msgspec.msgpack.Decoder(record)
    for record in (
        operations.ModelMetrics,
        operations.Params,
        operations.Tags,
        operations.CreateExperiment,
        operations.CreateRun,
        operations.UpdateRun,
        operations.LogInputs,
        operations.Artifact,
        operations.Heartbeat,
    )
}
_series = msgspec.msgpack.Decoder(PackedSeries)
_keys = msgspec.msgpack.Decoder(tuple[str, ...])
_head = struct.Struct("<I4xB").unpack_from


class Definitions:
    """What the indices of METRICS frames stand for."""

    def __init__(self, data: bytes = b"") -> None:
        self.runs: dict[int, str] = {}
        self.keys: dict[int, tuple[str, ...]] = {}
        for found in walk(data):
            self.add(found.kind, data[found.start + 9 : found.end])

    def add(self, kind: int, payload: bytes) -> None:
        """Take in a RUN or KEYS frame; one that cannot be read leaves its index undefined."""
        try:
            index = int.from_bytes(payload[:4], "little")
            if kind == Kind.RUN:
                self.runs[index] = payload[4:].decode()
            elif kind == Kind.KEYS:
                self.keys[index] = _keys.decode(payload[4:])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return


def decoded(definitions: bytes, frames: bytes | memoryview, start: int) -> Iterator[Operation]:
    """Yield the operations of a slice; see `mlflow.contract.frames.decode`."""
    view = memoryview(frames)
    data = np.frombuffer(view, np.uint8)
    known = Definitions(definitions)
    position = 0
    while position < len(view):
        heads, stop = _gather(view, position)
        if heads:
            yield from _Block(data, heads, position, stop, start).operations(known)
            position = stop
            continue
        found = next(walk(view[position : position + 8 + _length(view, position)]), None)
        if found is None:
            raise _damaged(start + position)
        payload = bytes(view[position + 9 : position + found.end])
        position += found.end
        if found.kind in (Kind.RUN, Kind.KEYS):
            known.add(found.kind, payload)
        else:
            yield _record(found.kind, payload, start + position)


def _length(view: memoryview, position: int) -> int:
    """The length that stands at a position; 0 where no whole frame can start."""
    if position + 9 > len(view):
        return 0
    length: int = HEAD.unpack_from(view, position)[0]
    return length if length <= MAX_FRAME else 0


def _damaged(offset: int) -> DataLoss:
    return DataLoss(f"The journal is damaged at offset {offset}: its bytes do not match their checksum. Send it again.")


def _record(kind: int, payload: bytes, end: int) -> Operation:
    try:
        if kind == Kind.SERIES:
            return _series_record(_series.decode(payload), end)
        operation = _RECORDS[kind].decode(payload)
    except KeyError:
        return Unreadable(end, f"Frames of kind {kind} and this shape are newer than this version.", end=end)
    except (msgspec.MsgspecError, ValueError, RecursionError) as exc:
        return Unreadable(end, f"The frame's content cannot be read: {exc}", end=end)
    msgspec.structs.force_setattr(operation, "end", end)
    return operation


def _series_record(packed: PackedSeries, end: int) -> Series:
    columns = (
        np.frombuffer(packed.steps, "<i8"),
        np.frombuffer(packed.timestamps, "<i8"),
        np.frombuffer(packed.values, "<f8"),
    )
    if len({len(column) for column in columns}) != 1:
        raise ValueError("the columns of the series differ in length")
    return Series(packed.run_id, packed.key, *columns, end=end)


class _Heads:
    """Where frames of one length begin: one by one, and whole runs of neighbours."""

    def __init__(self) -> None:
        self.single = array.array("q")
        self.runs: list[npt.NDArray[np.int64]] = []

    def positions(self) -> npt.NDArray[np.int64]:
        """All of them, ascending."""
        return np.sort(np.concatenate([np.frombuffer(self.single, np.int64), *self.runs]))


def _gather(view: memoryview, position: int) -> tuple[dict[int, _Heads], int]:
    """Where the METRICS frames from a position on lie, by the length of their bodies, and where they stop."""
    found: dict[int, _Heads] = {}
    size, previous, streak = len(view), 0, 0
    while position + 8 + METRICS_BODY <= size:
        length, kind = _head(view, position)
        stride = 8 + length
        if kind != Kind.METRICS or length < METRICS_BODY or length & 7 != 1 or position + stride > size:
            break
        if length not in found:
            found[length] = _Heads()
        streak = streak + 1 if length == previous else 0
        previous = length
        if streak == STREAK:
            count = _gallop(view, position, length)
            found[length].runs.append(np.arange(position, position + count * stride, stride, dtype=np.int64))
            position, streak = position + count * stride, 0
        else:
            found[length].single.append(position)
            position += stride
    return found, position


def _gallop(view: memoryview, position: int, length: int) -> int:
    """How many METRICS frames of one length follow each other, looking at ever larger windows."""
    stride, count, window = 8 + length, 1, 256
    most = (len(view) - position) // stride
    head = np.frombuffer(bytes((*length.to_bytes(4, "little"), Kind.METRICS)), np.uint8)
    while count < most:
        rows = min(window, most - count)
        at = position + count * stride
        heads = np.frombuffer(view[at : at + rows * stride], np.uint8).reshape(rows, stride)
        same = (heads[:, [0, 1, 2, 3, 8]] == head).all(axis=1)
        if not same.all():
            return count + int(same.argmin())
        count, window = count + rows, window * 4
    return count


class _Block:
    """METRICS frames with nothing else between them, gathered by their length."""

    def __init__(
        self, data: npt.NDArray[np.uint8], heads: dict[int, _Heads], first: int, stop: int, start: int
    ) -> None:
        self.data, self.heads, self.first, self.stop, self.start = data, heads, first, stop, start

    def operations(self, known: Definitions) -> Iterator[Operation]:
        """Yield one operation per run and keys, then raise DataLoss where the block is damaged."""
        gathered = [self._rows(length, heads) for length, heads in self.heads.items()]
        bad = min(
            (int(positions[wrong].min()) for rows, positions in gathered if (wrong := mismatches(rows)).any()),
            default=self.stop,
        )
        groups = [group for rows, positions in gathered for group in self._groups(rows, positions, bad, known)]
        groups.sort(key=lambda group: group[0])
        for at, (_, operation) in enumerate(groups, 1):
            watermark = bad if at == len(groups) else self.first
            msgspec.structs.force_setattr(operation, "end", self.start + watermark)
            yield operation
        if bad < self.stop:
            raise _damaged(self.start + bad)

    def _rows(self, length: int, heads: _Heads) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
        """The frames of one length as uint8[n, 8 + length], and the positions of their heads."""
        stride, positions = 8 + length, heads.positions()
        first, stop = int(positions[0]), int(positions[-1]) + stride
        if stop - first == len(positions) * stride:
            return self.data[first:stop].reshape(-1, stride), positions
        return np.lib.stride_tricks.sliding_window_view(self.data, stride)[positions], positions

    def _groups(
        self, rows: npt.NDArray[np.uint8], positions: npt.NDArray[np.int64], bad: int, known: Definitions
    ) -> Iterator[tuple[int, Operation]]:
        """The operations of frames of one length before the damage, each with the position of its first frame."""
        good = positions < bad
        if not good.all():
            rows, positions = rows[good], positions[good]
        indices = np.ascontiguousarray(rows[:, 9:17]).view("<u8").ravel()
        if len(indices) and (indices == indices[0]).all():
            yield from self._operations(rows, positions, int(indices[0]), known)
            return
        for index in np.unique(indices):
            own = indices == index
            yield from self._operations(rows[own], positions[own], int(index), known)

    def _operations(
        self, rows: npt.NDArray[np.uint8], positions: npt.NDArray[np.int64], index: int, known: Definitions
    ) -> Iterator[tuple[int, Operation]]:
        run, keys = index & 0xFFFFFFFF, index >> 32
        names, width = known.keys.get(keys), (rows.shape[1] - 8 - METRICS_BODY) // 8
        ends = positions + (self.start + rows.shape[1])
        if run not in known.runs or names is None or len(names) != width:
            reason = f"Run {run} or keys {keys} of {width} values are not defined before this frame."
            for position, end in zip(positions.tolist(), ends.tolist(), strict=True):
                yield position, Unreadable(end, reason)
            return
        numbers = np.ascontiguousarray(rows[:, 17:])
        steps = numbers[:, :16].copy().view("<i8")
        values = numbers[:, 16:].copy().view("<f8")
        yield int(positions[0]), Metrics(known.runs[run], names, steps[:, 0].copy(), steps[:, 1].copy(), values, ends)
