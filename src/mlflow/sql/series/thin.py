"""Evenly thinned points, as get-history-bulk-interval answers them."""

from __future__ import annotations

from mlflow._numpy import np, npt


def thinned(count: int, most: int) -> npt.NDArray[np.intp]:
    """Which of `count` points in storage order to keep, ascending, when at most `most` (at least 1) may be.

    They are those that open the groups of SQL's NTILE(most), whose earlier groups are the larger ones by one; the last
    gives way to the last point of all. Observed of MLflow 3.17.2 over HTTP for 135 pairs.
    """
    if most < 1:
        raise ValueError(f"at least one point is kept, not {most}")
    if count <= most:
        return np.arange(count)
    size, larger = divmod(count, most)
    groups = np.arange(most)
    kept = groups * size + np.minimum(groups, larger)
    kept[-1] = count - 1
    return kept


def located(positions: npt.NDArray[np.intp], counts: npt.NDArray[np.integer]) -> list[tuple[int, npt.NDArray[np.intp]]]:
    """Where positions of a whole series lie in its segments, so that only those are read.

    Args:
        positions: ascending, below the sum of `counts`.
        counts: points of each segment, in storage order.

    Returns:
        Pairs of a segment's index and the positions inside it, for the segments that hold any.
    """
    ends = np.cumsum(counts)
    owners = np.searchsorted(ends, positions, "right")
    targets, starts = np.unique(owners, return_index=True)
    stops = [*starts.tolist(), len(positions)][1:]
    pieces = zip(targets.tolist(), starts.tolist(), stops, strict=True)
    return [(target, positions[start:stop] - (ends[target] - counts[target])) for target, start, stop in pieces]
