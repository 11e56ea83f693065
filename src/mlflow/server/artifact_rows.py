"""Which rows of a table are answered: those that contain a text, in the order of a column."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from mlflow.contract.artifacts import TablePage
from mlflow.exceptions import InvalidParameterValue

__all__ = ["Cells", "Wanted", "chosen"]

_MOST = 1000  # rows of a page
_DEEPEST = 100_000  # rows that sorting holds at most

Cells = list[str | None]
Key = tuple[int, float, str]


class Wanted(msgspec.Struct, frozen=True):
    """Which rows are asked for: see the contract's `read_table`.

    Raises:
        InvalidParameterValue: the page is out of bounds.
    """

    offset: int = 0
    limit: int = 100
    sort: str = ""
    search: str = ""
    column: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= _MOST:
            raise InvalidParameterValue(
                f"Invalid value '{self.limit}' for parameter 'limit'; ask for 1 to {_MOST} rows."
            )
        if self.offset < 0:
            raise InvalidParameterValue(f"Invalid value '{self.offset}' for parameter 'offset'; the first row is 0.")

    @property
    def whole(self) -> bool:
        """Whether the answer depends on rows outside the page."""
        return bool(self.sort or self.search)


def chosen(columns: Sequence[str], rows: Iterable[Cells], wanted: Wanted) -> TablePage:
    """The page of the rows that match, in order; `total` counts them.

    Of sorted rows only those up to the page's end are held, however many there are.

    Raises:
        InvalidParameterValue: there is no such column, or the page lies too deep.
    """
    end = wanted.offset + wanted.limit
    counted = _Counted(_matching(columns, rows, wanted))
    if not wanted.sort:
        page = [row for number, row in enumerate(counted) if wanted.offset <= number < end]
        return TablePage(list(columns), page, wanted.offset, counted.count)
    if end > _DEEPEST:
        raise InvalidParameterValue(
            f"Invalid value '{wanted.offset}' for parameter 'offset'; sorted tables are shown up to row {_DEEPEST:,}: "
            "search for less, or sort the other way round."
        )
    descending = wanted.sort.startswith("-") and wanted.sort not in columns
    place = _place(columns, wanted.sort[descending:], "sort")
    pick = heapq.nlargest if descending else heapq.nsmallest
    page = pick(end, counted, key=_key(place, missing=-1 if descending else 2))
    return TablePage(list(columns), page[wanted.offset :], wanted.offset, counted.count)


class _Counted:
    """Rows, and how many of them have been passed on."""

    def __init__(self, rows: Iterator[Cells]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Cells]:
        for row in self.rows:
            self.count += 1
            yield row


def _matching(columns: Sequence[str], rows: Iterable[Cells], wanted: Wanted) -> Iterator[Cells]:
    text = wanted.search.casefold()
    place = _place(columns, wanted.column, "column") if wanted.column else None
    for row in rows:
        cells = row if place is None else row[place : place + 1]
        if not text or any(cell is not None and text in cell.casefold() for cell in cells):
            yield row


def _place(columns: Sequence[str], name: str, parameter: str) -> int:
    if name not in columns:
        raise InvalidParameterValue(f"Invalid value '{name}' for parameter '{parameter}'; name a column of the table.")
    return columns.index(name)


def _key(place: int, missing: int) -> Callable[[Cells], Key]:
    """Numbers by their size, before texts; what is missing, or no number where it says so, is last."""

    def key(row: Cells) -> Key:
        cell = row[place] if place < len(row) else None
        if not cell:
            return missing, 0.0, ""
        try:
            number = float(cell)
        except ValueError:
            return 1, 0.0, cell
        return (missing, 0.0, "") if math.isnan(number) else (0, number, "")

    return key
