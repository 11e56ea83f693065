"""Files of predictions, written piece by piece; a file appears under its name once it is whole."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.json_values import to_plain
from mlflow.serving.answers import encode_answer, to_lists
from mlflow.serving.batch.inputs import form_of
from mlflow.serving.batch.packing import packed

__all__ = ["Output", "open_output"]


_OPEN_FILES = Path("/proc/self/fd")


class Output(Protocol):
    """Takes predictions in order; each piece has a row an input."""

    def add(self, predictions: Any) -> None:
        """Write the predictions of a piece."""
        ...

    def whole(self, predictions: Any, *, bare: bool) -> None:
        """Write the answer to a request, which is all there is."""
        ...

    def finish(self) -> None:
        """Write what closes the file."""
        ...


@contextlib.contextmanager
def open_output(path: Path | None) -> Iterator[Output]:
    """What writes to a file, in the form that its name tells (JSON, JSON Lines, CSV, Parquet); JSON to stdout for None.

    A file that was there is replaced when all is written, and left alone when something fails.
    """
    if path is None:
        yield _Json(sys.stdout.buffer)
        sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()
        return
    with _staged(path) as file, packed(file, path.name) as inside:
        yield _FORMS[form_of(path) or "json"](inside)


@contextlib.contextmanager
def _staged(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when the block is left without a failure.

    Until then it vanishes with the process, however that ends, where the system has files without names.
    """
    staged, unnamed = path.with_name(f".{path.name}.{os.getpid()}.part"), _unnamed(path.parent)
    try:
        with unnamed or staged.open("wb") as file:
            yield file
            file.flush()
            if unnamed is not None:
                staged.unlink(missing_ok=True)
                os.link(_OPEN_FILES / str(file.fileno()), staged, src_dir_fd=file.fileno(), follow_symlinks=True)
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


def _unnamed(folder: Path) -> IO[bytes] | None:
    """A new file in a folder that has no name yet; None where the system or its disk has none."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None or not _OPEN_FILES.is_dir():
        return None
    try:
        return os.fdopen(os.open(folder, os.O_WRONLY | flag, 0o666), "wb")
    except OSError:  # a file system of a network; or no such folder, of which opening by name tells
        return None


class _Json:
    """`{"predictions": [...]}`, as a scoring server answers."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._begun = file, False

    def add(self, predictions: Any) -> None:
        for row in to_lists(predictions):
            self._file.write(b", " if self._begun else b'{"predictions": [')
            self._file.write(json.dumps(row, default=to_plain).encode())
            self._begun = True

    def whole(self, predictions: Any, *, bare: bool) -> None:
        self._file.write(encode_answer(predictions, bare=bare))
        self._begun = True

    def finish(self) -> None:
        self._file.write(b"]}" if self._begun else b'{"predictions": []}')


class _JsonLines:
    """A prediction a line."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def add(self, predictions: Any) -> None:
        for row in to_lists(predictions):
            self._file.write(json.dumps(row, default=to_plain).encode() + b"\n")

    def whole(self, predictions: Any, *, bare: bool) -> None:
        self.add(_rows(predictions))

    def finish(self) -> None:
        """Nothing closes the file."""


class _Csv:
    """A table with a header."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._begun = file, False

    def add(self, predictions: Any) -> None:
        self._file.write(_table(predictions).to_csv(index=False, header=not self._begun).encode())
        self._begun = True

    def whole(self, predictions: Any, *, bare: bool) -> None:
        self.add(_rows(predictions))

    def finish(self) -> None:
        """Nothing closes the file."""


class _Parquet:
    """A table; its types are those of the first piece."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._writer: Any = None

    def add(self, predictions: Any) -> None:
        try:
            import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
            import pyarrow.parquet as pq  # type: ignore[import-untyped]
        except ImportError as exc:
            raise InvalidParameterValue(
                "Parquet needs pyarrow, which is not here. Install it (`pip install 'mlflow[parquet]'`), or name the "
                "output .csv."
            ) from exc
        frame = _table(predictions)
        if self._writer is None:
            table = pa.Table.from_pandas(frame, preserve_index=False)
            self._writer = pq.ParquetWriter(self._file, table.schema)
        else:
            table = pa.Table.from_pandas(frame, self._writer.schema, preserve_index=False)
        self._writer.write_table(table)

    def whole(self, predictions: Any, *, bare: bool) -> None:
        self.add(_rows(predictions))

    def finish(self) -> None:
        if self._writer is not None:
            self._writer.close()


_FORMS: dict[str, Any] = {"json": _Json, "jsonl": _JsonLines, "csv": _Csv, "parquet": _Parquet}


def _table(predictions: Any) -> Any:
    """Predictions as a table: columns keep their names, an array's are numbered, a single one is `predictions`."""
    import pandas as pd

    kind = type(predictions).__name__
    if kind == "DataFrame":
        found = predictions.copy(deep=False)
    elif kind == "Series":
        found = predictions.to_frame(predictions.name if predictions.name is not None else "predictions")
    else:
        values = predictions.toarray() if hasattr(predictions, "toarray") else predictions
        found = pd.DataFrame(values if getattr(values, "ndim", 1) == 2 else {"predictions": list(values)})
    found.columns = found.columns.map(str)
    return found


def _rows(predictions: Any) -> Any:
    """The answer to a whole request as rows, for the forms that have rows."""
    if isinstance(predictions, (str, bytes, dict)) or not hasattr(predictions, "__len__"):
        raise InvalidParameterValue(
            f"The model returned a '{type(predictions).__name__}', which has no rows. Name the output .json."
        )
    return predictions
