"""The MLproject file: entry points, environment and steps; its form is described in docs/projects.md."""

from __future__ import annotations

import shlex
from pathlib import Path

from msgspec import Struct

from mlflow.exceptions import ExecutionException
from mlflow.projects.command import template
from mlflow.projects.entry_point import EntryPoint, entry_points_of
from mlflow.projects.environment_files import (
    ENVIRONMENT_KEYS,
    EnvironmentFiles,
    default_environment,
    environment_files,
)
from mlflow.projects.steps import Step, steps_of
from mlflow.projects.yaml_nodes import InvalidProject, read_nodes

__all__ = ["Project", "UnknownEntryPoint", "read_project"]

FILE_NAME = "mlproject"
_TOP = ("name", *ENVIRONMENT_KEYS, "entry_points", "steps", "databricks_spark_job")
_SCRIPTS = {".py": "python", ".sh": "${{SHELL:-bash}}", ".R": "Rscript"}


class UnknownEntryPoint(ExecutionException):
    """The project has no such entry point."""


class Project(Struct, frozen=True):
    """A folder with code that can be run.

    Attributes:
        folder: where its file is, or would be.
        name: as its file says; None without one.
        entry_points: those its file names; scripts are entry points besides.
        environment: of entry points and steps that name none of their own.
        steps: of the workflow, by name; empty when it has none.
    """

    folder: Path
    name: str | None
    entry_points: dict[str, EntryPoint]
    environment: EnvironmentFiles
    steps: dict[str, Step] = {}

    def entry_point(self, name: str) -> EntryPoint:
        """A named entry point, or a script of the folder.

        Raises:
            UnknownEntryPoint: neither; the message lists what there is.
        """
        if name in self.entry_points:
            return self.entry_points[name]
        suffix = Path(name).suffix
        if suffix in _SCRIPTS and self._holds(name):
            return EntryPoint(name, template(f"{_SCRIPTS[suffix]} {_escaped(shlex.quote(name))}"))
        known = ", ".join(f"'{known}'" for known in sorted(self.entry_points)) or "none"
        raise UnknownEntryPoint(
            f"Could not find '{name}' among the entry points of '{self.folder}': there are {known}, and '{name}' is no "
            ".py, .sh or .R file of the project. Choose one with -e."
        )

    def _holds(self, name: str) -> bool:
        path = (self.folder / name).resolve()
        return path.is_file() and path.is_relative_to(self.folder.resolve())


def read_project(folder: Path) -> Project:
    """The project in a folder, with or without an MLproject file.

    Raises:
        InvalidProject: its file is wrong, or a file that it names is missing.
    """
    if not folder.is_dir():
        raise InvalidProject(f"There is no folder '{folder}'. Check the path, and what follows '#'.")
    path = next((path for path in sorted(folder.iterdir()) if path.name.lower() == FILE_NAME and path.is_file()), None)
    if path is None:
        return Project(folder, None, {}, default_environment(folder))
    top = read_nodes(path, "MLproject").members(_TOP)
    if "databricks_spark_job" in top:
        top["databricks_spark_job"].fail("runs on Databricks only, which this distribution does not submit to.")
    entry_points = entry_points_of(top.get("entry_points"))
    steps = steps_of(top.get("steps"), entry_points, folder)
    if steps and "main" in entry_points and "main" not in steps:
        top["steps"].fail("makes 'main' run the workflow, and there is an entry point 'main' besides. Rename that.")
    environment = environment_files(top, folder)
    return Project(folder, top["name"].text() if "name" in top else None, entry_points, environment, steps)


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
