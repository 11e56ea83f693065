"""Read what runs and models have stored.

    >>> import mlflow
    >>> mlflow.artifacts.load_text("runs:/<run_id>/notes.txt")  # doctest: +SKIP

Each function takes the URI of an artifact: `runs:/…`, `models:/…`, `mlflow-artifacts:/…`, `s3://…`, an http(s) address
of an artifact server, or a local path.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from PIL.Image import Image

    from mlflow.artifacts.uris import Lookup
    from mlflow.entities import FileInfo

__all__ = ["download_artifacts", "list_artifacts", "load_dict", "load_image", "load_text"]


def download_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    dst_path: str | None = None,
    tracking_uri: str | None = None,
    registry_uri: str | None = None,
) -> str:
    """Download a file or folder, and return its local path.

    A path that ends in a slash asks for what the folder holds, without the folder. A whole model, named by the registry
    or by its run, comes with a file `registered_model_meta` that tells which version it is.

    Args:
        artifact_uri: what to download; this or `run_id`.
        run_id: the run to download from.
        artifact_path: the path within the run; all of it when omitted.
        dst_path: the local folder to put it in, under its own name; made if absent. When omitted, a new temporary
            folder, or nothing is copied because the artifact is a local path already.
        tracking_uri: another tracking server than the one set.
        registry_uri: another model registry than the one set.

    Raises:
        MlflowException: neither or both of URI and run, or there is no such artifact.
    """
    from mlflow.artifacts.wanted import copy, model_part, model_part_copy, note_version, wanted
    from mlflow.exceptions import ResourceDoesNotExist

    lookup = _lookup(tracking_uri, registry_uri)
    place = wanted(artifact_uri, run_id, artifact_path, lookup)
    try:
        local = copy(place, dst_path, lookup)
    except ResourceDoesNotExist:
        part = model_part(artifact_uri, run_id, artifact_path, lookup)
        if part is None:
            raise
        return model_part_copy(part, dst_path, lookup)
    if place.model is not None and place.is_copied_to(dst_path):
        note_version(Path(local), place.model.name, lookup.version(place.model))
    return local


def list_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    tracking_uri: str | None = None,
) -> list[FileInfo]:
    """What a folder of artifacts holds, sorted by path; nothing for a file.

    Paths are relative to the run's root when `run_id` is given or the URI is a run's own, else to the folder above the
    one that the URI names, or to that folder itself when the URI ends in a slash.

    Args:
        artifact_uri: the folder; this or `run_id`.
        run_id: the run to look into.
        artifact_path: the folder within the run; its root when omitted.
        tracking_uri: another tracking server than the one set.
    """
    from mlflow.artifacts.paths import ArtifactPath, Location
    from mlflow.artifacts.registry import open_store
    from mlflow.artifacts.wanted import list_in_model, wanted

    lookup = _lookup(tracking_uri, None)
    if run_id is not None and artifact_uri is None:
        root = Location.parse(lookup.run(run_id))
        found = open_store(root, lookup.access).list(ArtifactPath.parse(artifact_path))
    else:
        place = wanted(artifact_uri, run_id, artifact_path, lookup)
        found = open_store(place.root, lookup.access).list(place.path)
    return found or list_in_model(artifact_uri, run_id, artifact_path, lookup)


def load_text(artifact_uri: str) -> str:
    """The content of a text file, decoded as UTF-8."""
    try:
        return _content(artifact_uri).decode()
    except UnicodeDecodeError as exc:
        raise MlflowException("Unable to form a str object from file content; it is not UTF-8.") from exc


def load_dict(artifact_uri: str) -> dict[str, Any]:
    """The content of a JSON file."""
    import json

    try:
        content: dict[str, Any] = json.loads(_content(artifact_uri))
    except ValueError as exc:
        raise MlflowException("Unable to form a JSON object from file content; it is not JSON.") from exc
    return content


def load_image(artifact_uri: str) -> Image:
    """The content of an image file, as a `PIL.Image`; needs Pillow, which the extra `images` brings."""
    import io

    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as exc:
        raise MlflowException("load_image needs the package pillow; run: pip install 'mlflow[images]'.") from exc
    try:
        image = Image.open(io.BytesIO(_content(artifact_uri)))
        image.load()
    except (UnidentifiedImageError, OSError) as exc:
        raise MlflowException("Unable to form a PIL Image object from file content; it is no known image.") from exc
    return image


def _content(artifact_uri: str) -> bytes:
    from mlflow.artifacts.registry import open_store
    from mlflow.artifacts.wanted import model_part, wanted
    from mlflow.exceptions import ResourceDoesNotExist

    lookup = _lookup(None, None)
    place = wanted(artifact_uri, None, None, lookup)
    try:
        return open_store(place.root, lookup.access).open(place.path).read()
    except ResourceDoesNotExist:
        part = model_part(artifact_uri, None, None, lookup)
        if part is None or not part.path.parts:
            raise
        return open_store(part.root, lookup.access).open(part.path).read()


def _lookup(tracking_uri: str | None, registry_uri: str | None) -> Lookup:
    from mlflow.artifacts.uris import default_lookup

    return default_lookup(tracking_uri, registry_uri)
