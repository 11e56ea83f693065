"""`Model.log`: a model of any flavor is saved, and its files and what is known of it go to the tracking store.

It is saved to a private folder first, so a model that cannot be saved leaves nothing behind. Then the store makes a
logged model, which is PENDING until its files are there: READY after that, FAILED if they could not be uploaded. A run
is linked with it, and it is registered, only when it is READY. Where the store knows no logged models, or does not
answer and the run goes on offline, the files become the run's own, as in MLflow 2.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from mlflow.contract.caller import EVERYONE
from mlflow.contract.names import check_logged_model_name
from mlflow.entities import LoggedModel, LoggedModelOutput, LoggedModelStatus
from mlflow.exceptions import (
    EndpointNotFound,
    InvalidParameterValue,
    InvalidState,
    MlflowException,
    NotImplementedByStore,
)
from mlflow.models.environment_reads import noting_reads
from mlflow.models.manifest import MLMODEL_FILE_NAME, Model
from mlflow.models.model_info import ModelInfo
from mlflow.models.training_profile import trained_on
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.active_model import remember_model
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.context.registry import resolve_tags
from mlflow.tracking.model_links import link_run
from mlflow.tracking.registration import register
from mlflow.tracking.run_files import RunFiles
from mlflow.tracking.run_log import run_log
from mlflow.tracking.run_tags import MLFLOW_LOGGED_MODELS
from mlflow.tracking.session import session
from mlflow.tracking.uris import get_registry_uri

__all__ = ["log_model"]

_LOG = logging.getLogger(__name__)
_DEFAULT_NAME = "model"


class _Request(msgspec.Struct, frozen=True, kw_only=True):
    """What a call of `Model.log` asks for, beside the model itself."""

    uri: str
    run_id: str | None
    name: str | None
    model_id: str | None
    model_type: str | None
    params: dict[str, Any]
    tags: dict[str, Any]
    step: int
    registered_model_name: str | None
    await_registration_for: int | None


def log_model(
    manifest_class: type[Model],
    *,
    artifact_path: str | None = None,
    flavor: Any,
    registered_model_name: str | None = None,
    await_registration_for: int | None = 300,
    metadata: dict[str, Any] | None = None,
    run_id: str | None = None,
    resources: Any = None,
    auth_policy: Any = None,
    prompts: list[Any] | None = None,
    name: str | None = None,
    model_type: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    step: int = 0,
    model_id: str | None = None,
    **kwargs: Any,
) -> ModelInfo:
    """See `mlflow.models.Model.log`, whose first argument, the class, comes first here."""
    run = session.active_run()
    request = _Request(
        uri=run.log.uri if run is not None and run_id is None else MlflowClient().tracking_uri,
        run_id=run_id or (run.run_id if run is not None else None),
        name=_name(name, artifact_path),
        model_id=model_id,
        model_type=model_type,
        params=dict(params or {}),
        tags=dict(tags or {}),
        step=step,
        registered_model_name=registered_model_name,
        await_registration_for=await_registration_for,
    )
    manifest = manifest_class(
        run_id=request.run_id,
        metadata=metadata,
        resources=resources,
        auth_policy=auth_policy,
        prompts=[getattr(prompt, "uri", prompt) for prompt in prompts] if prompts is not None else None,
    )
    with temporary_folder("model") as parent:
        folder = parent / _DEFAULT_NAME
        with noting_reads(), trained_on(session.training_inputs.features(request.run_id)):
            flavor.save_model(path=str(folder), mlflow_model=manifest, **kwargs)
        return _store(manifest, folder, request)


def _name(name: str | None, artifact_path: str | None) -> str | None:
    if name is not None and artifact_path is not None:
        raise InvalidParameterValue(
            "Both `artifact_path` (deprecated) and `name` parameters were specified. Please only specify `name`."
        )
    if artifact_path is not None:
        _LOG.warning("`artifact_path` is deprecated. Please use `name` instead.")
        return artifact_path
    if name:
        check_logged_model_name(name)
    return name or None


def _store(manifest: Model, folder: Path, request: _Request) -> ModelInfo:
    client = MlflowClient(request.uri)
    if request.run_id is not None and RunFiles(request.uri, request.run_id).spooling:
        return _as_files_of_the_run(manifest, folder, request)
    try:
        logged = _made(client, request)
    except (EndpointNotFound, NotImplementedByStore):
        if request.run_id is None:
            raise
        return _as_files_of_the_run(manifest, folder, request)
    manifest.artifact_path = logged.artifact_location
    manifest.model_id = manifest.model_uuid = logged.model_id
    manifest.save(folder / MLMODEL_FILE_NAME)
    try:
        client.log_model_artifacts(logged.model_id, str(folder))
        _link(client, request, logged)
    except BaseException:
        _mark_failed(client, logged.model_id)
        raise
    info = manifest.get_model_info(client.finalize_logged_model(logged.model_id, LoggedModelStatus.READY))
    remember_model(logged.model_id)
    return _registered(info, request)


def _made(client: MlflowClient, request: _Request) -> LoggedModel:
    """The logged model to fill: a new one, or the one that was named."""
    if request.model_id is None:
        name = request.name if request.name is None else _as_name(request.name)
        return client.create_logged_model(
            _experiment(client, request.run_id),
            name,
            request.run_id,
            resolve_tags(request.tags),
            request.params,
            request.model_type,
        )
    model = client.get_logged_model(request.model_id)
    if request.params:
        client.log_model_params(request.model_id, request.params)
    if request.tags:
        client.set_logged_model_tags(request.model_id, request.tags)
    return model


def _as_name(given: str) -> str:
    check_logged_model_name(given)
    return given


def _experiment(client: MlflowClient, run_id: str | None) -> str:
    return client.get_run(run_id).info.experiment_id if run_id is not None else session._experiment_id()


def _link(client: MlflowClient, request: _Request, logged: LoggedModel) -> None:
    """Name a model among the outputs of its run, and give it the run's params and metrics."""
    if request.run_id is None:
        return
    client.log_outputs(request.run_id, [LoggedModelOutput(logged.model_id, request.step)])
    own = {*logged.params, *request.params}
    store = tracking_backend(request.uri).store
    link_run(store, client.get_run(request.run_id), logged.model_id, request.step, own)


