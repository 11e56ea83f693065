"""Files that are tables, page by page: CSV, TSV, Parquet, and the JSON that `mlflow.log_table` writes."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

import msgspec

from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.store import ArtifactStore
from mlflow.contract.artifacts import TablePage
from mlflow.exceptions import InvalidParameterValue
from mlflow.server.artifact_rows import Cells, Wanted, chosen
from mlflow.server.separated_rows import SeparatedRows

__all__ = ["read_rows"]

_BATCH = 4096  # rows of a Parquet file that are held at once
_COUNTED = 32 << 20  # bytes up to which a text file is read to its end, to count its rows
_WHOLE = 128 << 20  # bytes that a file may have which can only be read as a whole
_MOST_CELL = 4096  # characters of a cell that are answered
_SEPARATORS = {".csv": ",", ".tsv": "\t"}


class _Logged(msgspec.Struct):
    columns: list[str]
    data: list[list[Any]]


_json = msgspec.json.Decoder(_Logged | list[dict[str, Any]])


def read_rows(store: ArtifactStore, path: ArtifactPath, wanted: Wanted) -> TablePage:
    """A page of the file at `path`.

    Raises:
        InvalidParameterValue: the file is no table.
    """
    suffix = PurePosixPath(path.name).suffix.lower()
    if suffix in _SEPARATORS:
        return _separated(store, path, _SEPARATORS[suffix], wanted)
    if suffix == ".json":
        return _logged(_whole(store, path), path, wanted)
    if suffix == ".parquet":
        return _parquet(_whole(store, path), path, wanted)
    raise InvalidParameterValue(f"'{path.name}' is no table; tables are .csv, .tsv, .parquet and .json.")


def _separated(store: ArtifactStore, path: ArtifactPath, separator: str, wanted: Wanted) -> TablePage:
    with store.open(path, 0, None) as stream:
        counted = stream.stat.size <= _COUNTED
        if wanted.whole and not counted:
            raise InvalidParameterValue(
                f"'{path.name}' has {stream.stat.size} bytes, too many to be sorted or searched here; download it."
            )
        rows = SeparatedRows(stream, separator)
        try:
            columns = [_cut(column) for column in next(iter(rows), [])]
            if wanted.whole:
                return chosen(columns, ([_cut(cell) for cell in row] for row in rows), wanted)
            rows.skip(wanted.offset)
            page: list[Cells] = [[_cut(cell) for cell in row] for row in itertools.islice(rows, wanted.limit)]
            passed = rows.skip() if counted else 0
        except csv.Error as exc:
            raise InvalidParameterValue(f"'{path.name}' cannot be read as a table: {exc}; download it.") from exc
        total = wanted.offset + len(page) + passed if counted and (page or wanted.offset == 0) else None
    return TablePage(columns, page, wanted.offset, total)


def _logged(content: bytes, path: ArtifactPath, wanted: Wanted) -> TablePage:
    try:
        table = _json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise InvalidParameterValue(
            f"'{path.name}' is not a table of mlflow.log_table, nor a list of objects: {exc}."
        ) from exc
    if isinstance(table, list):
        columns = list(dict.fromkeys(key for row in table for key in row))
        table = _Logged(columns, [[row.get(key) for key in columns] for row in table])
    if wanted.whole:
        return chosen(table.columns, ([_written(cell) for cell in row] for row in table.data), wanted)
    rows = [[_written(cell) for cell in row] for row in table.data[wanted.offset : wanted.offset + wanted.limit]]
    return TablePage(table.columns, rows, wanted.offset, len(table.data))


def _parquet(content: bytes, path: ArtifactPath, wanted: Wanted) -> TablePage:
    try:
        import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError as exc:
        raise InvalidParameterValue(
            f"'{path.name}' needs pyarrow to be shown; on the server: pip install 'mlflow[parquet]'."
        ) from exc
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        names, total = list(file.schema_arrow.names), file.metadata.num_rows
        if wanted.whole:
            return chosen(names, _rows_of(file.iter_batches(batch_size=_BATCH)), wanted)
        page = list(_rows_of([file.read().slice(wanted.offset, wanted.limit)]))
    except (pa.ArrowException, OSError) as exc:
        raise InvalidParameterValue(f"'{path.name}' cannot be read as Parquet: {exc}; download it.") from exc
    return TablePage(names, page, wanted.offset, total)


def _rows_of(batches: Iterable[Any]) -> Iterator[Cells]:
    for batch in batches:
        columns = [column.to_pylist() for column in batch.columns]
        yield from ([_written(cell) for cell in row] for row in zip(*columns, strict=True))


def _whole(store: ArtifactStore, path: ArtifactPath) -> bytes:
    size = store.stat(path).size
    if size > _WHOLE:
        raise InvalidParameterValue(f"'{path.name}' has {size} bytes, too many to be shown; download it.")
    return store.open(path, 0, None).read()


def _written(cell: object) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, str):
        return _cut(cell)
    if isinstance(cell, list | dict | bool):
        return _cut(msgspec.json.encode(cell, enc_hook=str).decode())
    return _cut(str(cell))


def _cut(cell: str) -> str:
    return cell if len(cell) <= _MOST_CELL else f"{cell[:_MOST_CELL]}…"
