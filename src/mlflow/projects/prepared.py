"""A project's entry point with everything checked and its run made: what every backend begins with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from mlflow.entities import Param, RunTag
from mlflow.projects import settings
from mlflow.projects.docker import DockerOptions
from mlflow.projects.environment_choice import EnvironmentChoice, choose
from mlflow.projects.job import Job
from mlflow.projects.parameters import resolve
from mlflow.projects.project_file import Project, read_project
from mlflow.projects.sources import Source, fetch
from mlflow.temporary_folders import held_folder, release
from mlflow.tracking.active_run import current_run
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.context.default_context import user_name
from mlflow.tracking.run_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_PROJECT_ENTRY_POINT, MLFLOW_USER

__all__ = ["Opened", "begin_run", "job_of", "open_project"]

VERSION_TAG = "mlflow.project.version"


class Opened(NamedTuple):
    """A project whose code is here."""

    source: Source
    project: Project
    version: str | None

    def remove(self) -> None:
        """Remove the copy that was made for the run, where it is one."""
        if self.source.fetched is not None:
            release(self.source.fetched)


def open_project(uri: str, version: str | None) -> Opened:
    """Fetch a project and read its file."""
    source = fetch(uri, version)
    try:
        return Opened(source, read_project(source.folder), version)
    except BaseException:
        if source.fetched is not None:
            release(source.fetched)
        raise


def begin_run(
    opened: Opened,
    entry_point: str,
    given: Mapping[str, Any],
    config: Mapping[str, Any],
    client: MlflowClient,
    experiment_id: str,
    *,
    parent_run_id: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> str:
    """Make the run, or take the one that was named, with the project's tags and params; returns its id."""
    point = opened.project.entry_points.get(entry_point)
    defaults = {} if point is None else {p.name: p.default for p in point.parameters.values() if p.default is not None}
    all_tags = {MLFLOW_USER: user_name(), **opened.source.tags(), MLFLOW_PROJECT_ENTRY_POINT: entry_point}
    all_tags |= tags or {}
    if opened.version:
        all_tags[VERSION_TAG] = opened.version
    active = current_run()
    parent = parent_run_id or (active.run_id if active is not None else None)
    if parent is not None:
        all_tags[MLFLOW_PARENT_RUN_ID] = parent
    run_id = config.get(settings.RUN_ID)
    if run_id is None:
        run_id = client.create_run(experiment_id, tags=all_tags, run_name=config.get(settings.RUN_NAME)).info.run_id
        all_tags = {}
    else:
        client.update_run(run_id, "RUNNING", config.get(settings.RUN_NAME))
    params = [Param(name, str(value)) for name, value in {**defaults, **given}.items()]
    client.log_batch(run_id, params=params, tags=[RunTag(name, value) for name, value in all_tags.items()])
    return str(run_id)


def job_of(
    opened: Opened,
    entry_point: str,
    given: Mapping[str, Any],
    config: Mapping[str, Any],
    environment: EnvironmentChoice | None = None,
) -> Job:
    """The command with its values in; everything that a user can get wrong is told here, before there is a run.

    The job's run is still to be named.
    """
    storage = config.get(settings.STORAGE_DIR)
    if storage:
        return _job(opened, entry_point, given, config, environment, Path(storage))
    files = held_folder("files")
    try:
        job = _job(opened, entry_point, given, config, environment, files)
        downloaded = any(files.iterdir())
    except BaseException:
        release(files)
        raise
    if downloaded:
        return msgspec.structs.replace(job, discard=(*job.discard, files))
    release(files)
    return job


def _job(
    opened: Opened,
    entry_point: str,
    given: Mapping[str, Any],
    config: Mapping[str, Any],
    environment: EnvironmentChoice | None,
    files: Path,
) -> Job:
    point = opened.project.entry_point(entry_point)
    used, extra = resolve(point.parameters, given, entry_point, files, opened.source.folder)
    docker = DockerOptions(
        dict(config.get(settings.DOCKER_ARGS) or {}),
        bool(config.get(settings.BUILD_IMAGE)),
        opened.project.name or opened.source.folder.name,
    )
    chosen = environment or choose(opened.project.environment, config.get(settings.ENV_MANAGER))
    argv = point.command.argv(used, extra)
    discard = () if opened.source.fetched is None else (opened.source.fetched,)
    return Job("", "", "", opened.source.folder, argv, chosen, docker, discard=discard)
