"""What is known of a series without reading it: one row per (run, key)."""

from __future__ import annotations

import math

from msgspec import Struct

from mlflow._numpy import np, npt
from mlflow.sql.series.groups import Groups
from mlflow.sql.series.points import Batch, Points


class Summary(Struct, frozen=True, kw_only=True):
    """Figures over all points of one series.

    Attributes:
        count: points, NaN among them.
        nan_count: those that are NaN.
        latest_value: of the greatest step, then timestamp, then value; NaN only where no number shares that place.
        first_value: of the smallest step, then timestamp, then value; NaN as above.
        min_value: None when every point is NaN; so are the other figures that leave NaN out.
        min_step: the smallest step that holds `min_value`; `max_step` likewise.
        mean: of the numbers.
        mean_residue: what rounding took from `mean`; carried along so that the order of merging does not matter.
        last_timestamp: the greatest of all points, in milliseconds.
    """

    count: int
    nan_count: int
    latest_value: float
    latest_step: int
    latest_timestamp: int
    first_value: float
    first_step: int
    first_timestamp: int
    min_value: float | None
    min_step: int | None
    max_value: float | None
    max_step: int | None
    mean: float | None
    mean_residue: float
    last_timestamp: int

    @classmethod
    def of(cls, points: Points) -> Summary:
        """The summary of at least one point; none may repeat, and infinities are clamped already."""
        if not len(points):
            raise ValueError("a summary needs at least one point")
        return summaries_by_key(Batch(np.zeros(len(points), np.int32), points))[0]

    @property
    def numbers(self) -> int:
        """Points that are not NaN."""
        return self.count - self.nan_count

    def merge(self, other: Summary) -> Summary:
        """The summary of both series' points, which have none in common."""
        latest = self if _latest_rank(self) > _latest_rank(other) else other
        first = self if _first_rank(self) < _first_rank(other) else other
        low = _lower(self, other)
        high = _higher(self, other)
        mean, residue = _merged_mean(self, other)
        return Summary(
            count=self.count + other.count,
            nan_count=self.nan_count + other.nan_count,
            latest_value=latest.latest_value,
            latest_step=latest.latest_step,
            latest_timestamp=latest.latest_timestamp,
            first_value=first.first_value,
            first_step=first.first_step,
            first_timestamp=first.first_timestamp,
            min_value=low.min_value,
            min_step=low.min_step,
            max_value=high.max_value,
            max_step=high.max_step,
            mean=mean,
            mean_residue=residue,
            last_timestamp=max(self.last_timestamp, other.last_timestamp),
        )


def summaries_by_key(batch: Batch) -> dict[int, Summary]:
    """The summary of each key's points; no point may repeat, and infinities are clamped already."""
    if not len(batch):
        return {}
    keys, starts, points = batch.grouped()
    groups = Groups(starts, points)
    columns = _columns(groups)
    summaries = {}
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    for key, numbers, row in zip(keys.tolist(), groups.numbers.tolist(), rows, strict=True):
        fields = dict(zip(columns, row, strict=True))
        summaries[key] = Summary(**(fields if numbers else fields | _NO_NUMBERS))
    return summaries


_NO_NUMBERS = dict.fromkeys(("min_value", "min_step", "max_value", "max_step", "mean"))


def _columns(groups: Groups) -> dict[str, npt.NDArray[np.generic]]:
    latest_value, latest_step, latest_timestamp = groups.latest()
    first_value, first_step, first_timestamp = groups.first()
    least, greatest = groups.least(), groups.greatest()
    return {
        "count": groups.counts,
        "nan_count": groups.counts - groups.numbers,
        "latest_value": latest_value,
        "latest_step": latest_step,
        "latest_timestamp": latest_timestamp,
        "first_value": first_value,
        "first_step": first_step,
        "first_timestamp": first_timestamp,
        "min_value": least,
        "min_step": groups.first_step_of(least),
        "max_value": greatest,
        "max_step": groups.first_step_of(greatest),
        "mean": groups.mean(),
        "mean_residue": np.zeros(len(groups.counts)),
        "last_timestamp": groups.last_timestamp(),
    }


def _latest_rank(summary: Summary) -> tuple[int, int, float]:
    value = summary.latest_value
    return summary.latest_step, summary.latest_timestamp, -math.inf if math.isnan(value) else value


def _first_rank(summary: Summary) -> tuple[int, int, float]:
    value = summary.first_value
    return summary.first_step, summary.first_timestamp, math.inf if math.isnan(value) else value


def _lower(one: Summary, other: Summary) -> Summary:
    if one.min_value is None or other.min_value is None:
        return other if one.min_value is None else one
    return min(one, other, key=lambda summary: (summary.min_value, summary.min_step))


def _higher(one: Summary, other: Summary) -> Summary:
    if one.max_value is None or other.max_value is None:
        return other if one.max_value is None else one
    return max(one, other, key=lambda summary: (summary.max_value, -(summary.max_step or 0)))


def _merged_mean(one: Summary, other: Summary) -> tuple[float | None, float]:
    large, small = (one, other) if one.numbers >= other.numbers else (other, one)
    if large.mean is None or small.mean is None:
        return large.mean, large.mean_residue
    # halved, because the difference of two finite doubles may be infinite
    half = (small.mean / 2 - large.mean / 2) + (small.mean_residue - large.mean_residue) / 2
    correction = half * (2 * small.numbers / (large.numbers + small.numbers)) + large.mean_residue
    mean = large.mean + correction
    # Knuth's two-sum: the part of the addition that did not fit
    shift = mean - large.mean
    return mean, (large.mean - (mean - shift)) + (correction - shift)
