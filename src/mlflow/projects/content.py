"""Digests of files and folders, by content: what decides whether a step must run anew."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from mlflow.tracking.capture.git import GitFailed, run_git
from mlflow.tracking.capture.repository import find_repository
from mlflow.tracking.capture.untracked import refusal

__all__ = ["code_digest", "file_digest", "path_digest"]

_CHUNK = 1 << 20


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def path_digest(path: Path) -> str | None:
    """Of a file, or of a folder with the names and contents of all files in it; None when there is nothing."""
    if path.is_file():
        return file_digest(path)
    if not path.is_dir():
        return None
    return _digest_of(path, (name for name in _walk(path)))


def code_digest(folder: Path, only: Iterable[str], without: Iterable[str]) -> str:
    """Of a project's code: what git knows or does not ignore, else all files but those that tools make.

    Args:
        folder: the project's.
        only: these files and folders; empty for all.
        without: files and folders that are data.
    """
    chosen, data = tuple(only), tuple(without)
    names = (
        name
        for name in sorted(_code_names(folder))
        if name.lower() != "mlproject"  # what it says about the step counts by itself
        and refusal(name) is None
        and not _below(name, data)
        and (not chosen or _below(name, chosen))
    )
    return _digest_of(folder, names)


def _code_names(folder: Path) -> list[str]:
    if find_repository(folder) is not None:
        try:
            listing = run_git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
            return [name for name in listing.decode(errors="surrogateescape").split("\0") if name]
        except GitFailed:
            pass
    return list(_walk(folder))


def _walk(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        folders[:] = [name for name in folders if refusal(name) is None]
        for name in sorted(names):
            yield (Path(place) / name).relative_to(folder).as_posix()


def _below(name: str, places: Iterable[str]) -> bool:
    return any(name == place or name.startswith(f"{place}/") for place in places)


def _digest_of(folder: Path, names: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        path = folder / name
        if path.is_file():
            digest.update(f"{name}\0{file_digest(path)}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()
