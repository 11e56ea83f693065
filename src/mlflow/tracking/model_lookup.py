"""What `models:` URIs name: versions of registered models, and logged models."""

from __future__ import annotations

from mlflow.artifacts.uris import ModelUri, parse_model_uri
from mlflow.contract.caller import EVERYONE
from mlflow.contract.store import TrackingStore
from mlflow.entities.logged_model import LoggedModel
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import EndpointNotFound, InvalidParameterValue, NotImplementedByStore, ResourceDoesNotExist
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.uris import get_registry_uri, get_tracking_uri

__all__ = ["get_model_version_from_model_uri", "known_model", "logged_model", "model_version_of", "version_at"]


def model_version_of(registry: TrackingStore, uri: ModelUri) -> ModelVersion:
    """The version that a URI names by version, stage, alias or latest.

    Raises:
        ResourceDoesNotExist: there is none.
    """
    if uri.version:
        return registry.model_versions.get_model_version(EVERYONE, uri.name, uri.version)
    if uri.alias:
        return registry.model_aliases.get_model_version_by_alias(EVERYONE, uri.name, uri.alias)
    stages = [uri.stage] if uri.stage else []
    found = registry.registered_models.get_latest_versions(EVERYONE, uri.name, stages)
    if not found:
        raise ResourceDoesNotExist(
            f"Registered model '{uri.name}' has no version"
            + (f" in stage '{uri.stage}'. Move one there, or name a version." if uri.stage else ". Register one.")
        )
    return max(found, key=lambda version: int(version.version))


def version_at(registry: TrackingStore, model_uri: str) -> ModelVersion:
    """The version of a registered model that a `models:` URI names.

    Raises:
        InvalidParameterValue: it names a logged model, or is no such URI.
        ResourceDoesNotExist: there is none.
    """
    uri = parse_model_uri(model_uri, with_path=False)
    if uri.model_id:
        raise InvalidParameterValue(
            f"'{model_uri}' names no version of a registered model; write models:/<name>/<version> or "
            "models:/<name>@<alias>."
        )
    return model_version_of(registry, uri)


def get_model_version_from_model_uri(model_uri: str) -> ModelVersion:
    """The version of a registered model that a `models:` URI names; raises as `version_at`."""
    return version_at(tracking_backend(get_registry_uri()).store, model_uri)


def logged_model(tracking_uri: str, model_id: str) -> LoggedModel:
    """A logged model of a tracking store.

    Raises:
        ResourceDoesNotExist: there is none of that id.
    """
    return tracking_backend(tracking_uri).store.logged_models.get_logged_model(EVERYONE, model_id)


def known_model(model_id: str) -> LoggedModel | None:
    """A logged model of the tracking store in use; None when that store does not know it, or none of its kind."""
    try:
        return logged_model(get_tracking_uri(), model_id)
    except (EndpointNotFound, NotImplementedByStore, ResourceDoesNotExist):
        return None
