"""Digests of files and folders, by content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from mlflow.tracking.capture.untracked import refusal

__all__ = ["file_digest", "files_below", "files_digest", "path_digest"]


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def path_digest(path: Path) -> str | None:
    """Of a file, or of a folder with the names and contents of all files in it; None when there is nothing."""
    if path.is_file():
        return file_digest(path)
    return files_digest(path, files_below(path)) if path.is_dir() else None


def files_below(folder: Path) -> Iterator[str]:
    """The names of all files in a folder, sorted, less those that tools make and that may hold a secret."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        folders[:] = [name for name in folders if refusal(name) is None]
        for name in sorted(names):
            yield (Path(place) / name).relative_to(folder).as_posix()


def files_digest(folder: Path, names: Iterable[str]) -> str:
    """SHA-256 of the names and contents of some files of a folder."""
    digest = hashlib.sha256()
    for name in names:
        path = folder / name
        if path.is_file():
            digest.update(f"{name}\0{file_digest(path)}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()
