"""The file of one metric in an `mlruns` folder: a line a point, "timestamp value step [dataset digest]"."""

from __future__ import annotations

from pathlib import Path

from mlflow.sql.series.points import Points

__all__ = ["read_metric_file"]


def read_metric_file(path: Path) -> tuple[Points, int]:
    """The points of a metric's file, in the order of its lines, and how many lines could not be read.

    The first versions wrote no step, which then is 0. A line that was cut by a crash is such a line.
    """
    text = path.read_bytes().decode("utf-8", "replace")
    fields = text.split()
    lines = text.count("\n") + (not text.endswith("\n") and bool(text))
    if len(fields) != 3 * lines:
        return _line_by_line(text)
    try:
        steps, timestamps = list(map(int, fields[2::3])), list(map(int, fields[::3]))
        return Points.of(steps, timestamps, list(map(float, fields[1::3]))), 0
    except (ValueError, OverflowError):  # lines of other lengths hide among them
        return _line_by_line(text)


def _line_by_line(text: str) -> tuple[Points, int]:
    steps: list[int] = []
    timestamps: list[int] = []
    values: list[float] = []
    unread = 0
    for line in text.splitlines():
        fields = line.split()
        if not fields:
            continue
        try:
            timestamp, value = int(fields[0]), float(fields[1])
            step = int(fields[2]) if len(fields) > 2 else 0
            Points.of([step], [timestamp], [value])
        except (ValueError, IndexError, OverflowError):
            unread += 1
            continue
        steps.append(step)
        timestamps.append(timestamp)
        values.append(value)
    return Points.of(steps, timestamps, values), unread
