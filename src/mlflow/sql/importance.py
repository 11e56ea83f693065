"""What params tell about a metric: rank correlation of numbers, the correlation ratio of words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from mlflow._numpy import np, npt
from mlflow.contract.columns import Figures, Importance, RunGroup

__all__ = ["group", "importance", "members_of"]

Reals: TypeAlias = "npt.NDArray[np.float64]"
Value = float | str | None

_FEWEST = 3  # runs that a correlation needs


def importance(names: Sequence[str], columns: Sequence[Sequence[Value]], target: Sequence[Value]) -> list[Importance]:
    """What each column tells about the target, the most telling first."""
    y = np.array([value if isinstance(value, int | float) else None for value in target], dtype=np.float64)
    found = [one for name, column in zip(names, columns, strict=True) if (one := _tells(name, column, y))]
    return sorted(found, key=lambda one: (-one.score, one.column))


def _tells(name: str, column: Sequence[Value], target: Reals) -> Importance | None:
    """What one column tells; a run that has no number of the target, NaN there, does not count."""
    known = ~np.isnan(target) & np.array([value is not None for value in column], dtype=bool)
    y = target[known]
    if len(y) < _FEWEST or y.min() == y.max():
        return None
    if not any(isinstance(value, str) for value in column):
        x = np.array(column, dtype=np.float64)[known]
        if x.min() == x.max():
            return None
        rho = _correlation(_ranks(x), _ranks(y))
        return Importance(name, "number", abs(rho), 1 if rho > 0 else -1 if rho < 0 else 0, len(y))
    words = [str(value) for value, there in zip(column, known, strict=True) if there]
    if len(set(words)) < 2:
        return None
    return Importance(name, "word", _ratio(words, y), 0, len(y))


def _ranks(values: Reals) -> Reals:
    """Ranks from 1; equal values share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Reals = ((2 * ends - counts + 1) / 2)[inverse]
    return ranks


def _correlation(a: Reals, b: Reals) -> float:
    """Pearson's; of ranks it is Spearman's."""
    a, b = a - a.mean(), b - b.mean()
    return float(np.clip((a @ b) / np.sqrt((a @ a) * (b @ b)), -1.0, 1.0))


def _ratio(words: Sequence[str], y: Reals) -> float:
    """η² (Fisher 1925): the variance between groups over the whole."""
    _, inverse, counts = np.unique(np.array(words), return_inverse=True, return_counts=True)
    means = np.bincount(inverse, weights=y) / counts
    between = counts @ (means - y.mean()) ** 2
    return float(np.clip(between / ((y - y.mean()) @ (y - y.mean())), 0.0, 1.0))


def group(by: Sequence[Sequence[Value]], columns: Sequence[Sequence[Value]], count: int) -> list[RunGroup]:
    """Rows in groups that are alike in `by`, the largest first."""
    return [
        RunGroup(list(values), len(rows), [_figures([column[row] for row in rows]) for column in columns])
        for values, rows in members_of(by, count)
    ]


def members_of(by: Sequence[Sequence[Value]], count: int) -> list[tuple[tuple[str | None, ...], list[int]]]:
    """The values of each group with its rows, the largest group first."""
    members: dict[tuple[str | None, ...], list[int]] = {}
    for row in range(count):
        members.setdefault(tuple(_text(column[row]) for column in by), []).append(row)
    return sorted(members.items(), key=lambda one: (-len(one[1]), [value or "" for value in one[0]]))


def _text(value: Value) -> str | None:
    return value if value is None or isinstance(value, str) else f"{value:.15g}"


def _figures(values: Sequence[Value]) -> Figures:
    numbers = np.array([value for value in values if isinstance(value, int | float)], dtype=np.float64)
    if not len(numbers):
        return Figures(0, None, None, None, None)
    std = float(numbers.std(ddof=1)) if len(numbers) > 1 else None
    return Figures(len(numbers), float(numbers.mean()), std, float(numbers.min()), float(numbers.max()))
