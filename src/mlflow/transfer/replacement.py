"""Replacing a SQLite file that MLflow made by one of ours, which is built beside it; the old file is kept as it is."""

from __future__ import annotations

import os
from pathlib import Path

from mlflow.exceptions import InvalidState
from mlflow.sql.legacy_database import open_legacy_database
from mlflow.sql.store import open_store
from mlflow.transfer.migration import Artifacts, Migration, migrate
from mlflow.transfer.progress import Progress, silent

__all__ = ["replace_database"]

_BUILT = ".migrating"
_KEPT = ".before-migration"


def replace_database(
    path: Path, artifact_root: str, artifacts: Artifacts = "reference", tell: Progress = silent
) -> tuple[Migration, Path]:
    """Build a database of ours from one that MLflow made, and give it that one's name.

    What a killed attempt left is continued. The names are swapped only when all counts agree and nobody has written to
    the old file meanwhile.

    Args:
        path: the old file.
        artifact_root: for copied files, and for experiments that name no place.
        artifacts: see `migrate`.
        tell: told the runs done.

    Returns:
        What was done, and where the old file is now.

    Raises:
        InvalidState: the old file is in use, or was written to meanwhile.
    """
    built = path.with_name(path.name + _BUILT)
    source = open_legacy_database(f"sqlite:///{path}")
    try:
        _refuse_if_in_use(path)
        before = _stamp(path)
        store = open_store(f"sqlite:///{built}", artifact_root)
        try:
            done = migrate(source, store.database, artifact_root, artifacts, tell)
        finally:
            store.close()
    finally:
        source.close()
    _refuse_if_in_use(path)
    if done.differing or _stamp(path) != before:
        raise InvalidState(
            f"'{path}' was written to while it was read. Stop the programs that use it, delete '{built}', then repeat."
        )
    return done, _swap(path, built)


def _stamp(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


def _refuse_if_in_use(path: Path) -> None:
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise InvalidState(
            f"'{path}' is in use: '{log.name}' holds changes. Stop the programs that use it, then repeat."
        )


def _swap(path: Path, built: Path) -> Path:
    """Give the new file the old one's name at once, and the old one another."""
    with built.open("rb+") as file:
        os.fsync(file.fileno())
    kept = _free_name(path)
    try:
        os.link(path, kept)
    except OSError:  # a file system without hard links
        path.rename(kept)
    built.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return kept


def _free_name(path: Path) -> Path:
    """Where the old file is kept: the first name that nothing has, or that a killed swap has given it already."""
    number = 1
    while True:
        kept = path.with_name(path.name + _KEPT + ("" if number == 1 else f"-{number}"))
        if not kept.exists():
            return kept
        if kept.samefile(path):
            kept.unlink()
            return kept
        number += 1
