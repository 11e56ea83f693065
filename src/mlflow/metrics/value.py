"""What a metric found: a score a row, figures over all rows, or both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["MetricValue", "standard_aggregations"]


def standard_aggregations(scores: Iterable[float | None]) -> dict[str, float]:
    """`mean`, `variance` (over n) and `p90` of the scores; rows without a score do not count."""
    import numpy as np

    known = np.asarray([score for score in scores if score is not None], dtype=float)
    return {"mean": float(known.mean()), "variance": float(known.var()), "p90": float(np.percentile(known, 90))}


@dataclass
class MetricValue:
    """The value of one metric.

    Args:
        scores: one a row, numbers or texts.
        justifications: one a row: why the score is what it is.
        aggregate_results: figures over all rows by name; `standard_aggregations` of numeric scores when omitted.
    """

    scores: Sequence[Any] | None = None
    justifications: Sequence[str] | None = None
    aggregate_results: dict[str, float] | None = None

    def __post_init__(self) -> None:
        if self.aggregate_results is None and _are_numbers(self.scores):
            self.aggregate_results = standard_aggregations(self.scores or ())


def _are_numbers(scores: Any) -> bool:
    return (
        isinstance(scores, (list, tuple))
        and any(score is not None for score in scores)
        and all(score is None or isinstance(score, (int, float)) for score in scores)
    )
