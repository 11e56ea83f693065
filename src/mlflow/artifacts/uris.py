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
from mlflow.artifacts.registry import Access
from mlflow.contract.model_uris import ModelReference, below_scheme, improper, parse_model_reference
from mlflow.exceptions import InvalidParameterValue

__all__ = ["Lookup", "ModelUri", "RunUri", "default_lookup", "parse_model_uri", "parse_run_uri", "resolve"]

_LOOKUP = "mlflow.tracking.artifact_lookup:lookup"
_RUN_FORM = "runs:/<run_id>/run-relative/path/to/artifact"
_RUN_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,255}")
_MAX_STEPS = 4


class RunUri(msgspec.Struct, frozen=True):
    """`runs:/<run_id>/<path>`."""

    run_id: str
    path: ArtifactPath


class ModelUri(ModelReference, frozen=True):
    """`models:/…`: a registered model by exactly one of version, stage, alias or latest; or a logged model by id."""

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

    def version(self, uri: ModelUri, /) -> str:
        """The number of the version that a URI names; empty for a logged model."""

    def model_of_run(self, run_id: str, name: str, /) -> str | None:
        """The folder of the newest logged model of a name that a run made; None when it made none."""


def default_lookup(tracking_uri: str | None = None, registry_uri: str | None = None) -> Lookup:
    """The lookup of this process's tracking store; the URIs override those set."""
    lookup: Lookup = pkgutil.resolve_name(_LOOKUP)(tracking_uri, registry_uri)
    return lookup


def parse_run_uri(uri: str) -> RunUri:
    """The parts of a `runs:` URI; a host in it and slashes at its end are ignored.

    Raises:
        InvalidParameterValue: it is none.
    """
    run_id, _, path = below_scheme(uri, "runs", _RUN_FORM).partition("/")
    if not _RUN_ID.fullmatch(run_id):
        raise improper(uri, "runs", _RUN_FORM)
    return RunUri(run_id, ArtifactPath.parse(path.rstrip("/")))


def parse_model_uri(uri: str, *, with_path: bool = True) -> ModelUri:
    """The parts of a `models:` URI; a host in it and slashes at its end are ignored.

    Args:
        uri: the text.
        with_path: whether a path below the model may follow.

    Raises:
        InvalidParameterValue: it is none.
    """
    reference, path = parse_model_reference(uri, with_path=with_path)
    return ModelUri(**msgspec.structs.asdict(reference), path=ArtifactPath.parse(path))


def resolve(uri: str, lookup: Lookup) -> Location:
    """Where an artifact URI points, behind `runs:` and `models:`."""
    scheme = uri.partition(":")[0].lower()
    if scheme == "runs":
        run = parse_run_uri(uri)
        return Location.parse(lookup.run(run.run_id)).below(run.path)
    if scheme == "models":
        model = parse_model_uri(uri)
        return _source(uri, model, lookup)
    return Location.parse(uri)


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
