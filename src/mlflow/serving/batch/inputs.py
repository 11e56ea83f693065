"""Files of inputs, read in pieces that fit into memory."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import msgspec

from mlflow.exceptions import BadRequest, InvalidParameterValue, MlflowException, ResourceDoesNotExist
from mlflow.models.serving_input import ServingInput, parse_serving_input
from mlflow.serving.batch.packing import PACKINGS, unpacked
from mlflow.serving.tables import as_declared, csv_types
from mlflow.types import Schema

__all__ = ["FORMS", "Piece", "find_inputs", "form_of", "read_pieces"]

_SUFFIXES = {
    "json": (".json",),
    "jsonl": tuple(f"{suffix}{packing}" for suffix in (".jsonl", ".ndjson") for packing in PACKINGS),
    "csv": tuple(f".csv{packing}" for packing in PACKINGS),
    "parquet": (".parquet", ".pq"),
}
FORMS = tuple(_SUFFIXES)
"""What files can be: a scoring request, JSON Lines with a record each, CSV with a header, Parquet."""


class Piece(msgspec.Struct, frozen=True):
    """A part of the inputs.

    Attributes:
        given: what the model is called with.
        rows: how many rows that is; 0 for a request, which is a whole.
        place: where it is from, for messages.
        total: how many rows there are in all, as far as that can be told; estimated for texts.
        is_table: whether it is rows, not a request.
    """

    given: ServingInput
    rows: int
    place: str
    total: int | None = None
    is_table: bool = True


def form_of(path: Path) -> str | None:
    """The form that a file's name tells."""
    name = path.name.lower()
    return next((form for form, suffixes in _SUFFIXES.items() if name.endswith(suffixes)), None)


def find_inputs(path: Path, form: str | None) -> tuple[list[Path], str]:
    """The files to read, in order of their names, and their form.

    Args:
        path: a file, or a folder of them, at any depth; names that begin with a dot or underscore are passed over.
        form: one of FORMS; None to go by the names.

    Raises:
        ResourceDoesNotExist: there is nothing to read.
        InvalidParameterValue: a folder has files of several forms.
    """
    if not path.is_dir():
        if not path.exists():
            raise ResourceDoesNotExist(f"There is no file '{path}'. Check the path.")
        return [path], form or form_of(path) or "json"
    files = [file for file in sorted(path.rglob("*")) if file.is_file() and not _is_hidden(file.relative_to(path))]
    found = {kind for file in files if (kind := form_of(file))}
    if form is None and len(found) > 1:
        raise InvalidParameterValue(
            f"The folder '{path}' has files of the forms {', '.join(sorted(found))}. Choose one by --content-type."
        )
    chosen = form or next(iter(found), None)
    kept = [file for file in files if form_of(file) == chosen]
    if chosen is None or not kept:
        raise ResourceDoesNotExist(f"The folder '{path}' has no files of the form {form or ', '.join(FORMS)}.")
    return kept, chosen


def read_pieces(files: Sequence[Path | IO[bytes]], form: str, schema: Schema | None, rows: int) -> Iterator[Piece]:
    """The content of files one after another, `rows` at a time.

    Args:
        files: paths, or one open stream.
        form: one of FORMS.
        schema: the model's inputs.
        rows: in one piece.

    Raises:
        BadRequest: a file is not of its form, or a value not of its column's type; with the place.
    """
    if form == "parquet":
        yield from _parquet(files, rows)
        return
    read: Callable[[IO[bytes], Schema | None, int], Iterator[ServingInput]] = _READERS[form]
    sizes = [file.stat().st_size if isinstance(file, Path) else None for file in files]
    done, passed = 0, 0
    for file, size in zip(files, sizes, strict=True):
        with _opened(file) as stream:
            for given in _placed(read(stream, schema, rows), file, form):
                count = 0 if form == "json" else len(given.data)
                if form != "json" and not count:
                    continue  # a header alone, which most models fail for
                done += count
                position = passed + stream.tell() if None not in sizes else 0
                total = round(done * sum(filter(None, sizes)) / position) if position else None
                yield Piece(given, count, _name(file), total, form != "json")
        passed += size or 0


def _placed(parts: Iterator[ServingInput], file: Path | IO[bytes], form: str) -> Iterator[ServingInput]:
    """The parts of a file; what fails in one is told with the file's name."""
    number = 0
    while True:
        try:
            part = next(parts, None)
        except MlflowException as exc:
            raise BadRequest(f"{exc.message} This is piece {number + 1} of '{_name(file)}'.") from exc
        except Exception as exc:  # what pandas and pyarrow raise for wrong bytes has no common root
            raise BadRequest(f"'{_name(file)}' cannot be read as {form}: {exc}") from exc
        if part is None:
            return
        number += 1
        yield part


def _json(stream: IO[bytes], schema: Schema | None, rows: int) -> Iterator[ServingInput]:
    yield parse_serving_input(stream.read(), schema)


def _json_lines(stream: IO[bytes], schema: Schema | None, rows: int) -> Iterator[ServingInput]:
    lines: Iterable[bytes] = (line for line in unpacked(stream) if line.strip())
    while batch := list(itertools.islice(lines, rows)):
        yield parse_serving_input({"dataframe_records": [json.loads(line) for line in batch]}, schema)


def _csv(stream: IO[bytes], schema: Schema | None, rows: int) -> Iterator[ServingInput]:
    import pandas as pd

    with pd.read_csv(unpacked(stream), dtype=csv_types(schema), chunksize=rows) as frames:
        for frame in frames:
            yield ServingInput(as_declared(frame, schema))


_READERS = {"json": _json, "jsonl": _json_lines, "csv": _csv}


def _parquet(files: Sequence[Path | IO[bytes]], rows: int) -> Iterator[Piece]:
    try:
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError as exc:
        raise InvalidParameterValue(
            "Parquet needs pyarrow, which is not here. Install it (`pip install 'mlflow[parquet]'`), or give CSV."
        ) from exc
    tables = [file if isinstance(file, Path) else io.BytesIO(file.read()) for file in files]
    try:
        total = sum(pq.read_metadata(table).num_rows for table in tables)
    except Exception as exc:
        raise BadRequest(f"'{', '.join(map(_name, files))}' cannot be read as Parquet: {exc}") from exc
    for file, table in zip(files, tables, strict=True):
        with pq.ParquetFile(table) as source:
            batches = (ServingInput(batch.to_pandas()) for batch in source.iter_batches(rows))
            for given in _placed(batches, file, "parquet"):
                yield Piece(given, len(given.data), _name(file), total)


def _opened(file: Path | IO[bytes]) -> IO[bytes]:
    return file.open("rb") if isinstance(file, Path) else file


def _name(file: Path | IO[bytes]) -> str:
    return str(file) if isinstance(file, Path) else "stdin"


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)
