"""The file `metrics.csv` of an exported run: a line a point, metric by metric."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import groupby, repeat
from operator import itemgetter
from pathlib import Path

import numpy as np

from mlflow.exceptions import DataLoss
from mlflow.transfer.exported_run import History

__all__ = ["HEADER", "history_rows", "read_histories", "write_histories"]

HEADER = ("key", "step", "timestamp", "value")


def write_histories(path: Path, histories: Iterable[History]) -> dict[str, int]:
    """Write histories, and answer how many points each metric has."""
    counts: dict[str, int] = {}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for history in histories:
            counts[history.key] = len(history)
            writer.writerows(history_rows(history))
    return counts


def history_rows(history: History) -> Iterator[tuple[str, int, int, float]]:
    """The points of a metric as rows; written out, a value is the shortest text that reads as the same double."""
    columns = history.steps.tolist(), history.timestamps.tolist(), history.values.tolist()
    return zip(repeat(history.key), *columns, strict=False)


def read_histories(path: Path) -> Iterator[History]:
    """The histories of a file, metric by metric.

    Raises:
        DataLoss: a line is no point.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines, key = csv.reader(file), ""
        try:
            if tuple(next(lines, ())) != HEADER:
                raise DataLoss(f"'{path}' does not begin with the line {','.join(HEADER)}. Export the run again.")
            for key, points in groupby(lines, key=itemgetter(0)):
                _, steps, timestamps, values = zip(*points, strict=True)
                yield History(
                    key,
                    np.array(list(map(int, steps)), np.int64),
                    np.array(list(map(int, timestamps)), np.int64),
                    np.array(list(map(float, values)), np.float64),
                )
        except (ValueError, OverflowError, IndexError, csv.Error) as exc:
            where = f"among those of metric '{key}' or after them" if key else "at its beginning"
            raise DataLoss(f"'{path}' has a line that is no point, {where}: {exc}. Export again.") from exc
