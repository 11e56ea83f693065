"""A place in stored bytes that moves forward as they are read and never past their end."""

from __future__ import annotations

import struct
from typing import Any


class Cursor:
    """Reads bytes from the front.

    Args:
        data: the bytes.
        offset: where to start.
    """

    __slots__ = ("_data", "_offset")

    def __init__(self, data: memoryview, offset: int = 0) -> None:
        self._data = data
        self._offset = offset

    def take(self, size: int) -> memoryview:
        """The next `size` bytes; ValueError when fewer are left."""
        end = self._offset + size
        if end > len(self._data):
            raise ValueError(f"{size} bytes are wanted where {len(self._data) - self._offset} are left")
        part = self._data[self._offset : end]
        self._offset = end
        return part

    def unpack(self, form: struct.Struct) -> tuple[Any, ...]:
        """The next members, as `form` tells; struct.error when too few bytes are left."""
        members = form.unpack_from(self._data, self._offset)
        self._offset += form.size
        return members

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self._data) - self._offset
