"""`runs:` and `models:` URIs, and from any artifact URI to where it really is.

This floor cannot ask a tracking store, so `resolve` takes a `Lookup`. The floor above provides one by name:
`mlflow.tracking.artifact_lookup.lookup(tracking_uri, registry_uri)`.
"""

from __future__ import annotations

import pkgutil
import re
from typing import Protocol

import msgspec

from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.artifacts.registry import Access, open_store
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist

__all__ = ["Lookup", "ModelUri", "RunUri", "default_lookup", "parse_model_uri", "parse_run_uri", "resolve"]

_LOOKUP = "mlflow.tracking.artifact_lookup:lookup"
_RUN_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,255}")
_MAX_STEPS = 4
_MODEL_ID = re.compile(r"m-[\w\-]+")


class RunUri(msgspec.Struct, frozen=True):
    """`runs:/<run_id>/<path>`."""

    run_id: str
    path: ArtifactPath


class ModelUri(msgspec.Struct, frozen=True):
    """`models:/…`: a registered model by exactly one of version, stage, alias or latest; or a logged model by id."""

    name: str = ""
    version: str = ""
    stage: str = ""
    alias: str = ""
    latest: bool = False
    model_id: str = ""
    path: ArtifactPath = ArtifactPath()


class Lookup(Protocol):
    """What resolving needs of a tracking store and a registry; each answers an artifact URI."""

    @property
    def access(self) -> Access:
        """How stores are to be opened."""

    def run(self, run_id: str, /) -> str:
        """The artifact root of a run."""

    def model(self, uri: ModelUri, /) -> str:
        """The folder of a model version or a logged model."""

    def made_by(self, run_id: str, name: str, /) -> str | None:
        """The folder of the newest logged model of a name that a run made; None when there is none."""

    def model_of_run(self, run_id: str, name: str, /) -> str | None:
        """The folder of the newest logged model of a name that a run made; None when it made none."""


def default_lookup(tracking_uri: str | None = None, registry_uri: str | None = None) -> Lookup:
    """The lookup of this process's tracking store; the URIs override those set."""
    lookup: Lookup = pkgutil.resolve_name(_LOOKUP)(tracking_uri, registry_uri)
    return lookup


def parse_run_uri(uri: str) -> RunUri:
    """The parts of a `runs:` URI; a host in it is ignored.

    Raises:
        InvalidParameterValue: it is none.
    """
    run_id, _, path = _below(uri, "runs", "runs:/<run_id>/run-relative/path/to/artifact").partition("/")
    if not _RUN_ID.fullmatch(run_id):
        raise _improper(uri, "runs", "runs:/<run_id>/run-relative/path/to/artifact")
    return RunUri(run_id, ArtifactPath.parse(path))


def parse_model_uri(uri: str, *, with_path: bool = True) -> ModelUri:
    """The parts of a `models:` URI; a host in it is ignored.

    Args:
        uri: the text.
        with_path: whether a path below the model may follow.

    Raises:
        InvalidParameterValue: it is none.
    """
    form = "models:/name/suffix' or 'models:/name@alias' or 'models:/<model_id>"
    names = _below(uri, "models", form).split("/")
    if "" in names:
        raise _improper(uri, "models", form)
    parsed, rest = _model(names)
    if rest and not with_path:
        raise _improper(uri, "models", form)
    if parsed is None:
        raise _improper(uri, "models", form)
    return msgspec.structs.replace(parsed, path=ArtifactPath.parse("/".join(rest)))


def resolve(uri: str, lookup: Lookup) -> Location:
    """Where an artifact URI points, behind `runs:` and `models:`."""
    scheme = uri.partition(":")[0].lower()
    if scheme == "runs":
        return _in_run(parse_run_uri(uri), lookup)
    if scheme == "models":
        model = parse_model_uri(uri)
        return _source(uri, model, lookup)
    return Location.parse(uri)


def _in_run(uri: RunUri, lookup: Lookup) -> Location:
    """A file or folder of a run; where it has none of that name, the logged model that it made by it."""
    root = Location.parse(lookup.run(uri.run_id))
    if uri.path.parts and not _is_there(root, uri.path, lookup):
        model = lookup.made_by(uri.run_id, uri.path.parts[0])
        if model is not None:
            return Location.parse(model).below(ArtifactPath(uri.path.parts[1:]))
    return root.below(uri.path)


def _is_there(root: Location, path: ArtifactPath, lookup: Lookup) -> bool:
    try:
        open_store(root, lookup.access).stat(path)
    except ResourceDoesNotExist:
        return False
    return True


def _source(uri: str, model: ModelUri, lookup: Lookup) -> Location:
    below = model.path
    # A version's source may be a logged model's URI; more steps than these go in circles.
    for _ in range(_MAX_STEPS):
        source = lookup.model(model)
        if not source.lower().startswith("models:"):
            return resolve(source, lookup).below(below)
        model = parse_model_uri(source)
        below = model.path / below
    raise InvalidParameterValue(f"'{uri}' leads from model to model without end; correct the version's source.")


def _model(names: list[str]) -> tuple[ModelUri | None, list[str]]:
    first, *rest = names
    name, at, alias = first.rpartition("@")
    if at:
        return (ModelUri(name=name, alias=alias) if name and alias else None), rest
    if not rest or _MODEL_ID.fullmatch(first):
        return ModelUri(model_id=first), rest
    suffix, *rest = rest
    if suffix.lower() == "latest":
        return ModelUri(name=first, latest=True), rest
    if suffix.isdecimal():
        return ModelUri(name=first, version=str(int(suffix))), rest
    return ModelUri(name=first, stage=suffix), rest


def _below(uri: str, scheme: str, form: str) -> str:
    match = re.fullmatch(rf"{scheme}:(?://[^/]*)?/(?!/)(.+)", uri, re.IGNORECASE | re.DOTALL)
    if match is None:
        raise _improper(uri, scheme, form)
    return match[1]


def _improper(uri: str, scheme: str, form: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"Not a proper {scheme}:/ URI: {uri}. Use the form '{form}'.")
