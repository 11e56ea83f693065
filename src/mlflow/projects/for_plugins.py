"""What backends of plugins call to do as the local one does; they import it from `mlflow.projects.utils`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.entities import Run
from mlflow.projects import settings
from mlflow.projects.parameters import resolve
from mlflow.projects.prepared import Opened, begin_run
from mlflow.projects.project_file import Project, read_project
from mlflow.projects.sources import Source, fetch
from mlflow.projects.store_address import absolute_address
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.uris import get_tracking_uri

__all__ = [
    "fetch_and_validate_project",
    "get_entry_point_command",
    "get_or_create_run",
    "get_run_env_vars",
    "load_project",
]


def fetch_and_validate_project(
    uri: str, version: str | None, entry_point: str, parameters: Mapping[str, Any] | None
) -> str:
    """Fetch a project and check the entry point and its parameters; returns its folder."""
    folder = fetch(uri, version).folder
    point = read_project(folder).entry_point(entry_point)
    resolve(point.parameters, parameters or {}, entry_point, None, folder)
    return str(folder)


def load_project(work_dir: str | Path) -> Project:
    """The project in a folder."""
    return read_project(Path(work_dir))


def get_or_create_run(
    run_id: str | None,
    uri: str,
    experiment_id: str,
    work_dir: str | Path,
    version: str | None,
    entry_point: str,
    parameters: Mapping[str, Any] | None,
) -> Run:
    """The run of that id, or a new one with the project's tags and params."""
    folder = Path(work_dir)
    known = fetch(str(folder))
    source = Source(folder, uri, known.commit, known.branch, known.repository_url)
    opened = Opened(source, read_project(folder), version)
    client = MlflowClient()
    made = begin_run(opened, entry_point, parameters or {}, {settings.RUN_ID: run_id}, client, experiment_id)
    return client.get_run(made)


def get_entry_point_command(
    project: Project, entry_point: str, parameters: Mapping[str, Any] | None, storage_dir: str | None
) -> list[str]:
    """The command as one shell text, alone in a list."""
    point = project.entry_point(entry_point)
    storage = Path(storage_dir) if storage_dir else None
    used, extra = resolve(point.parameters, parameters or {}, entry_point, storage, project.folder)
    return [point.command.render(used, extra)]


def get_run_env_vars(run_id: str, experiment_id: str) -> dict[str, str]:
    """The variables that tell a command which run it is."""
    return {
        "MLFLOW_RUN_ID": run_id,
        "MLFLOW_TRACKING_URI": absolute_address(get_tracking_uri()),
        "MLFLOW_EXPERIMENT_ID": str(experiment_id),
    }
