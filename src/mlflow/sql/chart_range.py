"""What a chart shows of an axis."""

from __future__ import annotations

import math

from msgspec import Struct

from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.run_rows import RunRow
from mlflow.sql.series.zoom import Axis

__all__ = ["ChartRange"]

MAX_BUCKETS = 10_000
_AXES = ("step", "wall", "relative")
_METRIC = "metric:"
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1


class ChartRange(Struct, frozen=True):
    """What a chart shows: `buckets` equal intervals of an axis from `start` to `end`, None being where the points end.

    `x` is "step", "wall", "relative", or "metric:" with the key of another metric.

    Raises:
        InvalidParameterValue: there is no such axis, the range is empty, or the number of buckets
            is out of bounds.
    """

    x: str
    start: float | None
    end: float | None
    buckets: int

    def __post_init__(self) -> None:
        if self.x not in _AXES and not self.metric:
            raise InvalidParameterValue(
                f"Invalid value '{self.x}' for parameter 'x'; ask for step, wall, relative, or metric:<key>."
            )
        if not 1 <= self.buckets <= MAX_BUCKETS:
            raise InvalidParameterValue(
                f"Invalid value '{self.buckets}' for parameter 'buckets'; ask for 1 to {MAX_BUCKETS}."
            )
        for name in ("start", "end"):
            value = getattr(self, name)
            if value is not None and not math.isfinite(value):
                raise InvalidParameterValue(f"Invalid value '{value}' for parameter '{name}'; give a number.")
        if self.start is not None and self.end is not None and self.start > self.end:
            raise InvalidParameterValue(
                f"Invalid range: start {self.start} is greater than end {self.end}. Exchange them."
            )

    @property
    def metric(self) -> str | None:
        """The key of the metric that x is; None where it is steps or time."""
        return self.x.removeprefix(_METRIC) if self.x.startswith(_METRIC) else None

    @property
    def axis(self) -> Axis:
        """What is divided."""
        return Axis.STEP if self.x == "step" else Axis.TIME

    def origin(self, run: RunRow) -> int:
        """Where x is 0."""
        return run.start_time if self.x == "relative" else 0

    def bounds(self, run: RunRow) -> tuple[int, int]:
        """The least and the greatest integer inside."""
        origin = self.origin(run)
        start = _LOWEST if self.start is None else math.ceil(self.start) + origin
        end = _HIGHEST if self.end is None else math.floor(self.end) + origin
        return max(start, _LOWEST), min(end, _HIGHEST)
