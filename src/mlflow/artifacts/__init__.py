"""Read what runs and models have stored.

    >>> import mlflow
    >>> mlflow.artifacts.load_text("runs:/<run_id>/notes.txt")  # doctest: +SKIP

Each function takes the URI of an artifact: `runs:/…`, `models:/…`, `mlflow-artifacts:/…`, `s3://…`, an http(s) address
of an artifact server, or a local path.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import InvalidParameterValue, MlflowException

if TYPE_CHECKING:
    from PIL.Image import Image

    from mlflow.artifacts.paths import ArtifactPath, Location
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
    from mlflow.exceptions import ResourceDoesNotExist

    lookup = _lookup(tracking_uri, registry_uri)
    location, name = _locate(artifact_uri, run_id, artifact_path, lookup)
    try:
        local = _downloaded(location, name, dst_path, lookup)
        if artifact_uri is not None and (dst_path is not None or location.scheme != "file"):
            _note_version(str(artifact_uri), Path(local), lookup)
        return local
    except ResourceDoesNotExist:
        part = _model_part(artifact_uri, run_id, artifact_path, lookup)
        if part is None:
            raise
        root, rest, model = part
        target = None if dst_path is None else str(Path(dst_path, model, *rest.parent.parts))
        return _downloaded(root.below(rest.parent), rest.name, target, lookup)


def list_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    tracking_uri: str | None = None,
) -> list[FileInfo]:
    """What a folder of artifacts holds, sorted by path; nothing for a file.

    Paths are relative to the run's root when `run_id` is given or the URI is a run's own, else to the folder above the
    one that the URI names.

    Args:
        artifact_uri: the folder; this or `run_id`.
        run_id: the run to look into.
        artifact_path: the folder within the run; its root when omitted.
        tracking_uri: another tracking server than the one set.
    """
    from mlflow.artifacts.paths import ArtifactPath, Location
    from mlflow.artifacts.registry import open_store

    lookup = _lookup(tracking_uri, None)
    if run_id is not None and artifact_uri is None:
        root = Location.parse(lookup.run(run_id))
        found = open_store(root, lookup.access).list(ArtifactPath.parse(artifact_path))
    else:
        location, name = _locate(artifact_uri, run_id, artifact_path, lookup)
        found = open_store(location, lookup.access).list(ArtifactPath((name,) if name else ()))
    return found or _list_in_model(artifact_uri, run_id, artifact_path, lookup)


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
    from mlflow.artifacts.paths import ArtifactPath
    from mlflow.artifacts.registry import open_store
    from mlflow.exceptions import ResourceDoesNotExist

    lookup = _lookup(None, None)
    location, name = _locate(artifact_uri, None, None, lookup)
    try:
        return open_store(location, lookup.access).open(ArtifactPath((name,) if name else ())).read()
    except ResourceDoesNotExist:
        part = _model_part(artifact_uri, None, None, lookup)
        if part is None or not part[1].parts:
            raise
        return open_store(part[0], lookup.access).open(part[1]).read()


def _downloaded(location: Location, name: str, dst_path: str | None, lookup: Lookup) -> str:
    from mlflow.artifacts.paths import ArtifactPath
    from mlflow.artifacts.registry import open_store

    if location.scheme == "file" and dst_path is None:
        return _existing(str(location.folder.joinpath(name)), name)
    destination = Path(dst_path or tempfile.mkdtemp(prefix="mlflow-"))
    return str(open_store(location, lookup.access).download(ArtifactPath((name,) if name else ()), destination))


def _list_in_model(
    artifact_uri: str | None, run_id: str | None, artifact_path: str | None, lookup: Lookup
) -> list[FileInfo]:
    from mlflow.artifacts.registry import open_store

    found = _model_part(artifact_uri, run_id, artifact_path, lookup)
    if found is None:
        return []
    root, rest, name = found
    entries = open_store(root, lookup.access).list(rest)
    return [type(entry)(f"{name}/{entry.path}", entry.is_dir, entry.file_size) for entry in entries]


def _model_part(
    artifact_uri: str | None, run_id: str | None, artifact_path: str | None, lookup: Lookup
) -> tuple[Location, ArtifactPath, str] | None:
    """The root of the run's logged model that a path begins with, the path in it, and the model's name."""
    from mlflow.artifacts.paths import ArtifactPath, Location
    from mlflow.artifacts.uris import parse_run_uri

    if artifact_uri is not None:
        if not str(artifact_uri).lower().startswith("runs:"):
            return None
        run = parse_run_uri(str(artifact_uri))
        run_id, path = run.run_id, run.path
    else:
        path = ArtifactPath.parse(artifact_path)
    if not path.parts or run_id is None:
        return None
    root = lookup.model_of_run(run_id, path.parts[0])
    return None if root is None else (Location.parse(root), ArtifactPath(path.parts[1:]), path.parts[0])


def _lookup(tracking_uri: str | None, registry_uri: str | None) -> Lookup:
    from mlflow.artifacts.uris import default_lookup

    return default_lookup(tracking_uri, registry_uri)


def _locate(
    artifact_uri: str | None, run_id: str | None, artifact_path: str | None, lookup: Lookup
) -> tuple[Location, str]:
    """The folder that holds what is wanted, and its name there; no name for the whole of a run."""
    from mlflow.artifacts.paths import ArtifactPath, Location
    from mlflow.artifacts.uris import resolve

    if (artifact_uri is None) == (run_id is None):
        raise InvalidParameterValue("Exactly one of `run_id` or `artifact_uri` must be specified")
    if artifact_uri is not None:
        if artifact_path is not None:
            raise InvalidParameterValue("`artifact_path` cannot be specified if `artifact_uri` is specified")
        location = resolve(str(artifact_uri), lookup)
        if _is_whole_model(str(artifact_uri)) or _is_whole_run(str(artifact_uri)):
            return location, ""
        return location.parent, location.path.name
    path = ArtifactPath.parse(artifact_path)
    return Location.parse(lookup.run(str(run_id))).below(path.parent), path.name


def _note_version(uri: str, folder: Path, lookup: Lookup) -> None:
    """Tell in the copy of a whole model, as MLflow does, which registered model and version it is."""
    import json  # a text of JSON is one of YAML too

    from mlflow.artifacts.uris import parse_model_uri

    if _is_whole_model(uri):
        model = parse_model_uri(uri)
        version = lookup.version(model)
        name, number = (json.dumps(model.name), f"'{version}'") if version else ("null", "null")
        (folder / "registered_model_meta").write_text(f"model_name: {name}\nmodel_version: {number}\n")


def _is_whole_model(uri: str) -> bool:
    """Whether a URI is a model's own, without a path in it."""
    from mlflow.artifacts.uris import parse_model_uri

    return uri.lower().startswith("models:") and not parse_model_uri(uri).path.parts


def _is_whole_run(uri: str) -> bool:
    """Whether a URI is a run's own, without a path in it."""
    from mlflow.artifacts.uris import parse_run_uri

    return uri.lower().startswith("runs:") and not parse_run_uri(uri).path.parts


def _existing(path: str, name: str) -> str:
    from mlflow.exceptions import ResourceDoesNotExist

    if not Path(path).exists():
        raise ResourceDoesNotExist(f"No such artifact: '{name or path}'")
    return path
