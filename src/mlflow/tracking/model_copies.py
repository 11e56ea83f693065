"""Copying versions of registered models, within a registry and to another one."""

from __future__ import annotations

from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.registry import open_store
from mlflow.artifacts.uris import resolve
from mlflow.contract.addresses import shown
from mlflow.contract.caller import EVERYONE
from mlflow.contract.store import TrackingStore
from mlflow.entities import Run, RunTag
from mlflow.entities.model_registry import ModelVersion, ModelVersionTag
from mlflow.exceptions import InvalidParameterValue, ResourceAlreadyExists, ResourceDoesNotExist
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.artifact_lookup import lookup, run_artifacts, run_root
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.clock import now
from mlflow.tracking.model_lookup import version_at
from mlflow.tracking.registration import ensured
from mlflow.tracking.uris import normalized

__all__ = ["COPIED_FROM", "EXPERIMENT", "copy_version"]

EXPERIMENT = "Copied models"
"""The experiment whose runs hold files copied from other registries."""
COPIED_FROM = "mlflow.copiedFrom"
"""The tag that tells where a version, or a run that holds its files, was copied from."""

_FOLDER = ArtifactPath(("model",))


def copy_version(
    tracking_uri: str, registry_uri: str, src_model_uri: str, dst_name: str, other_registry: str | None = None
) -> ModelVersion:
    """Register a version again: see `MlflowClient.copy_model_version`."""
    if src_model_uri.partition(":")[0].lower() != "models":
        raise InvalidParameterValue(
            f"Unsupported source model URI: '{src_model_uri}'. The `copy_model_version` API only copies models stored "
            "in the 'models:/' scheme; use mlflow.register_model for others."
        )
    registry = tracking_backend(registry_uri).store
    try:
        source = version_at(registry, src_model_uri)
    except ResourceDoesNotExist as exc:
        raise ResourceDoesNotExist(
            f"Failed to fetch model version from source model URI: '{src_model_uri}'. Error: {exc.message}"
        ) from exc
    target = normalized(other_registry) if other_registry else registry_uri
    if target == registry_uri:
        return _within(registry, source, dst_name)
    return _across(tracking_uri, registry_uri, target, source, dst_name)


def _within(registry: TrackingStore, source: ModelVersion, name: str) -> ModelVersion:
    def create() -> ModelVersion:
        return registry.model_versions.create_model_version(
            EVERYONE,
            name,
            f"models:/{source.name}/{source.version}",
            source.run_id or None,
            _tags(source),
            source.run_link or None,
            source.description or None,
            source.model_id or None,
        )

    return ensured(registry, name, create)


def _across(tracking_uri: str, registry_uri: str, target: str, source: ModelVersion, name: str) -> ModelVersion:
    """Copy the files into a new run at the target, then register them there; the run is removed if that fails."""
    origin = f"{shown(registry_uri)} models:/{source.name}/{source.version}"
    store = tracking_backend(target).store
    run = _new_run(store, origin)
    run_id = run.info.run_id
    try:
        _copy_files(tracking_uri, registry_uri, target, source, run_id)
        store.runs.update_run(EVERYONE, run_id, "FINISHED", now())
        folder = f"{run_root(target, run_id).rstrip('/')}/{_FOLDER}"
        tags = [tag for tag in _tags(source) if tag.key != COPIED_FROM] + [ModelVersionTag(COPIED_FROM, origin)]

        def create() -> ModelVersion:
            link, text = source.run_link or None, source.description or None
            return store.model_versions.create_model_version(EVERYONE, name, folder, run_id, tags, link, text)

        return ensured(store, name, create)
    except BaseException:
        store.runs.delete_run(EVERYONE, run_id)
        raise


def _new_run(store: TrackingStore, origin: str) -> Run:
    try:
        experiment = store.experiments.get_experiment_by_name(EVERYONE, EXPERIMENT).experiment_id
    except ResourceDoesNotExist:
        try:
            experiment = store.experiments.create_experiment(EVERYONE, EXPERIMENT)
        except ResourceAlreadyExists:  # another copy made it just now
            experiment = store.experiments.get_experiment_by_name(EVERYONE, EXPERIMENT).experiment_id
    return store.runs.create_run(EVERYONE, experiment, start_time=now(), tags=[RunTag(COPIED_FROM, origin)])


def _copy_files(tracking_uri: str, registry_uri: str, target: str, source: ModelVersion, run_id: str) -> None:
    known = lookup(tracking_uri, registry_uri)
    location = resolve(f"models:/{source.name}/{source.version}", known)
    files = open_store(location, known.access)
    if not files.list():
        raise ResourceDoesNotExist(
            f"Version {source.version} of '{source.name}' has no files in '{location.uri}': they are gone, or this "
            "machine cannot reach them. Restore them, or delete the version."
        )
    with temporary_folder("copy") as folder:
        local = files.download(ArtifactPath(), folder / "model")
        run_artifacts(target, run_id).upload_directory(local, _FOLDER)


def _tags(version: ModelVersion) -> list[ModelVersionTag]:
    return [ModelVersionTag(key, value) for key, value in version.tags.items()]
