"""Files that are tables, page by page: CSV, TSV, Parquet, and the JSON that `mlflow.log_table` writes."""

from __future__ import annotations

import codecs
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

__all__ = ["read_rows"]

_MOST_ROWS = 1000
_COUNTED = 32 << 20  # bytes up to which a text file is read to its end, to count its rows
_WHOLE = 128 << 20  # bytes that a file may have which can only be read as a whole
_LONGEST_LINE = 8 << 20  # characters
_MOST_CELL = 4096  # characters of a cell that are answered
_SEPARATORS = {".csv": ",", ".tsv": "\t"}

Cells = list[str | None]


class _Logged(msgspec.Struct):
    columns: list[str]
    data: list[list[Any]]


def read_rows(store: ArtifactStore, path: ArtifactPath, offset: int, limit: int) -> TablePage:
    """A page of the file at `path`.

    Raises:
        InvalidParameterValue: the page is out of bounds, or the file is no table.
    """
    if not 1 <= limit <= _MOST_ROWS:
        raise InvalidParameterValue(f"Invalid value '{limit}' for parameter 'limit'; ask for 1 to {_MOST_ROWS} rows.")
    if offset < 0:
        raise InvalidParameterValue(f"Invalid value '{offset}' for parameter 'offset'; the first row is 0.")
    suffix = PurePosixPath(path.name).suffix.lower()
    if suffix in _SEPARATORS:
        return _separated(store, path, _SEPARATORS[suffix], offset, limit)
    if suffix == ".json":
        return _logged(_whole(store, path), path, offset, limit)
    if suffix == ".parquet":
        return _parquet(_whole(store, path), path, offset, limit)
    raise InvalidParameterValue(f"'{path.name}' is no table; tables are .csv, .tsv, .parquet and .json of log_table.")


def _separated(store: ArtifactStore, path: ArtifactPath, separator: str, offset: int, limit: int) -> TablePage:
    with store.open(path, 0, None) as stream:
        counted = stream.stat.size <= _COUNTED
        rows = csv.reader(_lines(stream), delimiter=separator)
        try:
            columns = next(rows, [])
            page: list[Cells] = [[_cut(cell) for cell in row] for row in itertools.islice(rows, offset, offset + limit)]
            passed = sum(1 for _ in rows) if counted else 0
        except csv.Error as exc:
            raise InvalidParameterValue(f"'{path.name}' cannot be read as a table: {exc}; download it.") from exc
        total = offset + len(page) + passed if counted and (page or offset == 0) else None
    return TablePage([_cut(column) or "" for column in columns], page, offset, total)


def _lines(blocks: Iterable[bytes]) -> Iterator[str]:
    """Lines with their ends; bytes that are no UTF-8 become a mark."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    rest = ""
    for block in blocks:
        *lines, rest = (rest + decoder.decode(block)).split("\n")
        yield from (f"{line}\n" for line in lines)
        if len(rest) > _LONGEST_LINE:
            raise csv.Error(f"a line has over {_LONGEST_LINE} characters")
    if rest := rest + decoder.decode(b"", True):
        yield rest


def _logged(content: bytes, path: ArtifactPath, offset: int, limit: int) -> TablePage:
    try:
        table = msgspec.json.decode(content, type=_Logged)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise InvalidParameterValue(f"'{path.name}' is not a table of mlflow.log_table: {exc}.") from exc
    rows = [[_written(cell) for cell in row] for row in table.data[offset : offset + limit]]
    return TablePage(table.columns, rows, offset, len(table.data))


def _parquet(content: bytes, path: ArtifactPath, offset: int, limit: int) -> TablePage:
    try:
        import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError as exc:
        raise InvalidParameterValue(
            f"'{path.name}' needs pyarrow to be shown; on the server: pip install 'mlflow[parquet]'."
        ) from exc
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        table = file.read().slice(offset, limit)
        columns = [column.to_pylist() for column in table.columns]
    except (pa.ArrowException, OSError) as exc:
        raise InvalidParameterValue(f"'{path.name}' cannot be read as Parquet: {exc}; download it.") from exc
    rows = [[_written(cell) for cell in row] for row in zip(*columns, strict=True)]
    return TablePage(list(file.schema_arrow.names), rows, offset, file.metadata.num_rows)


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
