"""What the functions of `mlflow.artifacts` are asked for: by a URI, or by a run and a path in it.

A path that ends in a slash asks for what a folder holds. A path of a run that begins with the name of a logged model
which the run made means that model, unless the run has a file of that name itself.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import msgspec

from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.artifacts.registry import open_store
from mlflow.artifacts.uris import Lookup, ModelUri, parse_model_uri, parse_run_uri, resolve
from mlflow.entities import FileInfo
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist

__all__ = ["ModelPart", "Wanted", "copy", "list_in_model", "model_part", "model_part_copy", "note_version", "wanted"]


class Wanted(msgspec.Struct, frozen=True):
    """A file or folder of a store, and where its copy is put.

    Args:
        root: the store's.
        path: the file or folder; the root itself, whose content is wanted, when empty.
        above: the folders above the copy that are made with it.
        exists: whether the root is known to exist, so that it may be empty.
        model: what a `models:` URI of a whole model names.
    """

    root: Location
    path: ArtifactPath = ArtifactPath()
    above: tuple[str, ...] = ()
    exists: bool = False
    model: ModelUri | None = None

    def is_copied_to(self, dst_path: str | None) -> bool:
        """Whether there is a copy; what is on this machine already is used in its place."""
        return self.root.scheme != "file" or dst_path is not None


class ModelPart(msgspec.Struct, frozen=True):
    """A part of a logged model, named by the run that made it.

    Args:
        root: the model's.
        path: the part; the whole model when empty.
        model: its name.
        of_folder: whether the path ends in a slash.
    """

    root: Location
    path: ArtifactPath
    model: str
    of_folder: bool


def wanted(artifact_uri: str | None, run_id: str | None, artifact_path: str | None, lookup: Lookup) -> Wanted:
    """What a URI names, or a run and a path in it.

    Raises:
        InvalidParameterValue: neither or both are given, or one is improper.
    """
    if (artifact_uri is None) == (run_id is None):
        raise InvalidParameterValue("Exactly one of `run_id` or `artifact_uri` must be specified")
    if artifact_uri is not None:
        if artifact_path is not None:
            raise InvalidParameterValue("`artifact_path` cannot be specified if `artifact_uri` is specified")
        return _at(str(artifact_uri), lookup)
    path = ArtifactPath.parse(artifact_path)
    location = Location.parse(lookup.run(str(run_id))).below(path)
    return _named(location, str(artifact_path)) if path.parts else Wanted(location, exists=True)


def _at(uri: str, lookup: Lookup) -> Wanted:
    location, scheme = resolve(uri, lookup), uri.partition(":")[0].lower()
    if scheme == "models":
        model = parse_model_uri(uri)
        if not model.path.parts:
            return Wanted(location, exists=True, model=model)
        return msgspec.structs.replace(_named(location, ""), above=model.path.parent.parts)
    if scheme == "runs" and not parse_run_uri(uri).path.parts:
        return Wanted(location, exists=True)
    return _named(location, uri)


def _named(location: Location, text: str) -> Wanted:
    """What is at a location, under its own name, unless the text asks for its content alone."""
    if text.endswith("/") or not location.path.parts:
        return Wanted(location)
    return Wanted(location.parent, ArtifactPath((location.path.name,)))


def model_part(
    artifact_uri: str | None, run_id: str | None, artifact_path: str | None, lookup: Lookup
) -> ModelPart | None:
    """The part of a run's logged model that a path means which begins with the model's name."""
    if artifact_uri is not None:
        if not str(artifact_uri).lower().startswith("runs:"):
            return None
        run = parse_run_uri(str(artifact_uri))
        run_id, path = run.run_id, run.path
    else:
        path = ArtifactPath.parse(artifact_path)
    if not path.parts or run_id is None:
        return None
    name, *rest = path.parts
    root = lookup.model_of_run(run_id, name)
    if root is None:
        return None
    return ModelPart(
        Location.parse(root), ArtifactPath(tuple(rest)), name, str(artifact_uri or artifact_path)[-1] == "/"
    )


def list_in_model(
    artifact_uri: str | None, run_id: str | None, artifact_path: str | None, lookup: Lookup
) -> list[FileInfo]:
    """What a part of a run's logged model holds, relative to the run's root."""
    part = model_part(artifact_uri, run_id, artifact_path, lookup)
    if part is None:
        return []
    entries = open_store(part.root, lookup.access).list(part.path)
    return [FileInfo(f"{part.model}/{entry.path}", entry.is_dir, entry.file_size) for entry in entries]


def copy(place: Wanted, dst_path: str | None, lookup: Lookup) -> str:
    """Copy what is wanted into a folder, and return the copy's path.

    Raises:
        ResourceDoesNotExist: there is no such thing.
    """
    if not place.is_copied_to(dst_path):
        return _existing(place.root, place.path)
    store = open_store(place.root, lookup.access)
    if not place.path.parts and not place.exists and not store.list():
        raise ResourceDoesNotExist(f"No such folder of artifacts: '{place.root.uri}/'. Leave the slash out for a file.")
    return str(store.download(place.path, _target(dst_path).joinpath(*place.above)))


def model_part_copy(part: ModelPart, dst_path: str | None, lookup: Lookup) -> str:
    """Copy a part of a run's logged model, a folder below the model's name and a file alone, and return its path.

    Raises:
        ResourceDoesNotExist: there is no such part.
    """
    if not Wanted(part.root).is_copied_to(dst_path):
        return _existing(part.root, part.path)
    store = open_store(part.root, lookup.access)
    target = _target(dst_path)
    if part.path.parts and not store.stat(part.path).is_dir:
        return str(store.download(part.path, target))
    local = store.download(part.path, target.joinpath(part.model, *part.path.parent.parts))
    if not part.path.parts:
        note_version(local, "", "")
    return str(target if part.of_folder else local)


def note_version(folder: Path, name: str, version: str) -> None:
    """Tell in the copy of a whole model, as MLflow does, which registered model and version it is, if any."""
    told = (json.dumps(name), f"'{version}'") if version else ("null", "null")  # texts of JSON are ones of YAML too
    (folder / "registered_model_meta").write_text("model_name: {}\nmodel_version: {}\n".format(*told))


def _target(dst_path: str | None) -> Path:
    return Path(dst_path or tempfile.mkdtemp(prefix="mlflow-")).absolute()


def _existing(root: Location, path: ArtifactPath) -> str:
    place = root.folder.joinpath(*path.parts)
    if not place.exists():
        raise ResourceDoesNotExist(f"No such artifact: '{path if path.parts else place}'")
    return str(place)
