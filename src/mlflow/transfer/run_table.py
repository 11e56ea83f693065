"""Runs, and points of metrics, as tables in CSV and Parquet, written some at a time."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, Protocol

from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.transfer.exported_run import ExportedRun, History

__all__ = ["TableFormat", "write_history_table", "write_run_table"]

TableFormat = Literal["csv", "parquet"]
Kind = Literal["text", "integer", "real", "time"]

_ROWS = 1000  # runs held at a time
_POINTS = 100_000  # in a row group of Parquet
_FACTS: dict[str, Kind] = {
    "run_id": "text",
    "experiment_id": "text",
    "run_name": "text",
    "status": "text",
    "user_id": "text",
    "lifecycle_stage": "text",
    "artifact_uri": "text",
    "start_time": "time",
    "end_time": "time",
}
_POINT: dict[str, Kind] = {"run_id": "text", "key": "text", "step": "integer", "timestamp": "time", "value": "real"}

Runs = Callable[[], Iterable[ExportedRun]]


class _Sheet(Protocol):
    """A table that is being written, column by column of some rows."""

    def write(self, columns: Sequence[Sequence[Any]]) -> None: ...

    def close(self) -> None: ...


def write_run_table(out: Path | IO[str], kind: TableFormat, runs: Runs) -> int:
    """Write a row a run: facts, then a column a metric (its latest value), a param and a tag; answer how many rows.

    The runs are read twice: first for the columns there are, then for the rows, so that few are held in memory.

    Args:
        out: a file to make, or for CSV an open one.
        kind: of table.
        runs: answers the runs, anew each time.
    """
    parts = {"metrics": set[str](), "params": set[str](), "tags": set[str]()}
    for exported in runs():
        for part, keys in parts.items():
            keys.update(getattr(exported.run.data, part))
    columns: dict[str, Kind] = dict(_FACTS)
    columns |= {
        f"{part}.{key}": "real" if part == "metrics" else "text" for part in parts for key in sorted(parts[part])
    }
    count = 0
    with _Opened(out, kind, columns) as sheet:
        for some in _chunks((exported.run for exported in runs()), _ROWS):
            count += len(some)
            sheet.write([[_cell(run, name) for run in some] for name in columns])
    return count


def write_history_table(out: Path | IO[str], kind: TableFormat, runs: Iterable[ExportedRun]) -> int:
    """Write a row a point: run_id, key, step, timestamp, value; answer how many rows. Arguments as above."""
    count = 0
    with _Opened(out, kind, _POINT) as sheet:
        for exported in runs:
            for history in exported.histories():
                for start in range(0, len(history), _POINTS):
                    sheet.write(_points(exported.run.info.run_id, history, slice(start, start + _POINTS)))
                count += len(history)
    return count


class _Opened:
    """A sheet that appears under its name when all is written."""

    def __init__(self, out: Path | IO[str], kind: TableFormat, columns: dict[str, Kind]) -> None:
        self._out = out
        self._draft = out.with_name(out.name + ".tmp") if isinstance(out, Path) else None
        target: Path | IO[str] = out if not isinstance(out, Path) else out.with_name(out.name + ".tmp")
        self._sheet: _Sheet = _ParquetSheet(target, columns) if kind == "parquet" else _CsvSheet(target, columns)

    def __enter__(self) -> _Sheet:
        return self._sheet

    def __exit__(self, failure: type[BaseException] | None, *rest: object) -> None:
        self._sheet.close()
        if self._draft is None:
            return
        if failure is None and isinstance(self._out, Path):
            self._draft.replace(self._out)
        else:
            self._draft.unlink(missing_ok=True)


class _CsvSheet:
    def __init__(self, out: Path | IO[str], columns: dict[str, Kind]) -> None:
        self._owned = out.open("w", encoding="utf-8", newline="") if isinstance(out, Path) else None
        file = self._owned or out
        self._writer = csv.writer(file, lineterminator="\n")  # type: ignore[arg-type]  # one of both is a file
        self._times = [index for index, kind in enumerate(columns.values()) if kind == "time"]
        self._writer.writerow(columns)

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        shown = list(columns)
        for index in self._times:
            shown[index] = [_iso(time) for time in columns[index]]
        self._writer.writerows(zip(*shown, strict=True))

    def close(self) -> None:
        if self._owned is not None:
            self._owned.close()


class _ParquetSheet:
    def __init__(self, out: Path | IO[str], columns: dict[str, Kind]) -> None:
        try:
            import pyarrow as pa  # type: ignore[import-untyped]
            import pyarrow.parquet as pq  # type: ignore[import-untyped]
        except ImportError as exc:
            raise MlflowException("Parquet needs the package pyarrow; run: pip install 'mlflow[parquet]'.") from exc
        if not isinstance(out, Path):
            raise MlflowException("Parquet needs a file; name one with -o.")
        self._schema = pa.schema([(name, _arrow_type(pa, kind)) for name, kind in columns.items()])
        self._arrow = pa
        self._writer = pq.ParquetWriter(out, self._schema, compression="zstd")

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        arrays = [self._arrow.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _arrow_type(pa: Any, kind: Kind) -> Any:
    types = {"text": pa.string(), "integer": pa.int64(), "real": pa.float64(), "time": pa.timestamp("ms", "UTC")}
    return types[kind]


def _cell(run: Run, column: str) -> Any:
    part, dot, key = column.partition(".")
    return getattr(run.data, part).get(key) if dot else getattr(run.info, column)


def _points(run_id: str, history: History, part: slice) -> list[Sequence[Any]]:
    steps, timestamps = history.steps[part].tolist(), history.timestamps[part].tolist()
    return [[run_id] * len(steps), [history.key] * len(steps), steps, timestamps, history.values[part].tolist()]


def _iso(milliseconds: int | None) -> str:
    if milliseconds is None:
        return ""
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC).isoformat(timespec="milliseconds")


def _chunks(items: Iterable[Run], size: int) -> Iterator[list[Run]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
