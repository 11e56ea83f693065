"""Tables: frames and dictionaries as JSON (split orientation) or Parquet, row upon row.

JSON is `{"columns": [...], "data": [[...], ...]}`. Cells that are images become files below `table_images/` and hold
their paths, in the form MLflow's UI reads.
"""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec

from mlflow.tracking.media.artifact_file import ArtifactFile
from mlflow.tracking.media.failures import InvalidMedia, package
from mlflow.tracking.media.image import Image, encode_picture, picture, thumbnail

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TABLES_TAG", "read_table", "render_table", "tables_tag"]

TABLES_TAG = "mlflow.loggedArtifacts"


def render_table(data: Any, artifact_file: str, existing: bytes | None = None) -> list[ArtifactFile]:
    """The files of a logged table: those of its images, then the table with the rows that were there before first.

    Args:
        data: a DataFrame, or a dictionary of columns; a dictionary of plain values is one row.
        artifact_file: ends in .json or .parquet.
        existing: the table's bytes so far. Columns that one side lacks are filled with null.

    Raises:
        InvalidMedia: the extension, the kind of data, or a column that mixes images with other values.
    """
    suffix = _suffix(artifact_file)
    frame, images = _with_images_as_files(_frame(data), artifact_file)
    content = _append_json(frame, existing) if suffix == ".json" else _append_parquet(frame, existing, artifact_file)
    return [*images, ArtifactFile(artifact_file, content)]


def read_table(content: bytes, artifact_file: str) -> pd.DataFrame:
    """The frame that a table's bytes hold.

    Raises:
        InvalidMedia: the extension is another than .json and .parquet, or the bytes are no table.
    """
    import pandas as pd

    if _suffix(artifact_file) == ".parquet":
        return _read_parquet(content, artifact_file)
    table = _decode_json(content)
    return pd.DataFrame(table["data"], columns=table["columns"])


def tables_tag(current: str | None, artifact_file: str) -> str:
    """The value of the tag that lists a run's tables, with one more."""
    listed: list[dict[str, str]] = json.loads(current or "[]")
    entry = {"path": artifact_file, "type": "table"}
    return json.dumps(listed if entry in listed else [*listed, entry])


def _suffix(artifact_file: str) -> str:
    suffix = PurePosixPath(artifact_file).suffix
    if suffix not in {".json", ".parquet"}:
        raise InvalidMedia(
            f"Invalid artifact file path '{artifact_file}'. Please ensure the file you are trying to log as a table "
            "has a file name with either '.json' or '.parquet' extension."
        )
    return suffix


def _frame(data: Any) -> pd.DataFrame:
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        return data.copy(deep=False)
    if not isinstance(data, dict):
        raise InvalidMedia(
            f"data must be a pandas.DataFrame or a dictionary, not {type(data).__name__}. Convert it first."
        )
    try:
        return pd.DataFrame(data)
    except ValueError:
        return pd.DataFrame([data])


def _with_images_as_files(frame: pd.DataFrame, artifact_file: str) -> tuple[pd.DataFrame, list[ArtifactFile]]:
    folder = f"table_images/{PurePosixPath(artifact_file).with_suffix('')}"
    files: list[ArtifactFile] = []
    for index, name in enumerate(frame.columns):
        column = frame.iloc[:, index]
        cells = column.tolist() if column.dtype == object else []
        flags = [_is_image(cell) for cell in cells]
        if any(flags) and not all(flags):
            raise InvalidMedia(
                f"Column `{name}` contains a mix of images and non-images. Please ensure that all elements in the "
                "column are of the same type."
            )
        if any(flags):
            frame.isetitem(index, [_image_cell(cell, folder, files) for cell in cells])
    return frame, files


def _is_image(cell: object) -> bool:
    return isinstance(cell, Image) or any(cls.__module__ == "PIL.Image" for cls in type(cell).__mro__)


def _image_cell(cell: Any, folder: str, files: list[ArtifactFile]) -> dict[str, str]:
    stem, shown = f"{folder}/{uuid.uuid4()}", picture(cell)
    files += [
        ArtifactFile(f"{stem}.png", encode_picture(shown, ".png")),
        ArtifactFile(f"{stem}.webp", thumbnail(shown)),
    ]
    return {"type": "image", "filepath": f"{stem}.png", "compressed_filepath": f"{stem}.webp"}


def _append_json(frame: pd.DataFrame, existing: bytes | None) -> bytes:
    names = [str(name) for name in frame.columns]
    rows = list(zip(*(_cells(frame.iloc[:, index]) for index in range(len(names))), strict=True))
    columns: list[str] = names
    before: Sequence[Sequence[Any]] = []
    if existing is not None:
        table = _decode_json(existing)
        columns = table["columns"] + [name for name in names if name not in table["columns"]]
        before = _widened(table["data"], table["columns"], columns)
    return msgspec.json.Encoder(enc_hook=_cell, decimal_format="number").encode(
        {"columns": columns, "data": [*before, *_widened(rows, names, columns)]}
    )


def _widened(rows: Sequence[Sequence[Any]], names: list[str], columns: list[str]) -> Sequence[Sequence[Any]]:
    if names == columns:
        return rows
    places = [names.index(name) if name in names else None for name in columns]
    return [[None if place is None else row[place] for place in places] for row in rows]


def _decode_json(content: bytes) -> dict[str, Any]:
    try:
        table = json.loads(content)
        return {"columns": table["columns"], "data": table["data"]}
    except (ValueError, KeyError, TypeError) as exc:
        raise InvalidMedia(f"The file is no table: {exc!r}. Give another name, or delete the file first.") from exc


def _cells(column: pd.Series[Any]) -> list[Any]:
    """A column's values as JSON takes them: moments in ISO 8601 with milliseconds, no number as null."""
    kind = column.dtype.kind
    if kind == "M":
        return [None if moment != moment else _moment(moment) for moment in column]
    if kind in "biuf":
        return column.astype(object).where(column.notna(), None).tolist() if column.hasnans else column.tolist()
    return [_cell(value) for value in column]


def _moment(moment: pd.Timestamp) -> str:
    text = moment.tz_convert("UTC").tz_localize(None) if moment.tz is not None else moment
    return text.isoformat(timespec="milliseconds") + ("Z" if moment.tz is not None else "")


def _cell(value: Any) -> Any:
    """One value as JSON takes it; what has no such form becomes text."""
    import pandas as pd

    if value is None or isinstance(value, str | int | float | dict | list | tuple):
        return value
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return _moment(value)
    values = getattr(value, "tolist", None)
    return values() if callable(values) else str(value)


def _append_parquet(frame: pd.DataFrame, existing: bytes | None, artifact_file: str) -> bytes:
    import pandas as pd

    package("pyarrow", "mlflow[parquet]")
    if existing is not None:
        frame = pd.concat([_read_parquet(existing, artifact_file), frame], ignore_index=True)
    buffer = io.BytesIO()
    try:
        frame.rename(columns=str).to_parquet(buffer, index=False)
    except (ValueError, TypeError) as exc:
        raise InvalidMedia(f"The table cannot be written to '{artifact_file}': {exc}. Keep one type a column.") from exc
    return buffer.getvalue()


def _read_parquet(content: bytes, artifact_file: str) -> pd.DataFrame:
    import pandas as pd

    package("pyarrow", "mlflow[parquet]")
    try:
        return pd.read_parquet(io.BytesIO(content))
    except (OSError, ValueError) as exc:
        raise InvalidMedia(
            f"'{artifact_file}' is no Parquet file: {exc}. Give another name, or delete it first."
        ) from exc
