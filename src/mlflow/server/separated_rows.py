"""Rows of text whose cells are separated, such as CSV."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterable, Iterator

__all__ = ["SeparatedRows"]

_LONGEST_LINE = 8 << 20  # characters
_PIECE = 1 << 16  # bytes


class SeparatedRows:
    """Rows one after another; most of those that nobody looks at are counted by the ends of their lines.

    Args:
        blocks: the file's bytes; those that are no UTF-8 become a mark.
        separator: of cells.

    Raises:
        csv.Error: while they are read, for what is no table.
    """

    def __init__(self, blocks: Iterable[bytes], separator: str) -> None:
        self._pieces = _pieces(blocks)
        self._piece = io.StringIO()
        self._rows = csv.reader(self._lines(), delimiter=separator)

    def __iter__(self) -> Iterator[list[str]]:
        return self._rows

    def skip(self, most: int | None = None) -> int:
        """Pass over so many rows, or all; how many there were."""
        skipped = self._skip_plain(most)
        return skipped + sum(1 for _ in itertools.islice(self._rows, None if most is None else most - skipped))

    def _lines(self) -> Iterator[str]:
        piece = self._piece
        while True:
            yield from piece
            if self._piece is piece and not self._next_piece():
                return
            piece = self._piece

    def _next_piece(self) -> bool:
        piece = next(self._pieces, None)
        self._piece = io.StringIO(piece, newline="\n")
        return piece is not None

    def _skip_plain(self, most: int | None) -> int:
        """Pass over rows as long as each is a line, in whole pieces of the file."""
        skipped = 0
        while True:
            place = self._piece.tell()
            text = self._piece.read()
            lines = text.count("\n") + (text[-1:] not in {"", "\n"})
            if not _is_plain(text) or (most is not None and skipped + lines > most):
                self._piece.seek(place)
                return skipped
            skipped += lines
            if not self._next_piece():
                return skipped


def _is_plain(text: str) -> bool:
    """Whether each line of a text is a row: no cell that is quoted may hold the end of one."""
    return '"' not in text and text.count("\r") == text.count("\r\n")


def _pieces(blocks: Iterable[bytes]) -> Iterator[str]:
    """Texts that end where a line does."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    rest = ""
    for part in (block[start : start + _PIECE] for block in blocks for start in range(0, len(block), _PIECE)):
        text = rest + decoder.decode(part)
        end = text.rfind("\n") + 1
        if end:
            yield text[:end]
        rest = text[end:]
        if len(rest) > _LONGEST_LINE:
            raise csv.Error(f"a line has over {_LONGEST_LINE} characters")
    if rest := rest + decoder.decode(b"", True):
        yield rest
