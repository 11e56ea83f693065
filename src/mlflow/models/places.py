"""Where a model is: its folder on this machine, downloaded first when it is elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlflow.artifacts import download_artifacts, load_text
from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.artifacts.registry import open_store
from mlflow.artifacts.store import ArtifactStore
from mlflow.artifacts.uris import default_lookup, parse_run_uri, resolve
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.models.cache import kept
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
    """The folder of a model; downloaded when it is not on this machine nor kept there, or when `dst_path` is given.

    Args:
        model_uri: a path, or a `runs:`, `models:`, `s3:` … URI.
        dst_path: the folder to download into.

    Raises:
        ResourceDoesNotExist: there is no model.
    """
    uri = str(model_uri)
    if uri.lower().startswith("runs:"):
        uri = uri.rstrip("/")  # with a slash it would be a folder that holds the model
    if dst_path is not None:
        return local_folder(download_artifacts(artifact_uri=uri, dst_path=str(dst_path)))
    if _local(uri) is not None:
        return local_folder(uri)
    found = _found(uri)
    try:
        return local_folder(found) if isinstance(found, Path) else kept(found, uri)
    except ResourceDoesNotExist as exc:
        raise _gone(uri, exc) from exc


def _gone(uri: str, failure: ResourceDoesNotExist) -> ResourceDoesNotExist:
    """What to say of a model that is known but has no files."""
    return ResourceDoesNotExist(
        f"Model '{uri}' has no files. {failure.message} If the URI is right, they were deleted or moved since, or "
        "never uploaded as a whole: restore them, or log the model again."
    )


def _found(uri: str) -> Path | ArtifactStore:
    """Where a model really is: a folder of this machine, or a store whose root is the model's folder."""
    lookup = default_lookup()
    location = resolve(uri, lookup)
    if uri.lower().startswith("runs:") and not _is_model(open_store(location, lookup.access)):
        run = parse_run_uri(uri)
        root = lookup.model_of_run(run.run_id, run.path.parts[0]) if run.path.parts else None
        location = Location.parse(root).below(ArtifactPath(run.path.parts[1:])) if root is not None else location
    return location.folder if location.scheme == "file" else open_store(location, lookup.access)


def _is_model(store: ArtifactStore) -> bool:
    try:
        return not store.stat(ArtifactPath((_MANIFEST,))).is_dir
    except ResourceDoesNotExist:
        return False


def read_manifest(place: str | Path) -> dict[str, Any]:
    """The manifest of a model: of a folder, of the file itself, or of a URI, from which it alone is read.

    Raises:
        ResourceDoesNotExist: there is none.
        InvalidParameterValue: the file is not one.
    """
    found = _local(str(place))
    if found is None:
        content = parse_mapping(_text_of_manifest(str(place)), f"manifest of '{place}'")
    else:
        content = read_mapping(found if found.is_file() else local_folder(found) / _MANIFEST, "manifest")
    return {str(key): value for key, value in content.items()}


def _text_of_manifest(uri: str) -> str:
    try:
        return load_text(f"{uri.rstrip('/')}/{_MANIFEST}")
    except ResourceDoesNotExist as exc:
        resolve(uri, default_lookup())  # what is not known at all is told in words of its own
        raise _gone(uri, exc) from exc


def _local(uri: str) -> Path | None:
    location = Location.parse(uri)
    return location.folder if location.scheme == "file" else None
