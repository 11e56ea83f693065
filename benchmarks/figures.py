"""What was measured, and how it stands against the goals."""

from statistics import median

from benchmarks.rows import PUBLISHED, THIS, Row


class Figures:
    """Samples by (row, product); a figure is the median of its samples."""

    def __init__(self) -> None:
        self.samples: dict[tuple[str, str], list[float]] = {}
        self.notes: dict[tuple[str, str], str] = {}
        self.missing: dict[str, str] = {}

    def add(self, key: str, product: str, value: float, note: str = "") -> None:
        """Keep one sample; ``note`` says what a reader must know, such as ``scaled × 50``."""
        self.samples.setdefault((key, product), []).append(value)
        if note:
            self.notes[key, product] = note

    def absent(self, name: str, why: str) -> None:
        """Say why another server of models is not measured."""
        self.missing[name] = why

    def others(self, key: str) -> list[str]:
        """What else was measured on a row than the two products."""
        return [name for of_row, name in self.samples if of_row == key and name not in {THIS, PUBLISHED}]

    def figure(self, key: str, product: str) -> float | None:
        samples = self.samples.get((key, product))
        return median(samples) if samples else None

    def ratio(self, row: Row) -> float | None:
        """How many times better than the published one; None when either figure is missing."""
        ours, theirs = self.figure(row.key, THIS), self.figure(row.key, PUBLISHED)
        if ours is None or theirs is None or not ours or not theirs:
            return None
        return ours / theirs if row.more else theirs / ours

    def met(self, row: Row, goal: float | None) -> bool | None:
        """Whether this project's figure reaches the goal; None when there is no figure or no goal."""
        ours = self.figure(row.key, THIS)
        if row.ratio is not None:
            ratio = self.ratio(row)
            return None if ratio is None else ratio >= row.ratio
        if ours is None or goal is None:
            return None
        return ours >= goal if row.more else ours <= goal
