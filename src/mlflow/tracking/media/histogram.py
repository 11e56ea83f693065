"""Histograms over steps: how values are spread, as counts between edges."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mlflow.tracking.media.artifact_file import ArtifactFile
from mlflow.tracking.media.failures import InvalidMedia
from mlflow.tracking.media.series import series_path

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

__all__ = ["render_histogram"]

_BINS_LIMIT = 10_000


def render_histogram(
    name: str,
    values: ArrayLike | None = None,
    *,
    counts: ArrayLike | None = None,
    edges: ArrayLike | None = None,
    bins: int = 64,
    step: int | None = None,
    timestamp: int | None = None,
) -> ArtifactFile:
    """A JSON file with `edges` (ascending), `counts` (one fewer), and the values' min, max, mean, std and count.

    Args:
        name: the histogram's key.
        values: numbers of any shape, counted here into bins of equal width; those that are not finite are told apart in
            `not_finite`. Tensors on a device are fetched.
        counts: ready counts, with `edges`, instead of values.
        edges: one more than counts, ascending.
        bins: how many bins, 1 to 10,000.
        step: 0 unless given.
        timestamp: in milliseconds; now unless given.

    Raises:
        InvalidMedia: neither or both of values and counts are given, or they make no histogram.
    """
    if (values is None) == (counts is None):
        raise InvalidMedia(f"The histogram '{name}' needs either values, or counts with edges. Give one of them.")
    record = _counted(name, values, bins) if counts is None else _checked(name, counts, edges)
    return ArtifactFile(series_path("histogram", name, step, timestamp, "json"), json.dumps(record).encode())


def _numbers(name: str, given: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    import numpy as np

    if hasattr(given, "detach"):
        given = given.detach().cpu()
    try:
        return np.asarray(given, dtype=np.float64).reshape(-1)
    except (TypeError, ValueError) as exc:
        raise InvalidMedia(f"The histogram '{name}' needs numbers: {exc}. Convert them to an array first.") from exc


def _counted(name: str, values: Any, bins: int) -> dict[str, Any]:
    import numpy as np

    if not 1 <= bins <= _BINS_LIMIT:
        raise InvalidMedia(f"The histogram '{name}' cannot have {bins} bins. Give 1 to {_BINS_LIMIT:,}.")
    numbers = _numbers(name, values)
    finite = numbers[np.isfinite(numbers)]
    if not finite.size:
        raise InvalidMedia(f"The histogram '{name}' has no finite value. Give at least one.")
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            counts, edges = np.histogram(finite, bins=bins)
            moments = {"mean": float(finite.mean()), "std": float(finite.std())}
    except ValueError as exc:
        raise InvalidMedia(
            f"The histogram '{name}' cannot be counted: {exc}. Give fewer bins, or counts with edges."
        ) from exc
    return {
        "edges": edges.tolist(),
        "counts": counts.tolist(),
        "count": int(finite.size),
        "not_finite": int(numbers.size - finite.size),
        "min": float(finite.min()),
        "max": float(finite.max()),
    } | {moment: value if np.isfinite(value) else None for moment, value in moments.items()}


def _checked(name: str, counts: Any, edges: Any) -> dict[str, Any]:
    import numpy as np

    if edges is None:
        raise InvalidMedia(f"The histogram '{name}' has counts without edges. Give both.")
    heights, bounds = _numbers(name, counts), _numbers(name, edges)
    if not 1 <= heights.size <= _BINS_LIMIT or bounds.size != heights.size + 1:
        raise InvalidMedia(
            f"The histogram '{name}' has {heights.size} counts and {bounds.size} edges. Give 1 to {_BINS_LIMIT:,} "
            "counts and one edge more."
        )
    ascending = bool(np.isfinite(bounds).all() and (np.diff(bounds) > 0).all())
    if not ascending or not (np.isfinite(heights).all() and (heights >= 0).all()):
        raise InvalidMedia(
            f"The histogram '{name}' needs ascending finite edges and counts of 0 and more. Correct them."
        )
    return {"edges": bounds.tolist(), "counts": heights.tolist(), "count": float(heights.sum())}
