"""Points of a journal's frames, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlflow._numpy import np, npt
from mlflow.contract.frames_operations import Metrics, Series
from mlflow.contract.names import check_key
from mlflow.sql.appends import Block
from mlflow.sql.series.block import MAX_POINTS, encode_batch
from mlflow.sql.series.points import Batch, Points

__all__ = ["metrics_blocks", "series_blocks"]


def metrics_blocks(
    run: int, given: Metrics, chosen: npt.NDArray[np.bool_], key_ids: Mapping[str, int]
) -> Iterator[Block]:
    """The blocks of calls of log_metrics.

    Args:
        run: the run's number.
        given: n calls of k keys.
        chosen: bool[n], which calls.
        key_ids: the numbers of the keys.

    Raises:
        InvalidParameterValue: a key is not acceptable.
    """
    keys = np.array([_number(key_ids, key) for key in given.keys], np.int32)
    steps, times, values = given.steps[chosen], given.timestamps[chosen], given.values[chosen]
    rows = max(1, MAX_POINTS // max(1, len(keys)))
    for start in range(0, len(steps), rows):
        own = slice(start, start + rows)
        count = len(steps[own])
        # key by key: neighbours that differ by one leave nothing to store
        columns = np.tile(steps[own], len(keys)), np.tile(times[own], len(keys)), values[own].T.ravel()
        yield from _blocks(run, Batch(np.repeat(keys, count), Points(*columns)))


def series_blocks(run: int, given: Series, key_ids: Mapping[str, int]) -> Iterator[Block]:
    """The blocks of a piece of a history; raises as `metrics_blocks`."""
    keys = np.full(len(given.steps), _number(key_ids, given.key), np.int32)
    yield from _blocks(run, Batch(keys, Points(given.steps, given.timestamps, given.values)))


def _blocks(run: int, batch: Batch) -> Iterator[Block]:
    for start in range(0, len(batch), MAX_POINTS):
        own = slice(start, start + MAX_POINTS)
        part = Batch(batch.keys[own], batch.points[own])
        yield {"run": run, "n": len(part), "data": encode_batch(part)}


def _number(key_ids: Mapping[str, int], key: str) -> int:
    if key not in key_ids:
        check_key("metric", key)
    return key_ids[key]
