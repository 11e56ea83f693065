"""Folders that appear as a whole or not at all: saved models, unpacked archives.

One is made beside its place, in a folder that only this user can read, and renamed when all is there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mlflow.artifacts.paths import TEMPORARY
from mlflow.exceptions import ResourceAlreadyExists

__all__ = ["stage"]


@contextlib.contextmanager
def stage(path: Path) -> Iterator[Path]:
    """A private folder that takes the given place when the block ends well, and vanishes when it does not.

    Raises:
        ResourceAlreadyExists: there is something at the place.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise ResourceAlreadyExists(f"Path '{path}' already exists and is not empty. Choose another one, or empty it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=path.parent))
    try:
        yield folder
        folder.chmod(0o777 & ~_umask())
        if path.exists():
            path.rmdir()
        folder.rename(path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
