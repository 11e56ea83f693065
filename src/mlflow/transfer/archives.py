"""Exports in one file: a zip of the folder, made beside it and read through the checking reader."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlflow.artifacts.archive import extract
from mlflow.temporary_folders import temporary_folder

__all__ = ["pack", "unpacked"]

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can hold


def pack(folder: Path, archive: Path) -> None:
    """Make a zip of a folder, and remove the folder when it is done."""
    draft = archive.with_name(archive.name + ".tmp")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EARLIEST)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                with path.open("rb") as source, file.open(entry, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target, 1 << 20)
    draft.replace(archive)
    shutil.rmtree(folder)


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """An exported folder; a zip is unpacked beside where temporary files are kept, for as long as it is needed."""
    if path.is_dir():
        yield path
        return
    with temporary_folder("import") as scratch:
        folder = scratch / "export"
        extract(path, folder)
        yield folder
