"""Registering a model: finding what a URI names, the version it becomes, and waiting until that is ready."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.artifacts.registry import open_store
from mlflow.artifacts.store import ArtifactStore
from mlflow.artifacts.uris import parse_model_uri, parse_run_uri
from mlflow.contract.caller import EVERYONE
from mlflow.contract.store import TrackingStore
from mlflow.entities import LoggedModel, LoggedModelStatus
from mlflow.entities.model_registry import ModelVersion, ModelVersionTag
from mlflow.exceptions import (
    InvalidParameterValue,
    InvalidState,
    MlflowException,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
)
from mlflow.tracking.artifact_lookup import lookup
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.model_lookup import logged_model, model_version_of
from mlflow.tracking.run_models import model_of_run

__all__ = [
    "Origin",
    "await_ready",
    "ensured",
    "find_origin",
    "register",
]

_log = logging.getLogger("mlflow")
_MANIFEST = "MLmodel"
_POLL = 0.5  # seconds
_READY, _FAILED = "READY", "FAILED_REGISTRATION"


class Origin(NamedTuple):
    """What is registered: the source, and the run and logged model it comes from."""

    source: str
    run_id: str | None = None
    model_id: str | None = None


def register(
    tracking_uri: str,
    registry_uri: str,
    model_uri: str,
    name: str,
    await_registration_for: int | None,
    tags: Mapping[str, Any],
) -> ModelVersion:
    """Register what a URI names as the next version of a model, which is created where it does not exist.

    Nothing is left behind when the version cannot be created.
    """
    origin = find_origin(tracking_uri, registry_uri, model_uri)
    registry = tracking_backend(registry_uri).store
    sent = [ModelVersionTag(key, str(value)) for key, value in tags.items()]

    def create() -> ModelVersion:
        return registry.model_versions.create_model_version(
            EVERYONE, name, origin.source, origin.run_id, sent, None, None, origin.model_id
        )

    version = ensured(registry, name, create)
    _log.info("Created version '%s' of model '%s'.", version.version, name)
    return await_ready(registry, version, await_registration_for or 0)


def ensured(registry: TrackingStore, name: str, create: Callable[[], ModelVersion]) -> ModelVersion:
    """The version that `create` makes of a model, which is made first where there is none of that name."""
    made = False
    try:
        registry.registered_models.create_registered_model(EVERYONE, name)
        made = True
        _log.info("Successfully registered model '%s'.", name)
    except ResourceAlreadyExists:
        _log.info("Registered model '%s' already exists. Creating a new version of this model...", name)
    try:
        return create()
    except BaseException:
        if made:
            _undo(registry, name)
        raise


def find_origin(tracking_uri: str, registry_uri: str, model_uri: str) -> Origin:
    """What a model's URI names.

    Raises:
        InvalidParameterValue: there is no model there.
        ResourceDoesNotExist: the run, the version or the logged model does not exist.
    """
    if not model_uri:
        raise InvalidParameterValue("The URI of the model to register is empty. Give that of a model, or its folder.")
    scheme = model_uri.partition(":")[0].lower()
    if scheme == "runs":
        return _in_run(tracking_uri, registry_uri, model_uri)
    if scheme == "models":
        return _in_registry(tracking_uri, registry_uri, model_uri)
    location = Location.parse(model_uri)
    if location.scheme != "file":
        return Origin(model_uri)
    if not location.folder.exists():
        raise InvalidParameterValue(f"There is no '{model_uri}' to register. Save the model there first.")
    return Origin(model_uri if ":" in model_uri else str(location.folder))


def await_ready(registry: TrackingStore, version: ModelVersion, seconds: float) -> ModelVersion:
    """The version once it is ready; registries that copy files first answer it pending.

    Raises:
        MlflowException: its registration failed, or it is not ready in time.
    """
    if version.status == _READY or seconds <= 0:
        return version
    end = time.monotonic() + seconds
    while version.status not in (_READY, _FAILED):
        if time.monotonic() > end:
            raise MlflowException(
                f"Version {version.version} of '{version.name}' is not ready after {seconds} seconds "
                f"({version.status}). Wait longer, or look at the registry."
            )
        time.sleep(_POLL)
        version = registry.model_versions.get_model_version(EVERYONE, version.name, str(version.version))
    if version.status == _FAILED:
        raise MlflowException(
            f"Model version creation failed for '{version.name}' version {version.version}: "
            f"{version.status_message or 'the registry gives no reason'}. Delete the version and register it again."
        )
    return version


def _in_run(tracking_uri: str, registry_uri: str, model_uri: str) -> Origin:
    uri = parse_run_uri(model_uri)
    logged = model_of_run(tracking_backend(tracking_uri).store, uri.run_id, str(uri.path))
    if logged is not None:
        return Origin(logged.artifact_location, uri.run_id, logged.model_id)
    known = lookup(tracking_uri, registry_uri)
    root = Location.parse(known.run(uri.run_id))
    store = open_store(root, known.access)
    if not _holds(store, uri.path / ArtifactPath((_MANIFEST,))):
        raise InvalidParameterValue(
            f"Run '{uri.run_id}' has no model in '{uri.path}': there is no file {_MANIFEST}. Log the model under that "
            "name first, or correct the path; mlflow.artifacts.list_artifacts shows what the run holds."
        )
    return Origin(root.below(uri.path).uri, uri.run_id)


def _in_registry(tracking_uri: str, registry_uri: str, model_uri: str) -> Origin:
    uri = parse_model_uri(model_uri, with_path=False)
    if uri.model_id:
        model = logged_model(tracking_uri, uri.model_id)
        _check_whole(tracking_uri, registry_uri, model)
        return Origin(model_uri, model.source_run_id, uri.model_id)
    version = model_version_of(tracking_backend(registry_uri).store, uri)
    return Origin(f"models:/{version.name}/{version.version}", version.run_id or None, version.model_id or None)


def _check_whole(tracking_uri: str, registry_uri: str, model: LoggedModel) -> None:
    """Refuse a model whose upload failed, or has not even begun."""
    if model.status == LoggedModelStatus.FAILED:
        raise InvalidState(
            f"Logged model '{model.model_id}' is FAILED: not all of its files were stored. Log the model again, and "
            "register that one."
        )
    known = lookup(tracking_uri, registry_uri)
    if model.status == LoggedModelStatus.PENDING and not _holds(
        open_store(Location.parse(known.logged_model(model.model_id)), known.access), ArtifactPath((_MANIFEST,))
    ):
        raise InvalidState(
            f"Logged model '{model.model_id}' is PENDING and has no file {_MANIFEST} yet. Store its files first, then "
            "register it."
        )


def _undo(registry: TrackingStore, name: str) -> None:
    try:
        registry.registered_models.delete_registered_model(EVERYONE, name)
    except MlflowException as failure:
        _log.warning("Registered model '%s' was made for nothing and cannot be removed: %s", name, failure)


def _holds(store: ArtifactStore, path: ArtifactPath) -> bool:
    try:
        return not store.stat(path).is_dir
    except ResourceDoesNotExist:
        return False
