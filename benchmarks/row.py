"""One line of the table of speeds."""

from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table; with ``more`` a larger figure is better, and ``ratio`` is a goal relative to the other."""

    key: str
    label: str
    unit: str
    goal: float | None = None
    more: bool = False
    ratio: float | None = None
