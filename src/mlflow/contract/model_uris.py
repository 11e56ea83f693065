"""`models:` URIs: which model of a registry they name. What follows below the model is left to the artifacts' floor."""

from __future__ import annotations

import re

import msgspec

from mlflow.entities.model_registry.model_version_stages import ALL_STAGES
from mlflow.exceptions import InvalidParameterValue

__all__ = ["ModelReference", "below_scheme", "improper", "parse_model_reference"]

_FORM = "models:/name/suffix' or 'models:/name@alias' or 'models:/<model_id>"
_MODEL_ID = re.compile(r"m-[\w\-]+")
_STAGES = frozenset(stage.lower() for stage in ALL_STAGES)


class ModelReference(msgspec.Struct, frozen=True):
    """A registered model by exactly one of version, stage, alias or latest; or a logged model by id."""

    name: str = ""
    version: str = ""
    stage: str = ""
    alias: str = ""
    latest: bool = False
    model_id: str = ""


def parse_model_reference(uri: str, *, with_path: bool = True) -> tuple[ModelReference, str]:
    """The model that a `models:` URI names, and the path below it; a host and slashes at the end are ignored.

    Args:
        uri: the text.
        with_path: whether a path below the model may follow.

    Raises:
        InvalidParameterValue: it is none.
    """
    names = below_scheme(uri, "models", _FORM).rstrip("/").split("/")
    if "" in names:
        raise improper(uri, "models", _FORM)
    parsed, rest = _model(names)
    if parsed is None or (rest and not with_path):
        raise improper(uri, "models", _FORM)
    return parsed, "/".join(rest)


def below_scheme(uri: str, scheme: str, form: str) -> str:
    """What follows `scheme:/`, or `scheme://host/`."""
    match = re.fullmatch(rf"{scheme}:(?://[^/]*)?/(?!/)(.+)", uri, re.IGNORECASE | re.DOTALL)
    if match is None:
        raise improper(uri, scheme, form)
    return match[1]


def improper(uri: str, scheme: str, form: str) -> InvalidParameterValue:
    """What is raised where a URI has not its scheme's form."""
    return InvalidParameterValue(f"Not a proper {scheme}:/ URI: {uri}. Use the form '{form}'.")


def _model(names: list[str]) -> tuple[ModelReference | None, list[str]]:
    first, *rest = names
    name, at, alias = first.rpartition("@")
    if at:
        return (ModelReference(name=name, alias=alias) if name and alias else None), rest
    if not rest:
        return ModelReference(model_id=first), rest
    suffix, *below = rest
    if suffix.lower() == "latest":
        return ModelReference(name=first, latest=True), below
    if suffix.isdecimal():
        return ModelReference(name=first, version=str(int(suffix))), below
    if _MODEL_ID.fullmatch(first) and suffix.lower() not in _STAGES:
        return ModelReference(model_id=first), rest
    return ModelReference(name=first, stage=suffix), below
