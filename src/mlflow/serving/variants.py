"""The models of a server: each route with the version that answers for it now."""

from __future__ import annotations

import re

import msgspec

from mlflow.artifacts.uris import ModelUri, default_lookup, parse_model_uri
from mlflow.models.manifest import Model
from mlflow.serving.scorer import Scorer
from mlflow.serving.traffic.routes import Route

__all__ = ["Loaded", "Variant", "at_version", "load_version", "moving_reference", "version_of"]

_NO_MARK = re.compile(r"[^!-~]")  # answers tell the version in a header, and a manifest may say anything
_LONGEST = 128


class Loaded(msgspec.Struct, frozen=True, eq=False):
    """A model in memory.

    Attributes:
        scorer: the model.
        version: its number in the registry, else its id.
    """

    scorer: Scorer
    version: str


class Variant:
    """One route, and what answers for it; a request takes `loaded` once, so that it may be replaced at any time.

    Args:
        route: its name and its model.
        loaded: the first version.

    Attributes:
        problem: what keeps it from following its URI; empty while nothing does.
    """

    def __init__(self, route: Route, loaded: Loaded) -> None:
        self.route, self.loaded, self.problem = route, loaded, ""

    def replace(self, loaded: Loaded) -> None:
        """Have another version answer, from the next request on."""
        self.loaded = loaded

    @property
    def name(self) -> str:
        """The route's name."""
        return self.route.name


def moving_reference(model_uri: str) -> ModelUri | None:
    """The reference in a URI by alias, stage or latest, which may lead to another version later; None in others."""
    if not model_uri.lower().startswith("models:"):
        return None
    found = parse_model_uri(model_uri)
    return found if found.alias or found.stage or found.latest else None


def version_of(reference: ModelUri) -> str:
    """The number of the version that a reference leads to now.

    Raises:
        ResourceDoesNotExist: there is none.
    """
    return default_lookup().version(reference)


def at_version(reference: ModelUri, version: str) -> str:
    """The URI of what a reference leads to at a version."""
    below = f"/{reference.path}" if str(reference.path) else ""
    return f"models:/{reference.name}/{version}{below}"


def load_version(model_uri: str, version: str | None = None) -> Loaded:
    """Load a model.

    Args:
        model_uri: from wherever it is.
        version: the one that its alias, stage or latest led to; looked up when omitted.

    Raises:
        MlflowException: there is none, or it cannot be loaded.
    """
    reference = moving_reference(model_uri)
    if reference is None:
        scorer = Scorer.load(model_uri, beside=True)
        return Loaded(scorer, _fixed_version(model_uri, scorer.model.metadata))
    number = version or version_of(reference)  # asked once, so that what is told is what is loaded
    return Loaded(Scorer.load(at_version(reference, number), beside=True), number)


def _fixed_version(model_uri: str, manifest: Model) -> str:
    named = parse_model_uri(model_uri).version if model_uri.lower().startswith("models:") else ""
    found = named or str(manifest.model_id or manifest.run_id or manifest.model_uuid or "0")
    return _NO_MARK.sub("_", found)[:_LONGEST]
