"""Further files that a user keeps with a model."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mlflow.artifacts import download_artifacts
from mlflow.exceptions import InvalidParameterValue

__all__ = ["copy_extra"]

_FOLDER = "extra_files"


class InvalidExtraFiles(InvalidParameterValue, TypeError):
    """The further files are not a list of paths."""


def copy_extra(files: Iterable[str | Path] | None, folder: Path) -> dict[str, Any]:
    """Copy files into a model's folder, each under its own name.

    Args:
        files: paths, or URIs of artifacts.
        folder: the model's folder.

    Returns:
        What a flavor's entry in the manifest says of them; nothing when there are none.

    Raises:
        InvalidExtraFiles: it is not a list; a TypeError too.
        InvalidParameterValue: a file is not there, or two have one name.
        MlflowException: a URI cannot be downloaded.
    """
    if not files:
        return {}
    if isinstance(files, (str, Path)):
        raise InvalidExtraFiles(f"extra_files is '{files}'. Pass a list of paths.")
    target = folder / _FOLDER
    target.mkdir()
    return {_FOLDER: [{"path": f"{_FOLDER}/{_copy(file, target)}"} for file in files]}


def _copy(file: str | Path, target: Path) -> str:
    """The name that a file has among the others."""
    name = Path(file).name
    if (target / name).exists():
        raise InvalidParameterValue(f"Extra file '{file}' has the name of another one. Rename it.")
    if "://" in str(file):
        return Path(download_artifacts(artifact_uri=str(file), dst_path=str(target))).name
    if not Path(file).is_file():
        raise InvalidParameterValue(f"Extra file '{file}' is not there. Check the path.")
    shutil.copy2(file, target / name)
    return name