def _mark_failed(client: MlflowClient, model_id: str) -> None:
    try:
        client.finalize_logged_model(model_id, LoggedModelStatus.FAILED)
    except MlflowException as exc:  # the failure that led here is the one to tell
        _LOG.warning("Logged model '%s' could not be marked as failed: %s", model_id, exc)


def _registered(info: ModelInfo, request: _Request) -> ModelInfo:
    if request.registered_model_name is not None:
        version = register(
            request.uri,
            get_registry_uri(),
            info.model_uri,
            request.registered_model_name,
            request.await_registration_for,
            {},
        )
        info.registered_model_version = version.version
    return info


def _as_files_of_the_run(manifest: Model, folder: Path, request: _Request) -> ModelInfo:
    """Keep a model as MLflow 2 does: in a folder of the run, with a note in the run's tag."""
    run_id = str(request.run_id)
    offline = RunFiles(request.uri, run_id).spooling
    if request.registered_model_name is not None and offline:
        raise InvalidState(
            f"Model '{request.name}' cannot be registered as '{request.registered_model_name}' while no server "
            "answers. Log it without registered_model_name, and register it after `mlflow sync`."
        )
    manifest.artifact_path = request.name or _DEFAULT_NAME
    manifest.save(folder / MLMODEL_FILE_NAME)
    MlflowClient(request.uri).log_artifacts(run_id, str(folder), manifest.artifact_path)
    note = manifest.get_tags_dict()
    if offline:
        log = run_log(request.uri)
        log.offline_models.setdefault(run_id, []).append(note)
        log.tags(run_id, {MLFLOW_LOGGED_MODELS: json.dumps(log.offline_models[run_id])})
    else:
        tracking_backend(request.uri).store.runs.log_model(EVERYONE, run_id, json.dumps(note))
    return _registered(manifest.get_model_info(), request)
