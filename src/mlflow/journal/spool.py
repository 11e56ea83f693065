"""Keeping a copy of a file until it can be uploaded."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

from mlflow.journal.errors import JournalUnavailable

__all__ = ["spool_file"]

BLOCK = 2**20


def spool_file(folder: Path, file: Path, *, owned: bool) -> tuple[str, int, str]:
    """Put a file into a spool folder; answer its name there, its size in bytes and its SHA-256 in hexadecimal.

    Args:
        folder: an existing folder.
        file: the file to keep.
        owned: nobody will write to the file any more, so that a hard link can replace the copy.

    Raises:
        JournalUnavailable: the spool folder cannot take the file.
        OSError: the file cannot be read.
    """
    target = folder / uuid.uuid4().hex
    digest, size = hashlib.sha256(), 0
    linked = owned and _link(file, target)
    with file.open("rb") as source:
        try:
            with Path(os.devnull).open("wb") if linked else target.open("xb") as copy:
                while block := source.read(BLOCK):
                    digest.update(block)
                    size += len(block)
                    copy.write(block)
        except OSError as exc:
            target.unlink(missing_ok=True)
            raise JournalUnavailable(
                f"Cannot keep {str(file)!r} below {str(folder)!r} for a later upload: {exc.strerror or exc}."
            ) from exc
    return target.name, size, digest.hexdigest()


def _link(file: Path, target: Path) -> bool:
    try:
        target.hardlink_to(file)
    except OSError:  # another file system, or one without links
        return False
    return True
