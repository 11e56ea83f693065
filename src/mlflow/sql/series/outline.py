"""Outlines: a segment in one cell for every 256 points, so that a wide chart need not read the points.

    offset  size  what
    0       1     form: 1
    1       1     zero
    2       2     k, the number of cells
    4       4     CRC-32 of the frame
    8       …     a Zstandard frame of k cells, the first bytes of all cells before the second ones, and so on

A cell is eight members of eight bytes and two of four, in the order of `Cells`; all is little-endian. A segment of no
more than one cell has no outline: its bytes are b"". An outline belongs in a column before its segment, for databases
read rows from the front.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Self

from msgspec import Struct

from mlflow._numpy import np, npt
from mlflow.exceptions import DataLoss
from mlflow.sql.series import zstd
from mlflow.sql.series.groups import Groups
from mlflow.sql.series.points import Index, Integers, Points, Reals

POINTS_A_CELL = 256

_HEAD = struct.Struct("<BxHI")
_FORM = 1


class Cells(Struct, frozen=True, eq=False):
    """Columns of equal length; each position sums up points that follow each other.

    Attributes:
        first_step: the least step.
        last_step: the greatest step.
        min_timestamp: milliseconds.
        max_timestamp: milliseconds.
        min: the least number; NaN, as the next three, when all points are NaN.
        max: the greatest number.
        mean: of the numbers.
        last: the number that comes last.
        numbers: points that are not NaN.
        count: points.
    """

    first_step: Integers
    last_step: Integers
    min_timestamp: Integers
    max_timestamp: Integers
    min: Reals
    max: Reals
    mean: Reals
    last: Reals
    numbers: npt.NDArray[np.integer]
    count: npt.NDArray[np.integer]

    @classmethod
    def of(cls, points: Points, starts: npt.NDArray[np.intp]) -> Self:
        """A cell for each run of points; the runs start at `starts`, which ascend from 0."""
        groups = Groups(starts, points)
        return cls(
            np.minimum.reduceat(points.steps, starts),
            np.maximum.reduceat(points.steps, starts),
            np.minimum.reduceat(points.timestamps, starts),
            np.maximum.reduceat(points.timestamps, starts),
            groups.least(),
            groups.greatest(),
            groups.mean(),
            groups.last(),
            groups.numbers,
            groups.counts,
        )

    @classmethod
    def joined(cls, parts: Sequence[Cells]) -> Self:
        """All cells of at least one part, one part after the other."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__struct_fields__))

    def __len__(self) -> int:
        return len(self.count)

    def __getitem__(self, index: Index) -> Cells:
        return Cells(*(getattr(self, name)[index] for name in self.__struct_fields__))


_CELL = [(name, "<i8" if i < 4 else "<f8" if i < 8 else "<u4") for i, name in enumerate(Cells.__struct_fields__)]
_CELL_BYTES = sum(int(kind[-1]) for _, kind in _CELL)


def encode_outline(points: Points) -> bytes:
    """The outline of a segment's points."""
    if len(points) <= POINTS_A_CELL:
        return b""
    cells = Cells.of(points, np.arange(0, len(points), POINTS_A_CELL))
    rows = np.empty(len(cells), _CELL)
    for name in Cells.__struct_fields__:
        rows[name] = getattr(cells, name)
    frame = zstd.compress(rows.view(np.uint8).reshape(-1, _CELL_BYTES).T.tobytes())
    return _HEAD.pack(_FORM, len(cells), zlib.crc32(frame)) + frame


def decode_outlines(outlines: Sequence[bytes]) -> tuple[Cells, npt.NDArray[np.intp]]:
    """The cells of several outlines, and for each cell the index of its outline.

    Raises:
        DataLoss: the bytes are not those of an outline.
    """
    try:
        planes = [_planes(outline) for outline in outlines]
    except (struct.error, ValueError) as exc:
        raise DataLoss(f"A stored outline of metrics is damaged: {exc}. Restore the database from a backup.") from exc
    counts = np.array([len(part) // _CELL_BYTES for part in planes], np.intp)
    rows = _rows(planes, counts)
    return Cells(*(rows[name] for name in Cells.__struct_fields__)), np.repeat(np.arange(len(counts)), counts)


def _planes(outline: bytes) -> bytes:
    if not outline:
        return b""
    form, k, crc = _HEAD.unpack_from(outline)
    frame = outline[_HEAD.size :]
    if form != _FORM or zlib.crc32(frame) != crc:
        raise ValueError("its form or checksum differs")
    return zstd.decompress(frame, k * _CELL_BYTES)


def _rows(planes: Sequence[bytes], counts: npt.NDArray[np.intp]) -> npt.NDArray[np.void]:
    # runs of outlines of one length, which nearly all are, are turned round in one go
    breaks = np.flatnonzero(np.diff(counts)) + 1
    parts = [np.empty(0, _CELL)]
    for start, end in zip([0, *breaks.tolist()], [*breaks.tolist(), len(counts)], strict=True):
        if start < end and counts[start]:
            cube = np.frombuffer(b"".join(planes[start:end]), np.uint8).reshape(end - start, _CELL_BYTES, -1)
            parts.append(np.ascontiguousarray(cube.transpose(0, 2, 1)).view(_CELL).reshape(-1))
    return np.concatenate(parts)
