"""Where a model is: its folder on this machine, downloaded first when it is elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlflow.artifacts import download_artifacts, load_text
from mlflow.artifacts.paths import Location
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.models.yaml_files import parse_mapping, read_mapping

__all__ = ["local_folder", "model_folder", "read_manifest"]

_MANIFEST = "MLmodel"


def local_folder(model_uri: str | Path) -> Path:
    """The folder that a path or `file:` URI names.

    Raises:
        InvalidParameterValue: the URI names another place.
        ResourceDoesNotExist: there is no model.
    """
    found = _local(str(model_uri))
    if found is None:
        raise InvalidParameterValue(f"Model '{model_uri}' is not a folder of this machine. Download it first.")
    if not (found / _MANIFEST).is_file():
        raise ResourceDoesNotExist(f"No model at '{model_uri}': it has no file 'MLmodel'. Check the path.")
    return found


def model_folder(model_uri: str | Path, dst_path: str | Path | None = None) -> Path:
    """The folder of a model; downloaded when it is not on this machine, or when `dst_path` is given.

    Args:
        model_uri: a path, or a `runs:`, `models:`, `s3:` … URI.
        dst_path: the folder to download into.

    Raises:
        ResourceDoesNotExist: there is no model.
    """
    if dst_path is None and _local(str(model_uri)) is not None:
        return local_folder(model_uri)
    folder = download_artifacts(artifact_uri=str(model_uri), dst_path=str(dst_path) if dst_path else None)
    return local_folder(folder)


def read_manifest(place: str | Path) -> dict[str, Any]:
    """The manifest of a model: of a folder, of the file itself, or of a URI, from which it alone is read.

    Raises:
        ResourceDoesNotExist: there is none.
        InvalidParameterValue: the file is not one.
    """
    found = _local(str(place))
    if found is None:
        content = parse_mapping(load_text(f"{str(place).rstrip('/')}/{_MANIFEST}"), f"manifest of '{place}'")
    else:
        content = read_mapping(found if found.is_file() else local_folder(found) / _MANIFEST, "manifest")
    return {str(key): value for key, value in content.items()}


def _local(uri: str) -> Path | None:
    location = Location.parse(uri)
    return location.folder if location.scheme == "file" else None
